import assert from 'node:assert/strict';
import { withDigests } from '../../../src/cli/commands/imageDigests.ts';

const digestOf = (letter: string) => `sha256:${letter.repeat(64)}`;

describe('withDigests', () => {
  it('exchanges the digests of these very tags', () => {
    const settle = withDigests({ 'a/b:1': { digest: digestOf('a'), resolved: '2026-01-01' } }, ['a/b:1']);
    const text = `FROM a/b:1@${digestOf('c')} x/a/b:1@${digestOf('c')} a/b:11@${digestOf('c')} a/b:1\n`;
    assert.equal(settle(text), text.replace(digestOf('c'), digestOf('a')));
  });
});
