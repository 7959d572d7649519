import assert from 'node:assert/strict';
import { readPython } from '../../../../src/detect/read/python/module.ts';
import type { Expression } from '../../../../src/detect/read/python.ts';

const read = (source: string): Expression | undefined => readPython('a.py', `x = ${source}\n`).assignments[0]?.value;

describe('an expression of Python', () => {
  for (const [source, kind] of [
    ['"a"', 'string'],
    ['1.5', 'number'],
    ['True', 'boolean'],
    ['None', 'none'],
    ['...', 'ellipsis'],
    ['a', 'name'],
    ['a.b.c', 'name'],
    ['a().b', 'other'],
    ['a["b"].c', 'other'],
    ['a - b', 'other'],
    ['{"a": 1}', 'other'],
    ['lambda: 1', 'other'],
    ['-1', 'other'],
    ['a[0]', 'index'],
    ['a()', 'call'],
    ['(a)', 'name'],
    ['(("a"))', 'string'],
    ['await a()', 'call'],
    ['a + b', 'concat'],
    ['"a" "b"', 'concat'],
    ['f"a"', 'concat'],
    ['[1, 2]', 'list'],
    ['(1, 2)', 'list'],
    ['{1, 2}', 'list'],
    ['()', 'list'],
  ] as const) {
    it(`${source} is ${kind}`, () => assert.equal(read(source)?.kind, kind));
  }
  it('of a call has its name, its arguments and its line', () => {
    const call = read('a . b(1, *rest, key="v", **more)');
    assert.ok(call?.kind === 'call');
    assert.deepEqual([call.callee, call.line], ['a.b', 1]);
    assert.deepEqual(
      call.args.map(({ name, value }) => [name, value.text]),
      [
        [undefined, '1'],
        [undefined, 'rest'],
        ['key', '"v"'],
        [undefined, 'more'],
      ],
    );
  });
  it('of an f-string has its text and what is put in, in their order', () => {
    const text = read('f"{{a}} {b}/{c.d!r:>10}\\"e"');
    assert.ok(text?.kind === 'concat');
    assert.deepEqual(
      text.parts.map((part) => [part.kind, part.kind === 'string' ? part.value : part.text]),
      [
        ['string', '{a} '],
        ['name', 'b'],
        ['string', '/'],
        ['name', 'c.d'],
        ['string', '"e'],
      ],
    );
  });
  it('of a list leaves comments and signs', () => {
    const list = read('[  # one\n  1,\n  2,\n]');
    assert.deepEqual(list?.kind === 'list' && list.items.map(({ text }) => text), ['1', '2']);
  });
  it('is only its text where it is nested deeper than any rule looks', () => {
    let inner = read(`${'['.repeat(40)}1${']'.repeat(40)}`);
    let depth = 0;
    while (inner?.kind === 'list') {
      inner = inner.items[0];
      depth += 1;
    }
    assert.deepEqual([depth, inner?.kind], [12, 'other']);
  });
});
