import assert from 'node:assert/strict';
import { digest } from '../../src/base/digest.ts';
import { isEdited, isSame, toLf } from '../../src/changes/edited.ts';

const text = 'one\ntwo\n';
const crlf = 'one\r\ntwo\r\n';

describe('isEdited', () => {
  for (const [what, now, expected] of [
    ['as it was written', text, false],
    ['as a checkout with core.autocrlf has it', crlf, false],
    ['with one line that ends otherwise', 'one\r\ntwo\n', true],
    ['with another line', 'one\n2\n', true],
    ['empty', '', true],
  ] as const) {
    it(`is ${expected} of a file ${what}`, () => assert.equal(isEdited(now, digest(text)), expected));
  }
  it('knows a file that was written with CRLF', () => assert.equal(isEdited(crlf, digest(crlf)), false));
  it('is true of a file that was never written', () => assert.equal(isEdited(text, undefined), true));
});

describe('isSame', () => {
  it('is true where only the line ends differ, throughout', () => {
    assert.equal(isSame(crlf, text), true);
    assert.equal(isSame(text, crlf), true);
    assert.equal(isSame('one\r\ntwo\n', text), false);
    assert.equal(isSame(text, undefined), false);
  });
});

describe('toLf', () => {
  it('leaves a file alone that has both', () => {
    assert.equal(toLf(crlf), text);
    assert.equal(toLf('a\r\nb\n'), 'a\r\nb\n');
  });
});
