import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { storedEntry } from '../../src/answers/stored.ts';
import { storeAnswers } from '../../src/changes/storeAnswers.ts';
import { existingSecrets } from '../../src/model/existingSecrets.ts';
import { rawAnswers, scratch } from '../fixture.ts';

describe('storeAnswers', () => {
  it('keeps the entries of other generators, and is read back', () => {
    const directory = scratch();
    writeFileSync(join(directory, '.yo-rc.json'), '{"generator-node": {"x": 1}}');
    const { after, action } = storeAnswers(directory, rawAnswers());
    assert.equal(action, 'extend');
    writeFileSync(join(directory, '.yo-rc.json'), after);
    assert.deepEqual(JSON.parse(after)['generator-node'], { x: 1 });
    assert.deepEqual(storedEntry(directory), rawAnswers());
    assert.equal(storeAnswers(directory, rawAnswers()).action, 'identical');
  });
  it('refuses to guess at a broken file', () => {
    const directory = scratch();
    writeFileSync(join(directory, '.yo-rc.json'), '{');
    assert.throws(() => storedEntry(directory), /\.yo-rc\.json cannot be read/);
  });
});

describe('existingSecrets', () => {
  it('is empty in an empty directory', () => assert.deepEqual(existingSecrets(scratch()), { env: '', files: {} }));
});
