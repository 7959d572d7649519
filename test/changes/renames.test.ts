import assert from 'node:assert/strict';
import { renames, renamesOf } from '../../src/changes/renames.ts';
import { artifacts } from '../../src/emit/catalogue.ts';

const lockOf = (...paths: string[]) => ({
  generator: '0.1.0',
  files: Object.fromEntries(paths.map((path) => [path, 'sha256:x'])),
  once: [],
  templates: {},
  packs: {},
  places: {},
});
const table = [
  { since: '0.2.0', from: 'a', to: 'b' },
  { since: '0.3.0', from: 'b', to: 'c' },
];
const found = (lock: string[], rendered: string[]) => [...renamesOf(table, lockOf(...lock), new Set(rendered))];

describe('renamesOf', () => {
  it('follows a chain from whichever name the project has', () => {
    assert.deepEqual(found(['a'], ['c']), [['c', 'a']]);
    assert.deepEqual(found(['b'], ['c']), [['c', 'b']]);
  });
  it('is none for a file that is still emitted, whose new one is not, or is there already', () => {
    assert.deepEqual(found(['a'], ['a', 'c']), []);
    assert.deepEqual(found(['a'], ['d']), []);
    assert.deepEqual(found(['a', 'c'], ['c']), []);
    assert.deepEqual(found(['other'], ['c']), []);
  });
});

describe('the table of renames', () => {
  it('ends, for each name, at a file of the catalogue, and begins at none', () => {
    const emitted = new Set(artifacts.map(({ to }) => to));
    for (const { from } of renames) {
      assert.ok(!emitted.has(from), from);
      assert.ok(emitted.has(renames.reduce((name, row) => (name === row.from ? row.to : name), from)), from);
    }
  });
});
