import assert from 'node:assert/strict';
import { usualSecrets } from '../../usualSecrets.ts';
import { eventually } from '../eventually.ts';
import { type Production, production } from '../production.ts';
import { logIn, superuser } from '../psql.ts';
import { secretsIn, secretValues } from '../secretValues.ts';
import { ask, sendJson } from '../site.ts';

describe('scripts: rotate-secrets.sh', () => {
  let here: Production;
  let old: ReadonlyMap<string, string>;
  let now: ReadonlyMap<string, string>;
  before(async () => {
    here = await production();
    old = secretValues(here.stack);
  });

  it('all: gives every secret a new value', async () => {
    const { all } = await here.stack.mustScript('rotate-secrets.sh', 'all');
    now = secretValues(here.stack);
    for (const name of usualSecrets) {
      assert.notEqual(now.get(name), old.get(name), name);
      assert.match(now.get(name) ?? '', /^[A-Za-z0-9_-]{43}$/);
    }
    assert.deepEqual(
      secretsIn(all, new Map([...old, ...[...now].map(([name, value]) => [`new ${name}`, value] as const)])),
      [],
    );
  });

  for (const [secret, role] of [
    ['POSTGRES_PASSWORD', 'postgres'],
    ['DB_OWNER_PASSWORD', 'owner'],
    ['DB_PASSWORD', 'user'],
  ] as const) {
    it(`the old ${secret} is refused over TCP, the new one opens`, async () => {
      const { roles, stack } = here;
      const name = role === 'postgres' ? role : roles[role];
      const refused = await logIn(stack, name, old.get(secret) ?? '', roles.database, 'SELECT 1');
      assert.notEqual(refused.code, 0);
      assert.match(refused.stderr, /password authentication failed/);
      const opened = await logIn(stack, name, now.get(secret) ?? '', roles.database, 'SELECT 1');
      assert.deepEqual([opened.code, opened.stdout], [0, '1']);
    });
  }

  it('the app is healthy on the new values, and the API reads and writes', async () => {
    const app = await here.stack.inspect('app');
    assert.equal(app.State.Health?.Status, 'healthy');
    assert.deepEqual(secretsIn(app.Config.Env.join('\n'), now).sort(), ['DB_PASSWORD', 'SECRET_KEY']);
    assert.deepEqual(
      secretsIn(app.Config.Env.join('\n'), old).sort(),
      ['DB_PASSWORD', 'SECRET_KEY'],
      'as NAME_PREVIOUS',
    );
    assert.equal((await ask(here.site, '/health')).status, 200);
    assert.equal((await sendJson(here.site, '/api/comics', { title: 'after the rotation' })).status, 201);
  });

  it('no value, old or new, is in a log', async () => {
    const text = (await here.stack.compose('logs', '--no-color')).all + here.stack.read('rotation.log');
    assert.match(text, /rotated POSTGRES_PASSWORD/);
    assert.deepEqual([...secretsIn(text, old), ...secretsIn(text, now)], []);
  });

  it('--end-grace: the app is no longer given the old SECRET_KEY, and a second rotation has none', async () => {
    const { stack } = here;
    assert.deepEqual(secretsIn(stack.env('SECRET_KEY_PREVIOUS'), old), ['SECRET_KEY']);
    await stack.mustScript('rotate-secrets.sh', '--end-grace');
    assert.equal(stack.env('SECRET_KEY_PREVIOUS'), '');
    const { Config } = await stack.inspect('app');
    assert.deepEqual(secretsIn(Config.Env.join('\n'), old), ['DB_PASSWORD']);
  });

  it('--no-grace: no former SECRET_KEY, and a session that the old password opened is ended', async () => {
    const { stack, roles } = here;
    const sleeping = logIn(
      stack,
      roles.user,
      now.get('DB_PASSWORD') ?? '',
      roles.database,
      'SET statement_timeout = 0; SELECT pg_sleep(120)',
    );
    const count = `SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(120)%' AND usename = '${roles.user}'`;
    await eventually('the session is there', 10, async () =>
      (await superuser(stack, count)) === '1' ? true : undefined,
    );
    await stack.mustScript('rotate-secrets.sh', '--no-grace', 'DB_PASSWORD', 'SECRET_KEY');
    const { code, stderr } = await sleeping;
    assert.notEqual(code, 0);
    assert.match(stderr, /terminating connection due to administrator command/);
    assert.equal(stack.env('SECRET_KEY_PREVIOUS'), '');
    const { Config } = await stack.inspect('app');
    assert.deepEqual(secretsIn(Config.Env.join('\n'), now), ['DB_PASSWORD'], 'and that one is refused by the database');
    assert.equal((await ask(here.site, '/health')).status, 200);
  });

  it('--older-than: only what is due', async () => {
    const { stack } = here;
    const before = stack.read('.env.production');
    const { stderr } = await stack.mustScript('rotate-secrets.sh', '--older-than', '90d', 'all');
    assert.match(stderr, /nothing is older than 90 days/);
    assert.equal(stack.read('.env.production'), before);
    // As if the owner's password had been rotated a hundred days ago.
    const then = new Date(Date.now() - 100 * 86_400_000).toISOString().replace(/\.\d+/, '');
    stack.edit(
      'rotation.log',
      (text) => `${then} rotated DB_OWNER_PASSWORD\n${text.replaceAll(' DB_OWNER_PASSWORD', '')}`,
    );
    await stack.mustScript('rotate-secrets.sh', '--older-than', '90d', 'all');
    assert.match(stack.read('rotation.log'), /Z rotated DB_OWNER_PASSWORD\n$/);
  });

  for (const [args, why] of [
    [['PASSWORD'], /there is no secret named 'PASSWORD'/],
    [[], /which secret\?/],
    [['--older-than', '3 months', 'all'], /--older-than takes days, not '3 months'/],
    [['--repair', 'all'], /--repair stands alone/],
  ] as const) {
    it(`refuses ${args.join(' ') || 'nothing'}`, async () => {
      const before = here.stack.read('.env.production');
      const { code, stderr } = await here.stack.script('rotate-secrets.sh', ...args);
      assert.equal(code, 2);
      assert.match(stderr, why);
      assert.equal(here.stack.read('.env.production'), before);
    });
  }
});
