import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { usualSecrets } from '../usualSecrets.ts';
import type { Deployment } from './deployment.ts';
import { requireImages } from './engine.ts';
import { folderOf, freshName, generate } from './generated.ts';
import { inspected } from './inspected.ts';
import { siteOf } from './production.ts';
import { logIn } from './psql.ts';
import { publishedCommand } from './published.ts';
import { must, type Outcome, run } from './run.ts';
import { heldValues, secretsIn, secretValues } from './secretValues.ts';
import { ask, type Site, sendJson } from './site.ts';

describe('secrets in files: --secrets files under umask 077, started by deploy.sh', () => {
  let stack: Deployment;
  let site: Site;
  let dry: Outcome;
  before(async () => {
    const name = freshName();
    // Many servers have this umask; what containers must read, they must reach all the same.
    const umask = process.umask(0o077);
    try {
      stack = await generate(name, folderOf(name), ['--db-user', 'filer', '--secrets', 'files']);
    } finally {
      process.umask(umask);
    }
    // So does a checkout leave the rest: closed.
    await must('chmod', ['-R', 'go=', 'nginx', 'db'], { cwd: stack.directory });
    await requireImages(await stack.images());
    dry = await stack.script('deploy.sh', '--dry-run');
    await stack.mustScript('deploy.sh');
    site = siteOf(stack, stack.read('ssl/fullchain.pem'));
  });

  after(() => stack?.remove());

  it('a dry run before the first deployment does not call closed files a fault of nginx', () => {
    assert.equal(dry.code, 0, dry.all);
    assert.match(dry.stderr, /ok {4}nginx takes its configuration \(not asked before the first deployment\)/);
  });

  it('is healthy, and the API reads and writes', async () => {
    assert.equal((await ask(site, '/health')).status, 200);
    assert.equal((await sendJson(site, '/api/comics', { title: 'Filed' })).status, 201);
  });

  it('keeps the secrets out of .env.production; each file is for its owner and the containers', () => {
    assert.equal(statSync(join(stack.directory, 'secrets')).mode & 0o777, 0o700);
    assert.doesNotMatch(stack.read('.env.production'), /PASSWORD|SECRET_KEY/);
    for (const name of usualSecrets) {
      const { mode, gid } = statSync(join(stack.directory, 'secrets', name.toLowerCase()));
      assert.deepEqual([mode & 0o777, gid], [0o640, 10001], name);
    }
  });

  it('leaves a later run of the generator nothing to change', async () => {
    const { code, all } = await run(await publishedCommand(), ['--dry-run'], { cwd: stack.directory });
    assert.equal(code, 0, all);
  });

  for (const [service, files] of [
    ['nginx', []],
    ['app', ['db_password', 'db_password_previous', 'secret_key', 'secret_key_previous']],
    ['db', ['db_owner_password', 'db_password', 'postgres_password']],
  ] as const) {
    it(`${service} finds ${files.length === 0 ? 'no secret' : files.join(', ')} in /run/secrets, and none in its environment`, async () => {
      const { stdout } = await stack.inside(service, ['sh', '-c', 'ls /run/secrets 2>/dev/null; true']);
      assert.deepEqual(stdout.split('\n').filter(Boolean), [...files]);
      const { Config } = await stack.inspect(service);
      assert.deepEqual(secretsIn(Config.Env.join('\n'), secretValues(stack)), []);
    });
  }

  it('has no secret in its logs', async () => {
    assert.deepEqual(secretsIn((await stack.compose('logs', '--no-color')).all, secretValues(stack)), []);
  });

  it('rotates one of them', async () => {
    const before = secretValues(stack);
    await stack.mustScript('rotate-secrets.sh', 'DB_PASSWORD');
    const after = secretValues(stack);
    assert.deepEqual(
      usualSecrets.filter((name) => before.get(name) !== after.get(name)),
      ['DB_PASSWORD'],
    );
    const database = stack.project.replaceAll('-', '_');
    const refused = await logIn(stack, 'filer', before.get('DB_PASSWORD') ?? '', database, 'SELECT 1');
    assert.match(refused.stderr, /password authentication failed/);
    assert.equal((await logIn(stack, 'filer', after.get('DB_PASSWORD') ?? '', database, 'SELECT 1')).stdout, '1');
    assert.equal((await ask(site, '/health')).status, 200);
  });

  it('has them in ./secrets and nowhere else: not in what docker inspect or compose config tells, nor in any log', async () => {
    const values = heldValues(stack);
    assert.ok(values.has('DB_PASSWORD_PREVIOUS'));
    const everything = await inspected(stack.project);
    for (const service of ['nginx', 'app', 'db']) assert.ok(everything.has(service), service);
    for (const [what, text] of everything) assert.deepEqual(secretsIn(text, values), [], what);
    for (const command of [['--profile', '*', 'config'], ['logs', '--no-color'], ['top']]) {
      assert.deepEqual(secretsIn((await stack.compose(...command)).all, values), [], command.join(' '));
    }
    const files = readdirSync(stack.directory, { recursive: true, encoding: 'utf8' });
    const texts = files
      .filter((path) => statSync(join(stack.directory, path)).isFile())
      .map((path) => [path, stack.read(path)] as const);
    for (const [name, value] of values) {
      const holding = texts.filter(([, text]) => text.includes(value)).map(([path]) => path);
      assert.deepEqual(holding, [`secrets/${name.toLowerCase()}`]);
    }
  });

  it('passes its own audit but for the self-signed certificate', async () => {
    await stack.guard();
    const { code, stdout } = await stack.script('audit.sh', '--live', '--allow-self-signed');
    assert.equal(code, 0, stdout);
    assert.equal((await stack.script('audit.sh', '--live')).code, 1);
  });
});
