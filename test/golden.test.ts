import assert from 'node:assert/strict';
import { readTree, renderTree, scenarioNames } from './goldenTrees.ts';

describe('golden trees (npm run golden writes them anew)', () => {
  for (const name of scenarioNames) {
    const rendered = renderTree(name);
    it(`${name} has these files`, () =>
      assert.deepEqual([...readTree(name).keys()].sort(), [...rendered.keys()].sort()));
    for (const [path, text] of rendered) {
      it(`${name}/${path}`, () => assert.equal(readTree(name).get(path), text));
    }
  }
});
