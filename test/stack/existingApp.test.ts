import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { broken, runAudit } from './audit/runAudit.ts';
import type { Deployment } from './deployment.ts';
import { folderOf, freshName, generate } from './generated.ts';
import { outage, underLoad } from './load.ts';
import { siteOf } from './production.ts';
import { logIn, superuser } from './psql.ts';
import { secretsIn, secretValues } from './secretValues.ts';
import { ask, type Site, sendJson, valuesOf } from './site.ts';

// As an app may be that never heard of us: it makes its own table, and sends headers that it had better not.
const app = `
import os

import asyncpg
from fastapi import FastAPI, Request, Response

app = FastAPI()
url = os.environ["DATABASE_URL"].replace("+asyncpg", "")


async def query(sql: str):
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


@app.get("/alive")
async def alive():
    return {"role": await query("SELECT current_user")}


@app.post("/rows")
async def rows():
    await query("CREATE TABLE IF NOT EXISTS visits (at timestamptz DEFAULT now())")
    await query("INSERT INTO visits DEFAULT VALUES")
    return {"rows": await query("SELECT count(*) FROM visits")}


@app.get("/who")
async def who(request: Request, response: Response):
    response.headers["X-Frame-Options"] = "ALLOWALL"
    response.headers["Strict-Transport-Security"] = "max-age=0"
    response.headers["X-Powered-By"] = "home-made"
    response.headers["Server"] = "home-made/1.0"
    return {"client": request.client.host, "scheme": request.url.scheme, "headers": dict(request.headers)}
`;

type Who = { readonly client: string; readonly scheme: string; readonly headers: Readonly<Record<string, string>> };

describe('an existing app: requirements.txt, no migrations', () => {
  let stack: Deployment;
  let site: Site;
  before(async () => {
    const name = freshName();
    const directory = folderOf(name);
    writeFileSync(join(directory, 'main.py'), app.trimStart());
    writeFileSync(join(directory, 'requirements.txt'), 'fastapi\nuvicorn\nasyncpg\n');
    const shape = ['--app', 'existing', '--migrations', 'none', '--app-entry', 'main:app', '--health-path', '/alive'];
    stack = await generate(name, directory, ['--db-user', 'visitor', ...shape, '--app-port', '9000']);
    await stack.mustScript('certs.sh', 'init');
    await stack.up();
    site = siteOf(stack, stack.read('ssl/fullchain.pem'));
  });

  after(() => stack?.remove());

  it('is built, healthy, and reads DATABASE_URL', async () => {
    const { status, body } = await ask(site, '/alive');
    assert.deepEqual([status, body], [200, '{"role":"visitor"}']);
    assert.equal((await stack.inspect('app')).State.Health?.Status, 'healthy');
  });

  it('makes its own table, as the owner of its database', async () => {
    assert.equal((await sendJson(site, '/rows', {})).body, '{"rows":1}');
  });

  it('its files are left as they were, and there is no step of migrations', async () => {
    assert.equal(stack.read('main.py'), app.trimStart());
    const { stdout } = await stack.compose('config', '--services');
    assert.deepEqual(stdout.split('\n').sort(), ['app', 'db', 'nginx']);
  });

  it('gets only its own secrets, and the database only its two', async () => {
    const secrets = secretValues(stack);
    assert.deepEqual([...secrets.keys()], ['POSTGRES_PASSWORD', 'DB_PASSWORD', 'SECRET_KEY']);
    const held = async (service: string) =>
      secretsIn((await stack.inspect(service)).Config.Env.join('\n'), secrets).sort();
    assert.deepEqual(await held('app'), ['DB_PASSWORD', 'SECRET_KEY']);
    assert.deepEqual(await held('db'), ['DB_PASSWORD', 'POSTGRES_PASSWORD']);
    assert.deepEqual(await held('nginx'), []);
  });

  it('rotates: it opens no connection for a moment, then works with the new values, and the old password is refused', async () => {
    const before = secretValues(stack);
    const { probes } = await underLoad(site, '/alive', () => stack.mustScript('rotate-secrets.sh', 'all'));
    const { milliseconds, text } = outage(probes);
    console.log(`      measured: ${text}`);
    assert.ok(milliseconds < 30_000, text);
    assert.equal((await ask(site, '/alive')).status, 200);
    const refused = await logIn(
      stack,
      'visitor',
      before.get('DB_PASSWORD') ?? '',
      stack.project.replaceAll('-', '_'),
      'SELECT 1',
    );
    assert.match(refused.stderr, /password authentication failed/);
    assert.deepEqual(secretsIn(stack.env('SECRET_KEY_PREVIOUS'), before), ['SECRET_KEY']);
  });

  it('sees the real client and HTTPS, whatever the client claims', async () => {
    const forged = {
      'X-Forwarded-For': '203.0.113.9',
      'X-Forwarded-Proto': 'http',
      'X-Forwarded-Host': 'evil.example.org',
      'X-Real-IP': '203.0.113.9',
      Forwarded: 'for=203.0.113.9;proto=http',
    };
    const who = JSON.parse((await ask(site, '/who', { headers: forged })).body) as Who;
    const honest = JSON.parse((await ask(site, '/who')).body) as Who;
    assert.equal(who.client, honest.client);
    assert.equal(who.scheme, 'https');
    assert.equal(who.headers['x-forwarded-host'], site.domain);
    assert.equal(who.headers['x-forwarded-for'], who.client);
    assert.doesNotMatch(JSON.stringify(who), /203\.0\.113\.9|evil/);
  });

  it('cannot weaken the headers of the edge, nor tell what it is made of', async () => {
    const reply = await ask(site, '/who');
    assert.deepEqual(valuesOf(reply, 'X-Frame-Options'), ['SAMEORIGIN']);
    assert.deepEqual(valuesOf(reply, 'Strict-Transport-Security'), ['max-age=31536000']);
    assert.deepEqual(valuesOf(reply, 'X-Powered-By'), []);
    assert.deepEqual(valuesOf(reply, 'Server'), ['nginx']);
  });

  it('publishes its docs inside only: nginx closes what the app leaves open', async () => {
    const script = "from urllib.request import urlopen; print(urlopen('http://127.0.0.1:9000/openapi.json').status)";
    assert.equal((await stack.inside('app', ['python', '-c', script])).stdout, '200');
    for (const path of ['/openapi.json', '/docs', '/redoc']) assert.equal((await ask(site, path)).status, 404, path);
  });

  it('that owns its database can bend the sessions in it, and none of the superuser: a rotation brings the site back', async () => {
    const database = stack.project.replaceAll('-', '_');
    const asApp = async (sql: string): Promise<void> => {
      const { code, stderr } = await logIn(stack, 'visitor', stack.env('DB_PASSWORD'), database, sql);
      assert.equal(code, 0, stderr);
    };
    const caught = () => superuser(stack, 'SELECT count(*) FROM public.caught', database);
    const trap = (types: string) =>
      `CREATE FUNCTION public.format(${types}) RETURNS text LANGUAGE plpgsql AS
        'BEGIN INSERT INTO public.caught VALUES (current_user); RETURN ''SELECT 1''; END'`;
    await asApp(`CREATE TABLE caught (who name); ${trap('text, text, name, name')}; ${trap('text, name, name')}`);
    // The trap is one: whoever looks in that order calls what fits better.
    await superuser(
      stack,
      "SET search_path = public, pg_catalog; SELECT format('', ''::text, ''::name, ''::name)",
      database,
    );
    assert.equal(await caught(), '1');
    await asApp('TRUNCATE caught');

    const limits = ['role = visitor', 'search_path = public, pg_catalog', "statement_timeout = '1ms'"];
    const set = [...limits, 'default_transaction_read_only = on'].map(
      (each) => `ALTER DATABASE ${database} SET ${each}`,
    );
    await asApp(`SET statement_timeout = 0; ${set.join('; ')}; ALTER DATABASE ${database} CONNECTION LIMIT 0`);
    const found = await runAudit(stack.directory, ['--live', '--allow-self-signed', '--only', 'db-*']);
    assert.match(found.get('db-settings')?.evidence ?? '', /everybody role=visitor; .*everybody statement_timeout=1ms/);
    await stack.mustScript('backup.sh');
    await stack.mustScript('rotate-secrets.sh', 'all');
    assert.equal(await caught(), '0');
    assert.equal((await ask(site, '/alive')).status, 200);
    assert.equal((await sendJson(site, '/rows', {})).status, 200);
    const again = await runAudit(stack.directory, ['--live', '--allow-self-signed', '--only', 'db-*']);
    assert.deepEqual(broken(again), []);
  });

  it('makes no large objects', async () => {
    const database = stack.project.replaceAll('-', '_');
    const { stderr } = await logIn(stack, 'visitor', stack.env('DB_PASSWORD'), database, 'SELECT lo_create(0)');
    assert.match(stderr, /permission denied for function lo_create/);
  });
});
