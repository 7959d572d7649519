import assert from 'node:assert/strict';
import { readPython } from '../../../../src/detect/read/python/module.ts';

const read = (...lines: readonly string[]) => readPython('a.py', `${lines.join('\n')}\n`);

describe('a module of Python', () => {
  it('has its imports, by whatever words', () => {
    assert.deepEqual(
      read(
        'import os, app.core as core',
        'from . import models',
        'from ..db.base import (Base as B,  # the base',
        '    Session,)',
        'from x import *',
        'import a.b',
      ).imports,
      [
        { module: 'os', name: undefined, local: 'os', line: 1 },
        { module: 'app.core', name: undefined, local: 'core', line: 1 },
        { module: '.', name: 'models', local: 'models', line: 2 },
        { module: '..db.base', name: 'Base', local: 'B', line: 3 },
        { module: '..db.base', name: 'Session', local: 'Session', line: 3 },
        { module: 'x', name: '*', local: '*', line: 5 },
        { module: 'a.b', name: undefined, local: 'a', line: 6 },
      ],
    );
  });
  it('has its assignments, with type, value and what is around them', () => {
    const { assignments } = read(
      'a = b = 1',
      'class S(Base):',
      '    port: int = 80',
      '    name: str',
      'x.y = 2',
      'p, q = 3',
    );
    assert.deepEqual(
      assignments.map(({ target, type, value, line, within }) => [target, type, value?.text, line, within]),
      [
        ['a', undefined, '1', 1, []],
        ['port', 'int', '80', 3, ['S']],
        ['name', 'str', undefined, 4, ['S']],
        ['x.y', undefined, '2', 5, []],
        // Of several targets the first stands for all.
        ['p', undefined, '3', 6, []],
      ],
    );
  });
  it('has its functions, with decorators, parameters and what they return', () => {
    const { functions } = read(
      '@app.get("/x")',
      '@plain',
      'async def f(a, b: int = 1, *, c=2) -> FastAPI:',
      '    def inner(): ...',
    );
    assert.deepEqual(
      functions.map(({ name, decorators, returns, parameters, line, within }) => [
        name,
        decorators.map(({ text }) => text.trim()),
        returns,
        parameters,
        line,
        within,
      ]),
      [
        [
          'f',
          ['@app.get("/x")', 'plain'],
          'FastAPI',
          [
            { name: 'a', hasDefault: false },
            { name: 'b', hasDefault: true },
            { name: 'c', hasDefault: true },
          ],
          3,
          [],
        ],
        ['inner', [], undefined, [], 4, ['f']],
      ],
    );
  });
  it('has its classes, with bases and keywords', () => {
    const [one] = read('class S(Base, mixins.M, env_prefix="X_"):', '    pass').classes;
    assert.deepEqual([one?.name, one?.bases, one?.line, one?.within], ['S', ['Base', 'mixins.M'], 1, []]);
    assert.deepEqual(
      one?.keywords.map(({ name, value }) => [name, value.text]),
      [['env_prefix', '"X_"']],
    );
  });
  it('has its calls, those of decorators too, with what is around them', () => {
    const { calls } = read('class A:', '    @get("/")', '    def f(self):', '        run(x=make(1))');
    assert.deepEqual(
      calls.map(({ callee, line, within }) => [callee, line, within]),
      [
        ['get', 2, ['A']],
        ['run', 4, ['A', 'f']],
        ['make', 4, ['A', 'f']],
      ],
    );
  });
  it('has what is read by a key', () => {
    const { indexes } = read('os.environ["A"]', 'x[0] = 1');
    assert.deepEqual(
      indexes.map(({ of, key, line }) => [of, key.text, line]),
      [
        ['os.environ', '"A"', 1],
        ['x', '0', 2],
      ],
    );
  });
  it('leaves a scope where it ends', () => {
    assert.deepEqual(
      read('def f():', '    a = 1', 'b = 2').assignments.map(({ target, within }) => [target, within]),
      [
        ['a', ['f']],
        ['b', []],
      ],
    );
  });
  it('is empty of nothing', () => {
    assert.deepEqual(readPython('a.py', ''), {
      path: 'a.py',
      imports: [],
      assignments: [],
      functions: [],
      classes: [],
      calls: [],
      indexes: [],
      strings: [],
      joins: [],
    });
  });
  it('gives what can be read of broken code', () => {
    const { functions, assignments } = read('def f(:', '    x = (1', 'y = "unclosed', 'class', 'print "2"', 'z = 3');
    assert.equal(functions[0]?.name, 'f');
    assert.ok(assignments.some(({ target }) => target === 'x'));
  });
  // At full size in test/deep/bounds.test.ts.
  it('ends on what is nested or long without end', () => {
    for (const text of [
      '('.repeat(2000),
      `x = ${'['.repeat(2000)}`,
      `x = ${'f('.repeat(500)}`,
      `x = ${'1 + '.repeat(500)}1`,
      `x = ${'"a" '.repeat(500)}`,
      `x = f"${'{f"'.repeat(2000)}`,
      `x = a${'.b'.repeat(2000)}`,
      `x = a${'[0]'.repeat(500)}`,
      Array.from({ length: 90 }, (_, depth) => `${' '.repeat(depth)}def f${depth}():`).join('\n'),
      `import ${'a.'.repeat(2000)}a`,
      `x = "${'\\'.repeat(10_000)}`,
      `x = """${'"" '.repeat(5000)}`,
      '\u0000\uFFFE\uD800 = 1\r\n',
    ])
      assert.doesNotThrow(() => readPython('a.py', text), text.slice(0, 12));
  });
});
