import assert from 'node:assert/strict';
import { at, lineOf, listAt, readToml, tableAt, textAt } from '../../../src/detect/read/toml.ts';

const table = readToml(`
[project]
name = "shop"
dependencies = ["fastapi", 1, "uvicorn"]
[tool.uv]
dev = true
`);

describe('a TOML file', () => {
  it('is read by paths of keys', () => {
    assert.equal(textAt(table, 'project', 'name'), 'shop');
    assert.deepEqual(listAt(table, 'project', 'dependencies'), ['fastapi', 'uvicorn']);
    assert.deepEqual({ ...tableAt(table, 'tool', 'uv') }, { dev: true });
    assert.equal(at(table, 'tool', 'uv', 'dev'), true);
  });
  it('gives nothing of another kind than the one that is asked for', () => {
    assert.equal(textAt(table, 'tool', 'uv', 'dev'), undefined);
    assert.deepEqual(listAt(table, 'project', 'name'), []);
    assert.deepEqual(tableAt(table, 'project', 'name'), {});
    assert.deepEqual(tableAt(table, 'project', 'dependencies'), {});
  });
  it('gives nothing where there is nothing, nor where something else is on the way', () => {
    assert.equal(at(table, 'tool', 'poetry', 'name'), undefined);
    assert.equal(at(table, 'project', 'name', 'length'), undefined);
    assert.equal(at(undefined, 'a'), undefined);
  });
  it('has only keys of its own', () => {
    for (const key of ['__proto__', 'constructor', 'toString']) assert.equal(at(table, key), undefined);
    assert.equal(textAt(readToml('["__proto__"]\nname = "x"\n'), 'name'), undefined);
    assert.equal(textAt({}, 'name'), undefined);
  });
  it('is undefined where it is broken, and an empty table where it is empty', () => {
    for (const text of ['[project', 'a = ', 'a = 1\na = 2\n', '\u0000', 'name: shop'])
      assert.equal(readToml(text), undefined, text);
    assert.deepEqual({ ...readToml('') }, {});
  });
  it('ends on what is nested without end, and on half a megabyte of it', () => {
    for (const text of [
      `a = ${'['.repeat(100_000)}`,
      `a = ${'{b='.repeat(50_000)}`,
      `${'[a.'.repeat(50_000)}`,
      `a${'.a'.repeat(100_000)} = 1`,
      `a = "${'\\u0000'.repeat(50_000)}`,
      `a = '''${"''".repeat(200_000)}`,
    ])
      assert.doesNotThrow(() => readToml(text), text.slice(0, 8));
  });
});

describe('the line of words', () => {
  it('is the first that has all of them', () => {
    assert.equal(lineOf('a = 1\nb = 2\nb = 3 # a', 'b', '='), 2);
    assert.equal(lineOf('a = 1\nb = 2\nb = 3 # a', 'b', 'a'), 3);
  });
  it('is the first line for no word, and none for one that is not there', () => {
    assert.equal(lineOf('a'), 1);
    assert.equal(lineOf('', 'a'), undefined);
    assert.equal(lineOf('a', 'A'), undefined);
  });
});
