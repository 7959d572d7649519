import assert from 'node:assert/strict';
import { edgeErrorCodes, edgeErrors } from '../../src/policy/errors.ts';

describe('errors of the edge', () => {
  it('are codes, each once, in their order, with those that are kinds of a 400', () => {
    assert.deepEqual(
      edgeErrorCodes,
      [...new Set(edgeErrorCodes)].sort((a, b) => a - b),
    );
    for (const code of [...edgeErrors.map(({ status }) => status), 494, 495, 496, 497, 500])
      assert.ok(edgeErrorCodes.includes(code), String(code));
  });
  it('are none that nginx sends no words with, and not maintenance, which has its own page', () => {
    for (const code of [408, 444, 499, 503]) assert.ok(!edgeErrorCodes.includes(code), String(code));
  });
  it('have words that JSON and nginx take as they are', () => {
    for (const { detail } of edgeErrors) assert.match(detail, /^[A-Z][A-Za-z ]+$/);
  });
});
