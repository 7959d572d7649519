import assert from 'node:assert/strict';
import type { Parse } from '../src/answers/values.ts';

export const accepts = (parse: Parse<unknown>, pairs: readonly (readonly [string, unknown])[]) => {
  for (const [raw, value] of pairs) it(`takes ${JSON.stringify(raw)}`, () => assert.deepEqual(parse(raw), value));
};

export const refuses = (parse: Parse<unknown>, raws: readonly string[]) => {
  for (const raw of raws)
    it(`refuses ${JSON.stringify(raw)}`, () => assert.throws(() => parse(raw), /for example|is not one of/));
};
