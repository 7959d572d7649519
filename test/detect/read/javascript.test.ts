import assert from 'node:assert/strict';
import { pathOf, readJavaScript, type Value, valueAt } from '../../../src/detect/read/javascript.ts';

/** A value as JSON would have it; what is not known is `?`. */
const plain = (value: Value | undefined): unknown => {
  if (value === undefined) return undefined;
  if (value.kind === 'object') return Object.fromEntries([...value.entries].map(([key, of]) => [key, plain(of)]));
  if (value.kind === 'list') return value.items.map(plain);
  if (value.kind === 'call') return { [`${value.callee}()`]: value.args.map(plain) };
  if (value.kind === 'path') return `<${value.value}>`;
  return value.kind === 'unknown' ? '?' : value.value;
};
const exported = (text: string) => plain(readJavaScript(text).exported);

describe('a config in JavaScript', () => {
  for (const [text, value] of [
    ['export default { a: "x", b: true, c: [1, "y"], "d-e": `z` }', { a: 'x', b: true, c: ['?', 'y'], 'd-e': 'z' }],
    ['module.exports = { a: false }', { a: false }],
    ['exports = { a: "x" }', { a: 'x' }],
    ['export default defineConfig({ a: "x" })', { a: 'x' }],
    ['export default withPlugin({ b: 1 })({ a: "x" })', { a: 'x' }],
    ['export default defineConfig(() => ({ a: "x" }))', { a: 'x' }],
    ['export default async ({ mode }) => { if (mode) return { a: "x" }; return { b: "y" } }', { a: 'x', b: 'y' }],
    ['const base = { a: "x" }; export default { ...base, b: "y" }', { a: 'x', b: 'y' }],
    ['const a = "x"; const c = { a } ; export default c', { a: 'x' }],
    ['const c = { d: { e: "x" } }; export default { f: c.d }', { f: { e: 'x' } }],
    ['export default { a: process.env.OUT || "x", b: "y" as const, c: ("z") }', { a: 'x', b: 'y', c: 'z' }],
    ['export default { a: `x${y}`, b: 1 + 2, c: unknown }', { a: '?', b: '?', c: '?' }],
    [
      'export default { out: path.resolve(__dirname, "../static"), in: join("a", "b") }',
      { out: '<../static>', in: 'a/b' },
    ],
    ['export default { out: fileURLToPath(new URL("../x", import.meta.url)) }', { out: '<../x>' }],
    ['export default { out: process.cwd() + "/x", at: resolve("x") }', { out: '?', at: '<x>' }],
    ['export default {}', {}],
    ['export default 1', '?'],
    ['', '?'],
    ['export default', '?'],
    ['export default { a: "x", b: ', { a: 'x', b: '?' }],
  ] as const) {
    it(text.slice(0, 80) || 'nothing', () => assert.deepEqual(exported(text), value));
  }
  it('names the modules that it imports or requires', () => {
    const text = 'import a from "vite";\nimport "./b.css";\nconst c = require("webpack");\nrequire(d);\n';
    assert.deepEqual(readJavaScript(text).imports, ['vite', './b.css', 'webpack']);
  });
  it('knows only keys of its own', () => {
    const { exported: value } = readJavaScript('export default { a: { b: "x" } }');
    assert.equal(plain(valueAt(value, 'a', 'b')), 'x');
    for (const keys of [['constructor'], ['a', 'toString'], ['a', 'b', 'length'], ['z', 'b']])
      assert.equal(valueAt(value, ...keys), undefined);
    assert.equal(valueAt(undefined, 'a'), undefined);
  });
  // At full size in test/deep/bounds.test.ts.
  it('ends on names that name each other, and on what is nested or long without end', () => {
    const doubled = Array.from({ length: 60 }, (_, index) => `const a${index} = [a${index + 1}, a${index + 1}];`);
    for (const text of [
      'const a = b; const b = a; export default a',
      `${doubled.join('\n')}\nexport default a0`,
      'const f = () => f(); export default f()',
      `export default ${'['.repeat(2000)}`,
      `export default ${'{a:'.repeat(500)}`,
      `export default ${'f('.repeat(500)}`,
      `export default ${'() => '.repeat(500)}1`,
      `export default ${'a || '.repeat(500)}1`,
      `export default a${'.b'.repeat(2000)}`,
      `export default "${'\\'.repeat(10_000)}`,
      `export default \`${'${`'.repeat(2000)}`,
      'function f() { '.repeat(500),
      '\u0000\uFFFE\uD800 = 1\r\n',
    ])
      assert.doesNotThrow(() => readJavaScript(text), text.slice(0, 24));
  });
});

describe('a path of a config', () => {
  const value = (kind: 'string' | 'path', text: string): Value => ({ kind, value: text });
  it('counts from the config, or from the folder that is given', () => {
    assert.equal(pathOf(value('path', '../static'), 'web/config', 'web'), 'web/static');
    assert.equal(pathOf(value('string', 'dist'), 'web/config', 'web'), 'web/dist');
    assert.equal(pathOf(value('string', './dist/'), 'web'), 'web/dist');
  });
  it('does not leave the project', () => assert.equal(pathOf(value('path', '../../../../etc'), 'web'), 'etc'));
  it('is none where it is absolute, or no text', () => {
    assert.equal(pathOf(value('string', '/srv'), ''), undefined);
    assert.equal(pathOf({ kind: 'boolean', value: true }, ''), undefined);
    assert.equal(pathOf(undefined, ''), undefined);
  });
});
