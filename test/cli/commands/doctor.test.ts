import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/base/packageRoot.ts';
import { folderWith } from '../../fixture.ts';

const bin = join(packageRoot(), 'dist/bin/comicpile.js');
const path = process.env.PATH ?? '';
const comicpile = (cwd: string, given: readonly string[], at = path) =>
  spawnSync(process.execPath, [bin, ...given], { cwd, encoding: 'utf8', env: { PATH: at } });

// What it finds is shown where an engine is: test/stack/scripts/preflight.test.ts.
describe('comicpile doctor', () => {
  const project = folderWith({});
  before(() => {
    const flags = [
      '--yes',
      '--skip-install',
      '--domain',
      'comics.example.com',
      '--app-name',
      'comics',
      '--db-user',
      'keeper',
    ];
    const { status, stderr } = comicpile(project, flags);
    assert.equal(status, 0, stderr);
  });

  it('runs deploy.sh of this version, with its exit code, and prints no control characters', () => {
    const shell = folderWith({
      bash: `#!/bin/sh\nprintf '%s\\033[2J\\n' "$2"; grep -c edited "$(dirname "$1")/lib.sh"; exit 1\n`,
    });
    chmodSync(join(shell, 'bash'), 0o755);
    const lib = join(project, 'scripts/lib.sh');
    const former = readFileSync(lib, 'utf8');
    writeFileSync(lib, `${former}# edited\n`);
    const before = readdirSync(project);
    const { status, stdout, stderr } = comicpile(project, ['doctor'], `${shell}:${path}`);
    writeFileSync(lib, former);
    assert.deepEqual([status, stderr], [1, '']);
    assert.match(stdout, /^--dry-run/);
    assert.ok(!stdout.includes('\x1b') && stdout.includes('\n0\n'), stdout);
    assert.deepEqual(readdirSync(project), before);
  });
  it('takes the path of another folder', () => {
    const { status, stderr } = comicpile(folderWith({}), ['doctor', '--output', project], '/nowhere');
    assert.equal(status, 2);
    assert.match(stderr, /bash is not on PATH/);
  });
  it('refuses a folder that has no deployment, and writes nothing', () => {
    const empty = folderWith({ 'notes.txt': '' });
    const { status, stdout, stderr } = comicpile(empty, ['doctor']);
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, /no deployment to look at[\s\S]*comicpile doctor --output \.\.\/my-app/);
    assert.deepEqual(readdirSync(empty), ['notes.txt']);
  });
  it('refuses a flag that does nothing for it', () => {
    const { status, stderr } = comicpile(project, ['doctor', '--force']);
    assert.equal(status, 2);
    assert.match(stderr, /--force does nothing for doctor/);
  });
});
