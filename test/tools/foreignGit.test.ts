import assert from 'node:assert/strict';
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from '../fixture.ts';
import { commandsIn, put, spoilt } from './projects.ts';
import { describeTool } from './promise.ts';
import { fullPath, toolbelt } from './toolbelt.ts';
import { must, runProgram } from './toolbox.ts';

/** A project whose repository names a program by every setting that can: it writes its name into `ran`, and passes on what it gets. */
const hostile = async (): Promise<{ readonly directory: string; readonly ran: () => readonly string[] }> => {
  const log = join(scratch(), 'ran');
  const directory = await spoilt((folder) => {
    put(folder, '.gitattributes', '*.py filter=theirs diff=theirs\n* diff=theirs\n');
    put(folder, 'sub.txt', 'one\n');
  });
  const canary = join(scratch(), 'canary');
  writeFileSync(canary, `#!/bin/sh\necho "$CANARY $*" >>'${log}'\ncat 2>/dev/null\n`);
  chmodSync(canary, 0o755);
  const run = (name: string): string => `sh -c 'CANARY=${name} ${canary}'`;
  const hooks = join(directory, '.git/hooks');
  mkdirSync(hooks, { recursive: true });
  for (const hook of [
    'post-index-change',
    'reference-transaction',
    'pre-auto-gc',
    'post-checkout',
    'fsmonitor-watchman',
  ]) {
    writeFileSync(join(hooks, hook), `#!/bin/sh\nCANARY=${hook} ${canary} </dev/null\n`);
    chmodSync(join(hooks, hook), 0o755);
  }
  appendFileSync(
    join(directory, '.git/config'),
    `[core]
	fsmonitor = ${JSON.stringify(run('fsmonitor'))}
	hooksPath = ${JSON.stringify(hooks)}
	pager = ${JSON.stringify(run('pager'))}
	editor = ${JSON.stringify(run('editor'))}
	sshCommand = ${JSON.stringify(run('ssh'))}
	askPass = ${JSON.stringify(canary)}
	gitProxy = ${JSON.stringify(canary)}
	alternateRefsCommand = ${JSON.stringify(run('alternates'))}
[filter "theirs"]
	clean = ${JSON.stringify(run('clean'))}
	smudge = ${JSON.stringify(run('smudge'))}
	process = ${JSON.stringify(run('process'))}
	required = true
[diff]
	external = ${JSON.stringify(canary)}
[diff "theirs"]
	textconv = ${JSON.stringify(run('textconv'))}
	command = ${JSON.stringify(canary)}
[log]
	showSignature = true
[gpg]
	program = ${JSON.stringify(canary)}
[credential]
	helper = ${JSON.stringify(`!${run('credential')}`)}
[pager]
	log = ${JSON.stringify(run('pager-log'))}
	diff = ${JSON.stringify(run('pager-diff'))}
	status = ${JSON.stringify(run('pager-status'))}
[alias]
	ls-files = ${JSON.stringify(`!${run('alias')}`)}
	secrets = ${JSON.stringify(`!${run('alias-secrets')}`)}
[hook "theirs"]
	event = post-index-change
	command = ${JSON.stringify(run('hook'))}
[tar "tar"]
	command = ${JSON.stringify(run('tar'))}
[status]
	submoduleSummary = true
[submodule]
	recurse = true
[extensions]
	partialClone = origin
[remote "origin"]
	url = ext::${run('ext')}
	promisor = true
	uploadpack = ${JSON.stringify(canary)}
	vcs = canary
[uploadpack]
	packObjectsHook = ${JSON.stringify(canary)}
[secrets]
	providers = ${JSON.stringify(run('provider'))}
	patterns = nothing
`,
  );
  return { directory, ran: () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter(Boolean) : []) };
};

/** As many changes as a filter, a driver of diffs or a check of signatures could be asked about; the signature is none of anybody. */
const change = async (directory: string): Promise<void> => {
  appendFileSync(join(directory, 'sub.txt'), 'two\n');
  appendFileSync(join(directory, 'app/main.py'), '\n');
  appendFileSync(join(directory, 'SECURITY.md'), '\n');
};

describe('a repository whose settings name programs', () => {
  describeTool('git', () => {
    it('is one in which plain git runs them: the test sees what it is looking for', async () => {
      const { directory, ran } = await hostile();
      await change(directory);
      await runProgram('git', ['status', '--porcelain'], { cwd: directory });
      await runProgram('git', ['diff', 'HEAD'], { cwd: directory });
      const seen = ran().join('\n');
      for (const name of ['fsmonitor', 'process']) assert.ok(seen.includes(name), `${name} is not in:\n${seen}`);
    });

    it('safe_git runs none of them, whatever it is asked', async () => {
      const { directory, ran } = await hostile();
      await change(directory);
      const script = `. scripts/lib.sh
safe_git status --porcelain; safe_git diff --stat HEAD; safe_git diff HEAD; safe_git log -p -1; safe_git show HEAD
safe_git archive HEAD -- SECURITY.md | tar -tf -; safe_git ls-files; safe_git rev-parse HEAD; safe_git remote get-url origin
safe_git cat-file --batch-all-objects --batch-check | { head -n 3; cat >/dev/null; }
safe_git bundle create --quiet "$TMPDIR/history.bundle" --all HEAD`;
      const { exitCode, output } = await runProgram('bash', ['-c', script], { cwd: directory });
      assert.equal(exitCode, 0, output);
      assert.match(output, /^ M SECURITY\.md$/m);
      assert.match(output, /^\+two$/m);
      assert.deepEqual(ran(), []);
    });

    it('refuses a setting that it could not switch off', async () => {
      const { directory } = await hostile();
      appendFileSync(join(directory, '.git/config'), '[filter "a=b"]\n\tclean = false\n');
      const { output } = await runProgram('bash', ['-c', '. scripts/lib.sh; safe_git status || echo "ended with $?"'], {
        cwd: directory,
      });
      assert.match(output, /cannot be switched off: filter\.a=b\.clean\nended with 128/);
    });

    it('lets the filters of this machine write into a copy of a commit, as those of Git LFS, and no others', async () => {
      const directory = await spoilt((folder) =>
        put(folder, '.gitattributes', 'SECURITY.md filter=mine\nREADME.md filter=theirs\n'),
      );
      put(directory, 'README.md', 'as it is\n');
      await must('git', ['add', '--all'], { cwd: directory });
      await must('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.test', 'commit', '--quiet', '-m', 'two'], {
        cwd: directory,
      });
      const global = join(scratch(), 'gitconfig');
      writeFileSync(global, '[filter "mine"]\n\tsmudge = "echo mine"\n');
      appendFileSync(join(directory, '.git/config'), '[filter "theirs"]\n\tsmudge = "echo theirs"\n');
      const script = `export GIT_CONFIG_GLOBAL='${global}'; . scripts/lib.sh; safe_git archive HEAD | tar -xOf - SECURITY.md README.md`;
      assert.equal((await runProgram('bash', ['-c', script], { cwd: directory })).output, 'as it is\nmine');
    });

    it('is followed by root where the project, and so these scripts, belong to somebody else', async function () {
      if (process.getuid?.() !== 0) this.skip();
      const directory = await spoilt(() => undefined);
      await runProgram('chown', ['-R', '4242:4242', directory]);
      const ask = (before: string) =>
        runProgram('bash', ['-c', `${before} . scripts/lib.sh; safe_git rev-parse --verify --quiet HEAD`], {
          cwd: directory,
        });
      assert.match((await ask('')).output, /^[0-9a-f]{40}$/);
      assert.notEqual((await ask('COMICPILE_PROJECT=.;')).exitCode, 0);
    });
  });

  describeTool('gitleaks', () => {
    for (const [name, args] of [
      ['audit.sh', []],
      ['scan.sh', ['--skip', 'image', '--skip', 'base', '--skip', 'dependencies']],
      ['deploy.sh', ['--dry-run']],
      ['rollback.sh', ['git', 'HEAD', '--dry-run']],
      ['evidence.sh', []],
    ] as const) {
      it(`scripts/${name} runs none of them`, async () => {
        const { directory, ran } = await hostile();
        await change(directory);
        assert.ok(commandsIn(directory).includes(name));
        const { output } = await runProgram('env', [`PATH=${fullPath}`, 'bash', `scripts/${name}`, ...args], {
          cwd: directory,
        });
        assert.deepEqual(ran(), [], output);
        if (name === 'audit.sh') assert.match(output, /^FAIL +git-tracked|^ok +git-tracked/m, output);
      });
    }
  });

  it('no script calls git but by safe_git', async () => {
    const directory = await spoilt(() => undefined);
    const found = await runProgram(
      'grep',
      ['-rnE', '(^|[;&|({ ])git +(-[a-zA-Z]+ +[^ ]+ +)?[a-z][a-z-]+', 'scripts', '--include=*.sh'],
      { cwd: directory },
    );
    const calls = found.output
      .split('\n')
      .filter((line) => !/^\S+:\d+: *#|\b(?:say|die|misuse|row git) ["']|\bneed git|'[^']*git [^']*'/.test(line));
    assert.deepEqual(
      calls.filter(
        (line) =>
          !/lib\.sh:.*git "\$\{options\[@\]\}"|audit\.sh:.*within 120 git|git -c protocol\.file\.allow=always/.test(
            line,
          ),
      ),
      [],
    );
  });
});

describe('a project with programs of its own', () => {
  const tools = ['awk', 'git', 'python3', 'docker', 'sed', 'sort', 'openssl', 'gitleaks', 'timeout'];
  const withTools = (folder: string): void => {
    for (const at of ['node_modules/.bin', '.venv/bin', 'bin'])
      for (const tool of tools) {
        put(folder, `${at}/${tool}`, '#!/bin/sh\ntouch "$RAN"\nexit 0\n');
        chmodSync(join(folder, at, tool), 0o755);
      }
    put(folder, 'json.py', 'import os\nopen(os.environ["RAN"], "w")\n');
    put(folder, '.python-version', '../../../x\n');
  };

  it('finds none of them run by the audit or a scan, even where PATH begins with it', async () => {
    const ran = join(scratch(), 'ran');
    const directory = await spoilt(withTools);
    const belt = toolbelt('bash env dirname', {});
    const path = `${belt}:.venv/bin:${directory}/node_modules/.bin:./bin:${fullPath}`;
    for (const script of [['scripts/audit.sh'], ['scripts/scan.sh', '--skip', 'image', '--skip', 'base']]) {
      const { output } = await runProgram('env', [`PATH=${path}`, `RAN=${ran}`, 'PYTHONPATH=.', 'bash', ...script], {
        cwd: directory,
      });
      assert.ok(!existsSync(ran), `${script[0]}:\n${output}`);
    }
  });
});
