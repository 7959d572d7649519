import assert from 'node:assert/strict';
import { readNginx } from '../../../src/emit/promises/nginx.ts';

describe('the reader of nginx', () => {
  const rows: readonly (readonly [string, unknown])[] = [
    ['a b;', [{ words: ['a', 'b'] }]],
    ['a "b c" \'d;{}\';', [{ words: ['a', 'b c', 'd;{}'] }]],
    ['a b#c; # d;\ne;', [{ words: ['a', 'b#c'] }, { words: ['e'] }]],
    ['a ${b}c;', [{ words: ['a', '${b}c'] }]],
    ['a b{c d;}', [{ words: ['a', 'b'], block: [{ words: ['c', 'd'] }] }]],
    ['a b\\;c;', [{ words: ['a', 'b\\;c'] }]],
    ['a "b\\"c\\n";', [{ words: ['a', 'b"c\n'] }]],
    ['a \\d+\\.;', [{ words: ['a', '\\d+\\.'] }]],
    ['if ($a = "b") { c; }', [{ words: ['if', '($a', '=', 'b', ')'], block: [{ words: ['c'] }] }]],
    ['a b"c d"e;', [{ words: ['a', 'b"c', 'd"e'] }]],
    ['', []],
  ];
  for (const [text, value] of rows) {
    it(`reads ${JSON.stringify(text)}`, () => assert.deepEqual(readNginx(text), { value }));
  }
});
