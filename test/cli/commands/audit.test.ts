import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/base/packageRoot.ts';
import { folderWith } from '../../fixture.ts';

const bin = join(packageRoot(), 'dist/bin/comicpile.js');
const comicpile = (cwd: string, path: string, ...args: readonly string[]) =>
  spawnSync(process.execPath, [bin, 'audit', ...args], { cwd, encoding: 'utf8', env: { PATH: path } });

// The audit itself is shown where Python and an engine are: test/tools/auditJudge.test.ts, test/stack/audit/.
describe('comicpile audit', () => {
  const path = process.env.PATH ?? '';
  const byHand = folderWith({ Dockerfile: 'FROM scratch\n' });
  const refuses = (what: string, reason: RegExp, directory: string, at: string, ...flags: readonly string[]): void => {
    it(`refuses ${what}, and writes nothing`, () => {
      const before = readdirSync(directory);
      const { status, stderr, stdout } = comicpile(directory, at, ...flags);
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, reason);
      assert.deepEqual(readdirSync(directory), before);
    });
  };

  it('hands --only and --list on to the script', () => {
    // A bash that prints what it was given: what the script makes of it is shown where Python is.
    const shell = folderWith({ bash: '#!/bin/sh\n[ "$1" = -c ] || { shift; echo "$@"; }\n' });
    chmodSync(join(shell, 'bash'), 0o755);
    const { stdout, stderr } = comicpile(byHand, shell, '--only', 'run-*', '--only', 'edge-tls', '--list');
    assert.equal(stdout, '--only run-* --only edge-tls --list\n', stderr);
  });

  const empty = folderWith({ 'notes.txt': '' });
  refuses('a folder with nothing to look at', /no compose file, no Dockerfile and no nginx\.conf/, empty, path);
  refuses('two formats at once', /--json and --html: one format a run.*--reports/, byHand, path, '--json', '--html');
  refuses(
    '--live for what it has not generated',
    /--live is for a deployment of this generator/,
    byHand,
    path,
    '--live',
  );
  refuses('two formats, one of them the list', /--json and --list: one format a run/, byHand, path, '--json', '--list');
  refuses('an id that is none', /--only "Run;x" is neither the id of a check/, byHand, path, '--only', 'Run;x');
  refuses('a machine without bash', /bash is not on PATH/, byHand, '/nowhere');
  refuses('a flag that does nothing for it', /--dry-run does nothing for audit/, byHand, path, '--dry-run');
});
