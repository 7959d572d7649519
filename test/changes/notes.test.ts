import assert from 'node:assert/strict';
import { notesAfter } from '../../src/changes/notes.ts';
import { changeOf, scratch } from '../fixture.ts';

describe('notesAfter', () => {
  const change = changeOf({ to: 'a', after: 'ours\n' });

  it('are the merge bases, and the lock as the last: a run that is killed before it starts over', () => {
    const notes = notesAfter(scratch(), [change]);
    assert.deepEqual(
      notes.map(({ to }) => to),
      ['.comicpile/.gitattributes', '.comicpile/base/a', '.comicpile/lock.json'],
    );
  });
  it('name the packs and the places of the run', () => {
    const packs = { './one': { version: '1.0.0', integrity: 'sha256:x' } };
    const places = { Dockerfile: 'Dockerfile.comicpile' };
    const lock = JSON.parse(notesAfter(scratch(), [change], packs, places).at(-1)?.after ?? '') as object;
    assert.deepEqual({ ...lock, files: {} }, { ...lock, files: {}, packs, places });
    assert.ok(!('places' in (JSON.parse(notesAfter(scratch(), [change]).at(-1)?.after ?? '') as object)));
  });
});
