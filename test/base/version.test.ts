import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/base/packageRoot.ts';
import { compareVersions, version } from '../../src/base/version.ts';

describe('version', () => {
  it('is that of package.json', () => {
    const manifest = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };
    assert.equal(version(), manifest.version);
  });
});

describe('compareVersions', () => {
  for (const [one, other, sign] of [
    ['0.1.0', '0.1.0', 0],
    ['0.1.0', '0.2.0', -1],
    ['0.10.0', '0.9.0', 1],
    ['1.0.0', '0.99.99', 1],
    ['1.2.3', '1.2.10', -1],
    ['1.0.0-rc.1', '1.0.0', 0],
    // What is no version is older than any.
    ['', '0.0.1', -1],
    ['soon', '0.1.0', -1],
  ] as const) {
    it(`${JSON.stringify(one)} and ${other}: ${sign}`, () => {
      assert.equal(Math.sign(compareVersions(one, other)), sign);
      assert.equal(Math.sign(compareVersions(other, one)) + sign, 0);
    });
  }
});
