import assert from 'node:assert/strict';
import { connections } from '../../src/policy/connections.ts';

describe('connections', () => {
  it('of the new app: both generations of its pools, and the others, fit into the database', () => {
    const { pools, overlap, app, owner, others, reserved, maximum } = connections({
      appIsNew: true,
      hasOwnerRole: true,
    });
    assert.deepEqual([pools, overlap, app, owner], [20, 2, 42, 3]);
    assert.ok(overlap * pools < app);
    assert.ok(app + others <= maximum && maximum - (app + others) < 10, 'no spare connection without a reason');
    assert.ok(others - owner - reserved > 0);
  });

  for (const hasOwnerRole of [true, false]) {
    it(`of an app that exists, ${hasOwnerRole ? 'with' : 'without'} an owner: what the others leave of the default`, () => {
      const { app, others, maximum } = connections({ appIsNew: false, hasOwnerRole });
      assert.deepEqual([maximum, app], [100, 100 - others]);
      assert.ok(app > 80);
    });
  }
});
