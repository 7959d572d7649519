import assert from 'node:assert/strict';
import { secretNames } from '../../../src/secrets.ts';
import { type Production, production } from '../production.ts';
import { logIn } from '../psql.ts';
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
    for (const name of secretNames) {
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
    assert.deepEqual(secretsIn(app.Config.Env.join('\n'), old), []);
    assert.equal((await ask(here.site, '/health')).status, 200);
    assert.equal((await sendJson(here.site, '/api/comics', { title: 'after the rotation' })).status, 201);
  });

  it('no value, old or new, is in a log', async () => {
    const text = (await here.stack.compose('logs', '--no-color')).all + here.stack.read('rotation.log');
    assert.match(text, /rotated POSTGRES_PASSWORD/);
    assert.deepEqual([...secretsIn(text, old), ...secretsIn(text, now)], []);
  });

  it('refuses a name that is no secret', async () => {
    const { code, stderr } = await here.stack.script('rotate-secrets.sh', 'PASSWORD');
    assert.equal(code, 1);
    assert.match(stderr, /there is no secret named 'PASSWORD'/);
  });
});
