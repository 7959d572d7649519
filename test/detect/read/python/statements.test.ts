import assert from 'node:assert/strict';
import { parser } from '@lezer/python';
import { Source } from '../../../../src/detect/read/python/source.ts';
import {
  decoratorOf,
  readAssignment,
  readClass,
  readFunction,
  readImport,
} from '../../../../src/detect/read/python/statements.ts';

/** What a reader gives of the first node of that name. */
const of = <Value>(
  name: string,
  read: (source: Source, node: Parameters<typeof readImport>[1]) => Value,
  text: string,
): Value => {
  let found: Value | undefined;
  const source = new Source(text);
  parser.parse(text).iterate({
    enter: ({ name: own, node }) => {
      if (own === name && found === undefined) found = read(source, node);
    },
  });
  return found ?? assert.fail(`${text} has no ${name}`);
};

describe('an import', () => {
  const rows = (text: string) =>
    of('ImportStatement', readImport, text).map(({ module, name, local }) => [module, name, local]);
  for (const [text, ...expected] of [
    ['import a.b', ['a.b', undefined, 'a']],
    ['import a.b as c, d', ['a.b', undefined, 'c'], ['d', undefined, 'd']],
    ['from a import b', ['a', 'b', 'b']],
    ['from . import b', ['.', 'b', 'b']],
    ['from ..a.b import (c as d, # note\n  e,)', ['..a.b', 'c', 'd'], ['..a.b', 'e', 'e']],
    ['from a import *', ['a', '*', '*']],
  ] as const) {
    it(text, () => assert.deepEqual(rows(text), expected));
  }
});

describe('an assignment', () => {
  const rows = (text: string) =>
    of('AssignStatement', (source, node) => readAssignment(source, node, ['f']), text).map(
      ({ target, type, value, within }) => [target, type, value?.text, ...within],
    );
  for (const [text, ...expected] of [
    ['a = 1', ['a', undefined, '1', 'f']],
    ['a: int = 1', ['a', 'int', '1', 'f']],
    ['a: int', ['a', 'int', undefined, 'f']],
    ['a = b = f(1)', ['a', undefined, 'f(1)', 'f']],
    ['a.b = 1', ['a.b', undefined, '1', 'f']],
    ['(a, b) = 1, 2'],
  ] as const) {
    it(text, () => assert.deepEqual(rows(text), expected));
  }
});

describe('a function', () => {
  const read = (text: string) => of('FunctionDefinition', (source, node) => readFunction(source, node, []), text);
  it('has its parameters, and which of them have a default', () =>
    assert.deepEqual(read('def f(a, b: int, c=1, d: int = x, *e, **g): pass').parameters, [
      { name: 'a', hasDefault: false },
      { name: 'b', hasDefault: false },
      { name: 'c', hasDefault: true },
      { name: 'd', hasDefault: true },
      { name: 'e', hasDefault: false },
      { name: 'g', hasDefault: false },
    ]));
  it('has what it returns, and its decorators', () => {
    const { name, returns, decorators, line } = read('@a.b\n@c("x")\nasync def f() -> d.E: pass');
    assert.deepEqual(
      [name, returns, decorators.map(({ text }) => text.trim()), line],
      ['f', 'd.E', ['a.b', '@c("x")'], 3],
    );
  });
});

describe('a class', () => {
  it('has its bases and its keywords', () => {
    const { name, bases, keywords } = of(
      'ClassDefinition',
      (source, node) => readClass(source, node, []),
      'class A(B, c.D, table=True): pass',
    );
    assert.deepEqual(
      [name, bases, keywords.map((row) => [row.name, row.value.text])],
      ['A', ['B', 'c.D'], [['table', 'True']]],
    );
  });
  it('may have neither', () => {
    const { bases, keywords } = of('ClassDefinition', (source, node) => readClass(source, node, []), 'class A: pass');
    assert.deepEqual([bases, keywords], [[], []]);
  });
});

describe('a decorator', () => {
  const read = (text: string) => of('Decorator', decoratorOf, `${text}\ndef f(): pass`);
  it('is a name', () => assert.deepEqual(read('@a . b'), { kind: 'name', text: 'a.b' }));
  it('is a call', () => {
    const found = read('@a.b("x", y=1)');
    assert.deepEqual(found.kind === 'call' && [found.callee, found.args.map(({ name, value }) => [name, value.text])], [
      'a.b',
      [
        [undefined, '"x"'],
        ['y', '1'],
      ],
    ]);
  });
});
