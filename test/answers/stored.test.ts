import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { storedEntry } from '../../src/answers/stored.ts';
import { Refusal } from '../../src/base/refusal.ts';
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
  it('takes what somebody else has written for input, and comes to an end with it', () => {
    const directory = scratch();
    const many = Object.fromEntries(Array.from({ length: 501 }, (_, index) => [`key${index}`, 'x']));
    for (const [entry, problem] of [
      [many, /has more than 500 answers/],
      [{ ['d'.repeat(1_000_000)]: 'x' }, /is too long for the name of an answer/],
      [{ domain: 'a'.repeat(1_000_000) }, /domain is longer than 20000 characters/],
      [{ serverNames: Array.from({ length: 100_000 }, () => 'a') }, /serverNames is longer than/],
      [[], /is not a map of answers/],
      [null, /is not a map of answers/],
    ] as const) {
      writeFileSync(join(directory, '.yo-rc.json'), JSON.stringify({ 'generator-comicpile': entry }));
      assert.throws(
        () => storedEntry(directory),
        (error) => error instanceof Refusal && problem.test(error.message),
      );
    }
    for (const text of ['null', '[]', '1', `{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`]) {
      writeFileSync(join(directory, '.yo-rc.json'), text);
      assert.throws(() => storedEntry(directory), Refusal);
    }
    writeFileSync(join(directory, '.yo-rc.json'), '{"__proto__": {"generator-comicpile": {"domain": "x.example"}}}');
    assert.deepEqual(storedEntry(directory), {});
  });
});

describe('existingSecrets', () => {
  it('is empty in an empty directory', () => assert.deepEqual(existingSecrets(scratch()), { env: '', files: {} }));
});
