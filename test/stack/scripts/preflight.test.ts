import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { certify } from '../certified.ts';
import type { Deployment } from '../deployment.ts';
import { domain, folderOf, freshName, generate } from '../generated.ts';
import { publishedCommand } from '../published.ts';
import { run } from '../run.ts';

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

  it('a port that somebody has is found before anything is built', async () => {
    const server = createServer().listen(0, '127.0.0.3');
    await new Promise((done) => server.once('listening', done));
    const { port } = server.address() as { port: number };
    const before = stack.read('.env.production');
    stack.edit('.env.production', (text) => text.replace(/^HTTP_PORT=.*/m, `HTTP_PORT=127.0.0.3:${port}`));
    try {
      const { code, all } = await stack.script('deploy.sh');
      assert.equal(code, 1);
      assert.ok(all.includes(`HTTP_PORT: a program of this machine listens at 127.0.0.3:${port}`), all);
      assert.match(all, /nothing was built/);
    } finally {
      writeFileSync(join(stack.directory, '.env.production'), before);
      server.close();
    }
  }).timeout(60_000);
});
