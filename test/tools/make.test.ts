import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/base/packageRoot.ts';
import { scratch } from '../fixture.ts';
import { commandsIn, project, spoilt } from './projects.ts';
import { describeTool } from './promise.ts';
import { must, run, runProgram } from './toolbox.ts';

/** Instead of each script, and of docker: notes its name and its arguments, each in brackets. */
const standIn = (calls: string) =>
  `#!/bin/sh\nprintf '%s' "\${0##*/}" >>'${calls}'\nfor word; do printf ' [%s]' "$word" >>'${calls}'; done\necho >>'${calls}'\n`;

describeTool('make', () => {
  let directory: string;
  let calls: string;
  before(async () => {
    calls = join(scratch(), 'calls');
    directory = await spoilt((path) => {
      const scripts = readdirSync(join(path, 'scripts')).filter((name) => name.endsWith('.sh'));
      for (const name of scripts) writeFileSync(join(path, 'scripts', name), standIn(calls));
      mkdirSync(join(path, 'bin'));
      writeFileSync(join(path, 'bin/docker'), standIn(calls));
      chmodSync(join(path, 'bin/docker'), 0o755);
    });
  });
  const make = async (...args: string[]): Promise<{ exitCode: number; output: string; called: string[] }> => {
    writeFileSync(calls, '');
    const { exitCode, output } = await runProgram(
      'env',
      [`PATH=${join(directory, 'bin')}:${process.env.PATH}`, 'make', ...args],
      { cwd: directory },
    );
    return { exitCode, output, called: readFileSync(calls, 'utf8').split('\n').filter(Boolean) };
  };
  const targets = async (where: string): Promise<string[]> =>
    [...(await must('make', [], { cwd: where })).stdout.matchAll(/^ {2}make (\S+) +\S/gm)].map(
      ([, name]) => name ?? '',
    );

  it('without a target lists them all; each is described, and is none of a file', async () => {
    const text = readFileSync(join(directory, 'ops.mk'), 'utf8');
    const listed = await targets(directory);
    const written = [...text.matchAll(/^([a-z-]+):/gm)].map(([, name]) => name);
    assert.ok(listed.length > 20);
    assert.deepEqual(listed, written);
    const phony = [...text.matchAll(/^\.PHONY:((?:.*\\\n)*.*)$/gm)].flatMap(
      ([, names]) => names?.match(/[a-z-]+/g) ?? [],
    );
    assert.deepEqual(phony.sort(), [...listed].sort());
  });

  it('has a target for every script', async () => {
    const text = readFileSync(join(directory, 'ops.mk'), 'utf8');
    assert.deepEqual(
      commandsIn(await project('a new app')).filter((name) => !text.includes(`scripts/${name}`)),
      [],
    );
  });

  it('an app without tests of ours has no target for them', async () => {
    assert.ok(!(await targets(await project('a uv app with Alembic'))).includes('test'));
  });

  it('every target calls one thing, and its exit code counts', async () => {
    for (const target of (await targets(directory)).filter((name) => name !== 'help')) {
      const { exitCode, called, output } = await make(target, 'FILE=one');
      assert.deepEqual([exitCode, called.length], [0, 1], `${target}: ${output}`);
      assert.match(called[0] ?? '', /^(?:docker \[compose\]|[a-z-]+\.sh)/, target);
    }
    writeFileSync(join(directory, 'scripts/backup.sh'), '#!/bin/sh\nexit 7\n');
    assert.notEqual((await make('backup')).exitCode, 0);
    writeFileSync(join(directory, 'scripts/backup.sh'), standIn(calls));
  });

  for (const [args, called] of [
    [['deploy'], 'deploy.sh'],
    [['deploy', 'ARGS=--scan --keep 3'], 'deploy.sh [--scan] [--keep] [3]'],
    [['check'], 'deploy.sh [--dry-run]'],
    [['rollback'], 'rollback.sh [previous]'],
    [['rollback', 'ARGS=image 1 --dry-run'], 'rollback.sh [image] [1] [--dry-run]'],
    [['restore', 'FILE=backups/a b.dump', 'ARGS=--yes'], 'restore.sh [backups/a b.dump] [--yes]'],
    [['drill', "FILE=it's; touch pwned"], "restore.sh [--test] [it's; touch pwned]"],
    [['restore', 'FILE=`touch pwned`" && touch pwned #*'], 'restore.sh [`touch pwned`" && touch pwned #*]'],
    [['scan', 'ARGS=; touch pwned * `touch pwned`'], 'scan.sh [;] [touch] [pwned] [*] [`touch] [pwned`]'],
    [
      ['logs', 'ARGS=app'],
      'docker [compose] [-f] [docker-compose.prod.yml] [--env-file] [.env.production] [logs] [--follow] [--tail] [100] [app]',
    ],
    [['incident'], 'incident.sh [--help]'],
    [['test', 'ARGS=-k health'], 'docker [compose] [exec] [-T] [app] [pytest] [-k] [health]'],
  ] as const) {
    it(`make ${args.join(' ')}: ${called}`, async () => {
      const made = await make(...args);
      assert.deepEqual(made.called, [called], made.output);
      assert.ok(!existsSync(join(directory, 'pwned')), 'what was given was run');
    });
  }

  it('a file that must be named is asked for, and nothing is called', async () => {
    for (const target of ['restore', 'review']) {
      const { exitCode, called, output } = await make(target);
      assert.deepEqual([exitCode, called], [2, []], output);
      assert.match(output, new RegExp(`is missing: make ${target} FILE=`));
    }
  });

  it('a Makefile that is there stays as it is, and may include ours', async () => {
    const mine = scratch();
    const text = 'hello:\n\t@echo hello\n\ninclude ops.mk\n';
    writeFileSync(join(mine, 'Makefile'), text);
    const bin = join(packageRoot(), 'dist/bin/comicpile.js');
    const args = [bin, '--yes', '--skip-install', '--domain', 'app.example.test'];
    const { exitCode, output } = await runProgram(process.execPath, args, { cwd: mine });
    assert.equal(exitCode, 0, output);
    assert.equal(readFileSync(join(mine, 'Makefile'), 'utf8'), text);
    assert.equal((await must('make', [], { cwd: mine })).stdout, 'hello');
    assert.match((await run('make', ['help'], { cwd: mine })).stdout, /make deploy/);
  });
});
