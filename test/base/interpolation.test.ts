import assert from 'node:assert/strict';
import { interpolated } from '../../src/base/interpolation.ts';

// What it resolves is in the table of test/cases/env.test.ts.
describe('interpolated', () => {
  it('refuses what nobody nests so deep, in time', () => {
    const nested = (depth: number) => `${'${A:-'.repeat(depth)}x${'}'.repeat(depth)}`;
    assert.equal(
      interpolated(nested(40), () => undefined),
      'x',
    );
    assert.equal(
      interpolated(nested(10_000), () => undefined),
      undefined,
    );
  });
});
