import assert from 'node:assert/strict';
import { formats } from '../../src/team/formats.ts';

describe('formats of the schemas', () => {
  for (const [text, expected] of [
    ['^Team: .', true],
    ['', true],
    ['(', false],
    ['[b-a]', false],
    ['(?<=a)b', true],
  ] as const) {
    it(`regex: ${JSON.stringify(text)}: ${expected}`, () => assert.equal(formats.regex(text), expected));
  }
});
