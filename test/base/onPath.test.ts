import assert from 'node:assert/strict';
import { onPath } from '../../src/base/onPath.ts';

describe('onPath', () => {
  it('finds what PATH has', () => {
    assert.equal(onPath('sh'), true);
    assert.equal(onPath('no-such-program'), false);
  });
});
