import assert from 'node:assert/strict';
import { captures } from '../../../src/emit/promises/text.ts';

describe('what a pattern takes out of a text', () => {
  it('is its first group, each once, in their order', () =>
    assert.deepEqual(captures('b1 a2 b3 c', /([a-z])\d/g), ['b', 'a']));
  it('is empty where the group took no part', () => assert.deepEqual(captures('a', /a|(b)/g), ['']));
  it('is nothing of nothing', () => assert.deepEqual(captures('', /(a)/g), []));
});
