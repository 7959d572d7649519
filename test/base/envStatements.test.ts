import assert from 'node:assert/strict';
import { statementsOf } from '../../src/base/envStatements.ts';

const rows = (text: string) =>
  [...statementsOf(text)].map(({ key, written, quote, firstLine, lastLine }) => [
    key,
    written,
    quote,
    `${firstLine}-${lastLine}`,
  ]);

// What the values mean is in the table of test/cases/env.test.ts.
describe('the assignments of an environment file', () => {
  for (const [text, ...expected] of [
    [''],
    ['\n# A=1\nnot one\n'],
    ['A=1', ['A', '1', '', '1-1']],
    ['# x\n\nA=1\nB=2\n', ['A', '1', '', '3-3'], ['B', '2', '', '4-4']],
    ['\uFEFFA=1\n', ['A', '1', '', '1-1']],
    ['  export A.b-c[0] : 1 \r\n', ['A.b-c[0]', '1', '', '1-1']],
    ['A=1 # note\nB=1#2\n', ['A', '1', '', '1-1'], ['B', '1#2', '', '2-2']],
    ['A=\nB=1', ['A', '', '', '1-1'], ['B', '1', '', '2-2']],
    ['A="x\ny" # note\nB=1\n', ['A', 'x\ny', '"', '1-2'], ['B', '1', '', '3-3']],
    ["A='x\n\n' B=1\n", ['A', 'x\n\n', "'", '1-3'], ['B', '1', '', '3-3']],
    ['A="x\\"y" \n', ['A', 'x\\"y', '"', '1-1']],
    ['A="x\nB=1\n', ['A', '"x', '', '1-1'], ['B', '1', '', '2-2']],
    ['A=1\u0085\u00a0\n', ['A', '1', '', '1-1']],
  ] as const) {
    it(`of ${JSON.stringify(text)}`, () => assert.deepEqual(rows(text), expected));
  }
  it('are found in one go, whatever the text', () => {
    const long = 300_000;
    assert.equal(rows(`A=${' '.repeat(long)}x`)[0]?.[1], 'x');
    assert.equal(rows(`A="${'\\'.repeat(long)}`).length, 1);
    assert.equal(rows(' '.repeat(long)).length, 0);
  });
});
