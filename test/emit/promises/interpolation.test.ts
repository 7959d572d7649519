import assert from 'node:assert/strict';
import { outcomes, variablesIn } from '../../../src/emit/promises/interpolation.ts';

const env = new Map([
  ['A', 'a'],
  ['EMPTY', ''],
]);

describe('interpolation', () => {
  const rows: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['x', ['x'], []],
    ['$$A', ['$A'], []],
    ['$$$A', ['$a'], ['A']],
    ['$A', ['a'], ['A']],
    ['${A}', ['a'], ['A']],
    ['${A:?no}', ['a'], ['A']],
    ['${A:-b}', ['a', 'b'], ['A']],
    ['${NO:-b}', ['b'], ['NO']],
    ['${NO-b}c', ['bc'], ['NO']],
    ['${EMPTY:-b}', ['b'], ['EMPTY']],
    ['${A:+b}', ['', 'b'], ['A']],
    ['${NO:-${A:-c}}', ['a', 'c'], ['NO', 'A']],
    ['${NO:-{x}}', ['{x}'], ['NO']],
    ['$NO', [], ['NO']],
    ['${NO:?x}', [], ['NO']],
    ['${EMPTY:?x}', [], ['EMPTY']],
    ['${A', [], ['A']],
    ['${A!}', [], ['A']],
    ['$', [], []],
    ['${A:-1}${A:-2}${A:-3}${A:-4}${A:-5}${A:-6}', [], ['A', 'A', 'A', 'A', 'A', 'A']],
  ];
  for (const [text, known, names] of rows) {
    it(`of ${text}`, () => {
      assert.deepEqual(outcomes(text, env), known);
      assert.deepEqual(
        variablesIn(text).map(({ name }) => name),
        names,
      );
    });
  }
});
