import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { followed, uncommitted } from '../../src/base/git.ts';
import { programFor } from '../../src/base/program.ts';
import { ignored, markUnmerged } from '../../src/changes/git.ts';
import { trackedSecrets } from '../../src/detect/trackedSecrets.ts';
import { changeOf, scratch } from '../fixture.ts';

const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.test'];
const gitIn = (directory: string, ...args: string[]): string => {
  const { status, stdout, stderr } = spawnSync('git', [...identity, ...args], { cwd: directory, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return stdout;
};

const repository = (): string => {
  const directory = scratch();
  gitIn(directory, 'init', '--quiet');
  writeFileSync(join(directory, 'a.txt'), 'a\n');
  writeFileSync(join(directory, '.env'), 'A=1\n');
  mkdirSync(join(directory, 'sub'));
  writeFileSync(join(directory, 'sub/b.txt'), 'b\n');
  gitIn(directory, 'add', '-A');
  gitIn(directory, 'commit', '--quiet', '-m', 'x');
  return directory;
};

describe('git', () => {
  it('tells what is not committed, by path from the project, wherever the repository begins', () => {
    const directory = repository();
    assert.deepEqual(uncommitted(directory), []);
    writeFileSync(join(directory, 'a.txt'), 'changed\n');
    writeFileSync(join(directory, 'sub/b.txt'), 'changed\n');
    writeFileSync(join(directory, 'new'), '');
    gitIn(directory, 'mv', '.env', '.env.local');
    assert.deepEqual(uncommitted(directory)?.toSorted(), ['.env', '.env.local', 'a.txt', 'sub/b.txt']);
    assert.deepEqual(uncommitted(join(directory, 'sub')), ['b.txt']);
    assert.equal(uncommitted(scratch()), undefined);
  });
  it('tells what is followed, of single files and of all', () => {
    const directory = repository();
    assert.deepEqual(followed(directory, ['.']), ['.env', 'a.txt', 'sub/b.txt']);
    assert.deepEqual(followed(join(directory, 'sub'), ['.']), ['b.txt']);
    assert.deepEqual(followed(directory, ['a.txt', 'new']), ['a.txt']);
    assert.deepEqual(followed(scratch(), ['.']), []);
  });

  describe('of a project that would run programs', () => {
    const hostile = () => {
      const directory = repository();
      const ran = join(directory, 'ran');
      const program = join(directory, 'program');
      writeFileSync(program, `#!/bin/sh\necho "$0 $*" >>'${ran}'\ncat\n`);
      const hook = join(directory, '.git/hooks/post-index-change');
      writeFileSync(hook, `#!/bin/sh\necho hook >>'${ran}'\n`);
      for (const path of [program, hook]) chmodSync(path, 0o755);
      const set = (key: string, value: string) => gitIn(directory, 'config', key, value);
      appendFileSync(join(directory, '.gitattributes'), '*.txt filter=evil diff=evil\nsub/*.txt filter=a=b.c\n');
      set('filter.evil.clean', program);
      set('filter.evil.smudge', program);
      set('filter.evil.required', 'true');
      set('filter.a=b.c.process', program);
      set('filter.a=b.c.required', 'true');
      set('core.pager', program);
      set('pager.status', program);
      set('core.fsmonitor', program);
      set('hook.evil.command', program);
      set('hook.evil.event', 'post-index-change');
      for (const key of ['core.sshCommand', 'core.gitProxy', 'core.editor', 'core.askPass', 'credential.helper'])
        set(key, program);
      set('diff.external', program);
      set('diff.evil.textconv', program);
      set('status.submoduleSummary', 'true');
      // What looks changed by its time is read anew, through its filter.
      for (const path of ['a.txt', 'sub/b.txt']) utimesSync(join(directory, path), new Date(), new Date(0));
      return { directory, ran };
    };

    it('the programs do run when git is asked as usual', () => {
      const { directory, ran } = hostile();
      spawnSync('git', ['status'], { cwd: directory });
      gitIn(directory, 'update-index', '--force-remove', 'sub/b.txt');
      const text = readFileSync(ran, 'utf8');
      assert.match(text, /hook/);
      assert.match(text, /program \d+ /); // the monitor, with its version
      assert.match(text, /program \n/); // a filter
    });
    it('none runs when we ask, and nothing is written', () => {
      const { directory, ran } = hostile();
      const index = readFileSync(join(directory, '.git/index'));
      assert.deepEqual(uncommitted(directory), []);
      assert.deepEqual(trackedSecrets(directory).length, 1);
      assert.deepEqual(followed(directory, ['a.txt']), ['a.txt']);
      assert.deepEqual([...ignored(directory, ['x'])], []);
      assert.deepEqual(readFileSync(join(directory, '.git/index')), index);
      markUnmerged(directory, [changeOf({ to: 'a.txt', before: 'a\n', base: 'c\n' })], () => 'b\n');
      assert.match(gitIn(directory, '-c', 'core.fsmonitor=false', 'ls-files', '--unmerged'), /3\ta\.txt/);
      assert.equal(existsSync(ran), false);
    });
  });

  it('takes each hook that is a setting out, and tells so on its line', () => {
    const directory = repository();
    const folder = scratch();
    const log = join(folder, 'log');
    // Of this git, or of a newer one that has such hooks.
    const real = programFor(directory, 'git') ?? assert.fail();
    writeFileSync(join(folder, 'git'), `#!/bin/sh\nenv | grep ^GIT_ >>'${log}'\nexec '${real}' "$@"\n`, {
      mode: 0o755,
    });
    gitIn(directory, 'config', 'hook.a.b.command', 'touch ran');
    const { PATH } = process.env;
    try {
      process.env.PATH = `${folder}:${PATH}`;
      assert.deepEqual(uncommitted(directory), []);
    } finally {
      process.env.PATH = PATH;
    }
    const said = readFileSync(log, 'utf8');
    assert.match(said, /^GIT_CONFIG_KEY_0=hook\.a\.b\.enabled$/m);
    assert.match(said, /^GIT_CONFIG_VALUE_0=false$/m);
    assert.match(said, /^GIT_CONFIG_KEY_1=hook\.a\.b\.event$/m);
    assert.match(said, /^GIT_CONFIG_COUNT=2$/m);
  });

  it('is asked about this repository, wherever the environment points', () => {
    const [directory, other] = [repository(), repository()];
    gitIn(other, 'mv', 'a.txt', 'other.txt');
    const leadsAway = {
      ...{ GIT_DIR: join(other, '.git'), GIT_WORK_TREE: other, GIT_INDEX_FILE: join(other, '.git/index') },
      ...{ GIT_EXTERNAL_DIFF: 'false', GIT_CONFIG_PARAMETERS: "'core.bare'='true'", GIT_EXEC_PATH: other },
    };
    try {
      Object.assign(process.env, leadsAway);
      assert.deepEqual(followed(directory, ['.']), ['.env', 'a.txt', 'sub/b.txt']);
      assert.equal(uncommitted(scratch()), undefined);
    } finally {
      for (const name of Object.keys(leadsAway)) delete process.env[name];
    }
  });

  it('is never one that the project has brought, and has an end', () => {
    const directory = repository();
    const ran = join(scratch(), 'ran');
    writeFileSync(join(directory, 'git'), `#!/bin/sh\n: >'${ran}'\n`, { mode: 0o755 });
    const { PATH } = process.env;
    try {
      process.env.PATH = `:.:${directory}:${PATH}`;
      assert.deepEqual(followed(directory, ['a.txt']), ['a.txt']);
    } finally {
      process.env.PATH = PATH;
    }
    assert.equal(existsSync(ran), false);
  });
});
