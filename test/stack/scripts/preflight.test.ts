import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certify } from '../certified.ts';
import type { Deployment } from '../deployment.ts';
import { domain, folderOf, freshName, generate } from '../generated.ts';
import { publishedCommand } from '../published.ts';
import { run } from '../run.ts';
import { findings, standIns } from './findings.ts';

describe('scripts: deploy.sh looks before it builds', () => {
  let stack: Deployment;
  const other = `www.${domain}`;
  const answers = async (name = domain): Promise<string> => {
    const at = `${name}:${stack.env('HTTPS_PORT').replace(/.*:/, '')}`;
    const asked = [
      '--silent',
      '--insecure',
      '--max-time',
      '10',
      '--resolve',
      `${at}:127.0.0.3`,
      `https://${at}/health`,
    ];
    return (await run('curl', asked)).stdout;
  };
  before(async function () {
    this.timeout(400_000);
    const name = freshName();
    stack = await generate(name, folderOf(name), ['--redirect-names', other]);
    // An address of this machine that is not the usual one.
    stack.edit('.env.production', (text) => text.replace(/^(HTTPS?_PORT=)(\d+)$/gm, '$1127.0.0.3:$2'));
    await certify(stack, [other]);
    await stack.mustScript('deploy.sh');
  });
  after(() => stack?.remove());

  it('what the script prints to be typed answers', async () => {
    const { stderr } = await stack.script('deploy.sh', '--dry-run');
    const [, command = ''] = /, and ask (curl .*)/.exec(stderr) ?? [];
    assert.equal((await run('sh', ['-c', command], { cwd: stack.directory })).stdout, '{"status":"ok"}');
  });

  it('a domain that the certificate is not for stops the deploy before anything is touched', async () => {
    const before = [stack.read('.yo-rc.json'), stack.env('APP_TAG')] as const;
    const moved = ['--yes', '--skip-install', '--domain', 'elsewhere.example.test'];
    const { code, all } = await run(await publishedCommand(), moved, { cwd: stack.directory });
    assert.equal(code, 0, all);
    try {
      const deploy = await stack.script('deploy.sh');
      assert.equal(deploy.code, 1);
      assert.match(deploy.stderr, /FAIL {2}the certificate is one that nginx can serve/);
      assert.match(deploy.stderr, /it is not for elsewhere\.example\.test, a name that is new here/);
      assert.match(deploy.stderr, /nothing was built, the running release is untouched/);
      assert.equal(await answers(), '{"status":"ok"}');
      assert.equal(stack.env('APP_TAG'), before[1]);
    } finally {
      await run(await publishedCommand(), ['--yes', '--skip-install', '--domain', domain], { cwd: stack.directory });
    }
  }).timeout(120_000);

  describe('each finding, before anything is built', () => {
    const took: number[] = [];
    const here = async (): Promise<string> => {
      const { stdout } = await run('docker', ['image', 'ls', '--quiet', stack.project]);
      return [stack.env('APP_RELEASE'), (await stack.inspect('nginx')).Id, stdout].join();
    };
    for (const { name, end, says, programs = {}, provoke, args = [] } of findings)
      it(`${end}: ${name}`, async () => {
        const path = `${standIns(join(folderOf(freshName()), 'bin'), programs)}:${process.env.PATH}`;
        const before = await here();
        const undo = await provoke?.(stack);
        try {
          const started = Date.now();
          // What is no more than a note would let a deploy go on.
          const flags = end === 'note' ? ['--dry-run', ...args] : args;
          const { code, stderr } = await run('./scripts/deploy.sh', flags, { cwd: stack.directory, path });
          took.push(Date.now() - started);
          assert.match(stderr, says);
          assert.ok(stderr.includes(`\n  ${end}`) || stderr.startsWith(`  ${end}`), stderr);
          assert.equal(code, end === 'note' ? 0 : 1, stderr);
          if (end !== 'note') assert.match(stderr, /not in order: \d, see above; nothing was built/);
        } finally {
          await undo?.();
        }
        assert.equal(await here(), before);
      }).timeout(60_000);
    it('in less than 10 seconds, half of them', () => {
      const median = took.sort((one, other) => one - other)[Math.floor(took.length / 2)] ?? Number.NaN;
      console.log(`      measured: ${took.length} looks, the median took ${median / 1000} s`);
      assert.ok(median < 10_000, String(median));
    });
  });

  describe('and then', () => {
    it('comicpile doctor says the same, whatever the scripts of the project have become', async () => {
      const scripts = stack.read('scripts/preflight.sh');
      const of = (text: string): readonly string[] =>
        text.split('\n').filter((line) => !line.startsWith('would build'));
      const { stderr } = await stack.mustScript('deploy.sh', '--dry-run');
      writeFileSync(join(stack.directory, 'scripts/preflight.sh'), 'exit 7\n');
      try {
        const { code, stdout } = await run(await publishedCommand(), ['doctor'], { cwd: stack.directory });
        assert.deepEqual(of(stdout), of(stderr));
        assert.equal(code, 0);
      } finally {
        writeFileSync(join(stack.directory, 'scripts/preflight.sh'), scripts);
      }
    }).timeout(60_000);

    it('another user of the database: nothing is misled, and the command that is printed carries it out', async () => {
      const answer = async (user: string) =>
        run(await publishedCommand(), ['--yes', '--skip-install', '--db-user', user], { cwd: stack.directory });
      await stack.mustScript('backup.sh');
      assert.equal((await answer('keeper')).code, 0);
      const before = [stack.read('secrets/db_password'), stack.env('APP_RELEASE')];
      for (const [script, ...args] of [
        ['deploy.sh'],
        ['rotate-secrets.sh', 'DB_PASSWORD'],
        ['restore.sh', '--test'],
      ] as const) {
        const { code, stderr } = await stack.script(script, ...args);
        assert.equal(code, 1, script);
        assert.match(
          stderr,
          /there is no role keeper, no role keeper_owner\n *it has comicpile: take back the answer/,
          script,
        );
      }
      assert.deepEqual([stack.read('secrets/db_password'), stack.env('APP_RELEASE')], before);
      const { stderr } = await stack.script('deploy.sh', '--dry-run');
      const commands = stderr.split('\n').filter((line) => /^ +(?:cp|docker exec) /.test(line));
      assert.equal(commands.length, 2, stderr);
      const { code, all } = await run('bash', ['-ec', commands.join('\n')], { cwd: stack.directory });
      assert.equal(code, 0, all);
      assert.equal(await answers(), '{"status":"ok"}');
      for (const [script, ...args] of [
        ['rotate-secrets.sh', 'DB_PASSWORD'],
        ['restore.sh', '--test'],
        ['deploy.sh'],
      ] as const)
        await stack.mustScript(script, ...args);
    }).timeout(400_000);
  });
});
