import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readJournal } from '../../src/changes/journal.ts';

const step = { from: '0', digest: 'sha256:0', to: 'a/b', folderMode: 493, before: 'sha256:1' };
const journal = { pid: 1, identity: '1:2', steps: [step, { to: 'c', folderMode: 448 }] };

describe('readJournal', () => {
  it('is what was noted', () => {
    for (const noted of [journal, { pid: 1 }]) assert.deepEqual(readJournal(JSON.stringify(noted)), noted);
  });
  it('is none where a path or a name leads elsewhere, or anything is no such thing', () => {
    const steps = [
      ...['../x', '/etc/x', '.git/hooks/x', 'a/../../x', '', 1].map((to) => ({ ...step, to })),
      ...['../x', 'a', '', '-1'].map((from) => ({ ...step, from })),
      { ...step, digest: undefined },
      { ...step, folderMode: '493' },
      { ...step, before: 1 },
      null,
    ];
    const wrong = [
      { pid: '1' },
      { pid: 1, identity: 1 },
      { pid: 1, steps: {} },
      null,
      [],
      1,
      ...steps.map((each) => ({ pid: 1, steps: [each] })),
    ];
    for (const value of wrong) assert.equal(readJournal(JSON.stringify(value)), undefined, JSON.stringify(value));
    for (const text of ['', '{', '\0']) assert.equal(readJournal(text), undefined);
  });
  it('fails for no text at all', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readJournal(text)));
  });
});
