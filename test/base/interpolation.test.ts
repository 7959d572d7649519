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

describe('a value that grows', () => {
  it('is none past its bound, wherever it grows', () => {
    const lookup = (name: string) => (name === 'A' ? 'x'.repeat(60_000) : undefined);
    assert.equal(interpolated('$A', lookup)?.length, 60_000);
    for (const text of ['$A$A', '${A}${A}', '${B:-$A$A}', '${B:-${C:-$A}}$A', `${'$A'.repeat(100_000)}`])
      assert.equal(interpolated(text, lookup), undefined);
  });
});
