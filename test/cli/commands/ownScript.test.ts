import assert from 'node:assert/strict';
import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../../../src/base/refusal.ts';
import { runOwnScript } from '../../../src/cli/commands/ownScript.ts';
import { folderWith, renderAll, stackOf } from '../../fixture.ts';

// A bash that says where it stands, what it was given, and what it is told of the project.
const reports = `#!/bin/sh
echo "$PWD|$COMICPILE_PROJECT|$GIVEN|$(dirname "$1")|$2|$(ls "$(dirname "$1")" | tr '\\n' ' ')"
echo away >&2
exit 3
`;

describe('a script of this version, run on a project', () => {
  const files = renderAll(stackOf({})).filter(({ artifact: { to } }) => /^scripts\/(deploy|lib)\.sh$/.test(to));
  const project = folderWith({ 'scripts/lib.sh': 'exit 7\n' });
  const former = process.env.PATH;
  const withBash = async (path: string) => {
    process.env.PATH = path;
    try {
      return await runOwnScript(project, 'scripts/deploy.sh', files, {
        flags: ['--dry-run'],
        env: { GIVEN: 'a value' },
      });
    } finally {
      process.env.PATH = former;
    }
  };
  const shell = folderWith({ bash: reports });
  chmodSync(join(shell, 'bash'), 0o755);

  it('stands in the project, and is sourced from elsewhere', async () => {
    const { exitCode, stdout, stderr } = await withBash(`${shell}:${former}`);
    const [at, told, given, folder, flag, beside] = stdout.split('|');
    assert.deepEqual([exitCode, stderr, at, told, given, flag], [3, 'away', project, project, 'a value', '--dry-run']);
    assert.notEqual(folder, join(project, 'scripts'));
    assert.equal(beside, 'deploy.sh lib.sh ');
    assert.deepEqual(readdirSync(join(project, 'scripts')), ['lib.sh']);
  });
  it('is never found beside the project: a bash of its own is not run', async () => {
    const hostile = folderWith({ 'bin/bash': '#!/bin/sh\nexit 0\n' });
    chmodSync(join(hostile, 'bin/bash'), 0o755);
    process.env.PATH = join(hostile, 'bin');
    try {
      assert.throws(() => runOwnScript(hostile, 'scripts/deploy.sh', files, { flags: [] }), Refusal);
    } finally {
      process.env.PATH = former;
    }
  });
});
