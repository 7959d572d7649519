import assert from 'node:assert/strict';
import { storeAnswers } from '../../src/changes/storeAnswers.ts';
import { folderWith, rawAnswers, scratch } from '../fixture.ts';

const stored = (directory: string, ...ofPacks: string[]) =>
  storeAnswers(directory, { ...rawAnswers(), acmeTeam: 'Payments', unasked: 'x' }, ofPacks);

describe('storeAnswers', () => {
  it('stores what was asked, by us and by packs, and nothing else', () => {
    const { to, action, after } = stored(scratch(), 'acmeTeam');
    const answers = JSON.parse(after)['generator-comicpile'] as Record<string, unknown>;
    assert.deepEqual([to, action], ['.yo-rc.json', 'create']);
    assert.deepEqual([answers.domain, answers.acmeTeam], ['app.example.test', 'Payments']);
    assert.ok(!('unasked' in answers));
    assert.ok(!('acmeTeam' in JSON.parse(stored(scratch()).after)['generator-comicpile']));
  });
  it('leaves what other generators have stored', () => {
    const other = { 'generator-other': { a: [1] } };
    const { action, after } = stored(folderWith({ '.yo-rc.json': JSON.stringify(other) }));
    assert.equal(action, 'extend');
    assert.deepEqual(JSON.parse(after)['generator-other'], other['generator-other']);
  });
  it('is identical the second time', () => {
    const { after } = stored(scratch());
    assert.equal(stored(folderWith({ '.yo-rc.json': after })).action, 'identical');
  });
});
