import assert from 'node:assert/strict';
import { takenNames } from '../../src/answers/takenNames.ts';
import { slug } from '../../src/answers/values.ts';

describe('takenNames', () => {
  it('are names that would be taken for an app otherwise', () => {
    const possible = [...takenNames].filter((name) => /^[a-z0-9-]+$/.test(name));
    assert.ok(possible.length > 15);
    for (const name of possible) assert.equal(slug(name), name);
  });
});
