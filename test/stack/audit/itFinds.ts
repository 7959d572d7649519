import assert from 'node:assert/strict';
import { broken, type Found } from './runAudit.ts';

/** What a set of seeds must lead to: each is found by its own check, and nothing else is broken. */
export const itFinds = (
  seeds: readonly { readonly id: string; readonly evidence: RegExp; readonly also?: readonly string[] }[],
  found: () => ReadonlyMap<string, Found>,
): void => {
  for (const { id, evidence } of seeds) {
    it(`${id} finds its mistake`, () => {
      const seen = found().get(id);
      assert.equal(seen?.verdict, 'FAIL', JSON.stringify(seen));
      assert.match(seen.evidence, evidence);
    });
  }

  it('nothing else is broken', () => {
    const seeded = new Set(['drift', ...seeds.flatMap(({ id, also = [] }) => [id, ...also])]);
    assert.deepEqual(
      broken(found()).filter((line) => !seeded.has(line.split(':')[0] ?? '')),
      [],
    );
  });
};
