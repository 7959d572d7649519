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
    ['${NO:-a\nb}', [], ['NO']],
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

  it('ends on what nobody nests so deep, with every name in it', () => {
    const depth = 5_000;
    const nested = `${'${A:-'.repeat(depth)}$B${'}'.repeat(depth)}`;
    const last = variablesIn(nested).at(-1);
    assert.deepEqual(last, { name: 'B', operator: '', word: '' });
    assert.deepEqual(outcomes(nested, env), ['a']);
    assert.deepEqual(outcomes(nested, new Map()), []);
  });
});
