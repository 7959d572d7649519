import assert from 'node:assert/strict';
import { rate } from '../../src/answers/values.ts';
import { retryAfter } from '../../src/policy/limits.ts';

describe('retryAfter', () => {
  for (const [text, seconds] of [
    ['10r/s', 1],
    ['1r/s', 1],
    ['10r/m', 6],
    ['7r/m', 9],
    ['1r/m', 60],
  ] as const) {
    it(`is ${seconds} for ${text}`, () => assert.equal(retryAfter(rate(text)), seconds));
  }
});
