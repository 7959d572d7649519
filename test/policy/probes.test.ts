import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { probePattern, probePatternOfMtail } from '../../src/policy/probes.ts';

const probed = [
  '/.env',
  '/.git/config',
  '/wp-login.php',
  '/blog/wp-content/x',
  '/index.php',
  '/phpmyadmin/',
  '/actuator/health',
  '/backup.zip',
  '/db.sql',
  '/static/../../etc/passwd',
  '/%2e%2e/x',
  '/..%2fx',
  '/%252e%252e%252fx',
  '/?q=<script>',
  '/id_rsa',
];
const ordinary = [
  '/',
  '/health',
  '/api/comics/1',
  '/static/site.css',
  '/environment',
  '/wp',
  '/a.phpx',
  '/docs',
  '/a..b/c',
];

describe('probePattern', () => {
  it('finds what only scanners ask for, and nothing that an app has', () => {
    const pattern = new RegExp(probePattern);
    assert.deepEqual(
      probed.filter((path) => !pattern.test(path)),
      [],
    );
    assert.deepEqual(
      ordinary.filter((path) => pattern.test(path)),
      [],
    );
  });
  it('is what grep -E takes, and finds the same', () => {
    const { stdout } = spawnSync('grep', ['-E', '-e', probePattern], {
      input: [...probed, ...ordinary].map((path) => `${path}\n`).join(''),
      encoding: 'utf8',
    });
    assert.deepEqual(stdout.trim().split('\n'), probed);
  });
  it('is in lower case, without a backslash and without counts in braces', () =>
    assert.doesNotMatch(probePattern, /[A-Z\\]|\{\d/));
  it('has no bare slash as mtail has it, and is the same else', () => {
    assert.doesNotMatch(probePatternOfMtail, /(?<!\\)\//);
    assert.equal(probePatternOfMtail.replaceAll('\\/', '/'), probePattern);
  });
});
