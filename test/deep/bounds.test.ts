import assert from 'node:assert/strict';
import { interpolated } from '../../src/base/interpolation.ts';
import { readJavaScript } from '../../src/detect/read/javascript.ts';
import { readPython } from '../../src/detect/read/python/module.ts';
import { bounds } from '../../src/emit/bounds.ts';
import { readTemplate } from '../../src/emit/grammar.ts';
import { outcomes, variablesIn } from '../../src/emit/promises/interpolation.ts';

/** What each reader does with as much as it may ever be given: it ends, and soon. Small sizes are in the tests of each reader. */
describe('a reader of somebody else’s text ends on', () => {
  describe('a module of Python', () => {
    it('that is nested deeper than the parser goes: there is nothing in it', () => {
      const { calls, assignments } = readPython('a.py', `x = ${'a('.repeat(250_000)}`);
      assert.deepEqual([calls, assignments], [[], []]);
    });
    for (const text of [
      '('.repeat(100_000),
      `x = ${'['.repeat(100_000)}`,
      `x = ${'f('.repeat(50_000)}`,
      `x = ${'1 + '.repeat(20_000)}1`,
      `x = ${'"a" '.repeat(20_000)}`,
      `x = f"${'{f"'.repeat(5000)}`,
      `x = a${'.b'.repeat(100_000)}`,
      `x = a${'[0]'.repeat(20_000)}`,
      `import ${'a.'.repeat(100_000)}a`,
      `x = "${'\\'.repeat(500_000)}`,
      `x = """${'"" '.repeat(200_000)}`,
    ]) {
      it(`like ${text.slice(0, 12)}…`, () => assert.equal(readPython('a.py', text).path, 'a.py'));
    }
  });

  describe('a module of JavaScript', () => {
    for (const text of [
      `export default ${'['.repeat(100_000)}`,
      `export default ${'{a:'.repeat(20_000)}`,
      `export default ${'f('.repeat(20_000)}`,
      `export default ${'() => '.repeat(20_000)}1`,
      `export default ${'a || '.repeat(20_000)}1`,
      `export default a${'.b'.repeat(100_000)}`,
      `export default "${'\\'.repeat(500_000)}`,
      `export default \`${'${`'.repeat(5000)}`,
      'function f() { '.repeat(20_000),
    ]) {
      it(`like ${text.slice(0, 24)}…`, () => assert.doesNotThrow(() => readJavaScript(text)));
    }
  });

  describe('a template of the most characters', () => {
    const keys = new Set(['a', 'list']);
    for (const part of ['<% for (const x of list) { -%>', '<% if (x) { -%>', '<%- x %>', '<%%>', '<% } else { -%>']) {
      it(`full of ${part}`, () => {
        const text = part.repeat(Math.floor(bounds.characters / part.length));
        assert.notDeepEqual(readTemplate(text, keys).problems, []);
      });
    }
  });

  describe('a default within defaults', () => {
    const depth = 80_000;
    const nested = `${'${A:-'.repeat(depth)}$B${'}'.repeat(depth)}`;
    it('of an environment file', () =>
      assert.equal(
        interpolated(nested, () => undefined),
        undefined,
      ));
    it('of a compose file', () => {
      assert.equal(variablesIn(nested).at(-1)?.name, 'B');
      assert.deepEqual(outcomes(nested, new Map()), []);
    });
  });
});
