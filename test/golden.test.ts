import assert from 'node:assert/strict';
import { keep, readGolden, restore, type Tree } from './goldenFiles.ts';
import { renderTrees } from './goldenTrees.ts';

describe('golden trees (npm run golden writes them anew)', () => {
  const rendered = renderTrees();
  let kept: Tree;
  let golden: ReadonlyMap<string, Tree>;
  before(() => {
    kept = readGolden();
    golden = restore([...rendered.keys()], kept);
  });
  for (const [name, tree] of rendered) {
    it(`${name} has these files`, () =>
      assert.deepEqual([...(golden.get(name)?.keys() ?? [])].sort(), [...tree.keys()].sort()));
    for (const [path, text] of tree) {
      it(`${name}/${path}`, () => assert.equal(golden.get(name)?.get(path), text));
    }
  }
  it('are kept as npm run golden keeps them, and nothing else is there', () =>
    assert.deepEqual([...kept.keys()].sort(), [...keep(rendered).keys()].sort()));
});
