import assert from 'node:assert/strict';
import { matchesGlob } from '../../../src/detect/read/glob.ts';

describe('a pattern of a workspace', () => {
  for (const [pattern, path] of [
    ['packages/core', 'packages/core'],
    ['./packages/core/', 'packages/core'],
    ['packages/*', 'packages/core'],
    ['packages/*', 'packages/'],
    ['pack*s/c*e', 'packages/core'],
    ['libs/**', 'libs/a/b/c'],
    ['**/core', 'packages/deep/core'],
    ['**', 'a/b'],
    ['lib?', 'libs'],
    ['größe-*', 'größe-😀'],
    ['', ''],
  ] as const) {
    it(`${JSON.stringify(pattern)} means ${JSON.stringify(path)}`, () => assert.ok(matchesGlob(pattern, path)));
  }
  for (const [pattern, path] of [
    ['packages/*', 'packages/a/b'],
    ['packages/*', 'packages'],
    ['lib?', 'lib'],
    ['lib?', 'lib/'],
    ['a.b', 'axb'],
    ['(a|b)', 'a'],
    ['[ab]', 'a'],
    ['', 'a'],
    ['a', ''],
    ['a', 'ab'],
  ] as const) {
    it(`${JSON.stringify(pattern)} does not mean ${JSON.stringify(path)}`, () =>
      assert.ok(!matchesGlob(pattern, path)));
  }
  it('of many stars is decided at once, where a regular expression would try for years', () => {
    const path = 'a'.repeat(2000);
    assert.ok(!matchesGlob(`${'*a'.repeat(200)}*b`, path));
    assert.ok(!matchesGlob(`${'**a'.repeat(200)}b`, path));
    assert.ok(matchesGlob(`${'*a'.repeat(200)}*`, path));
  });
  it('longer than any folder means none', () => assert.ok(!matchesGlob('a'.repeat(1001), 'a'.repeat(1001))));
});
