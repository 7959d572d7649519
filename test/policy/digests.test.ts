import assert from 'node:assert/strict';
import { Refusal } from '../../src/base/refusal.ts';
import { digestsFile, isDigest, pinned, readDigests } from '../../src/policy/digests.ts';
import { folderWith, scratch } from '../fixture.ts';

const digestOf = (letter: string) => `sha256:${letter.repeat(64)}`;

describe('digests', () => {
  it('what is no digest is refused: they are printed', () => {
    for (const row of [{ digest: 'sha256:x', resolved: '2026-01-01' }, { digest: digestOf('a') }, 'x', null]) {
      const directory = folderWith({ [digestsFile]: JSON.stringify({ 'a:1': row }) });
      assert.throws(() => readDigests(directory), Refusal);
    }
    assert.throws(() => readDigests(folderWith({ [digestsFile]: '{' })), Refusal);
    assert.deepEqual(readDigests(scratch()), {});
  });
  it('a tag that is nobody is no inherited name', () => assert.equal(pinned({})('constructor'), 'constructor'));
  it('print behind the tag that they are of, and no other', () => {
    const pin = pinned({ 'a/b:1': { digest: digestOf('a'), resolved: '2026-01-01' } });
    assert.deepEqual([pin('a/b:1'), pin('a/b:11')], [`a/b:1@${digestOf('a')}`, 'a/b:11']);
  });
  it('are sixty-four small letters and digits, and nothing around them', () => {
    assert.equal(isDigest(digestOf('0')), true);
    for (const text of [digestOf('A'), digestOf('a').slice(1), `${digestOf('a')}0`, `${digestOf('a')}\n`, '', 1, null])
      assert.equal(isDigest(text), false, String(text));
  });
});
