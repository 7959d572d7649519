import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/base/packageRoot.ts';
import { runAudit } from '../audit/runAudit.ts';
import { certify } from '../certified.ts';
import type { Deployment } from '../deployment.ts';
import { eventually } from '../eventually.ts';
import { folderOf, freshName, generate } from '../generated.ts';
import { siteOf } from '../production.ts';
import { logIn, superuser } from '../psql.ts';
import { ask, type Site, sendJson } from '../site.ts';

const role = 'comicpile';

describe('scripts: the rights of the database roles, on a database that an older version made', () => {
  let stack: Deployment;
  let site: Site;
  let database: string;

  before(async () => {
    const name = freshName();
    database = name.replaceAll('-', '_');
    stack = await generate(name, folderOf(name), ['--secrets', 'env']);
    const at = (path: string) => join(stack.directory, path);
    // As it was before there was 20-rights.sql, and logins as initdb writes them.
    renameSync(at('db/init'), at('db/init.new'));
    renameSync(at('docker-compose.prod.yml'), at('compose.new'));
    writeFileSync(
      at('docker-compose.prod.yml'),
      stack.read('compose.new').replace(/ {6}- -c\n {6}- hba_file=.*\n/, ''),
    );
    mkdirSync(at('db/init'));
    copyFileSync(join(packageRoot(), 'test/stack/scripts/formerRoles.sh'), at('db/init/10-roles.sh'));
    const { certificate } = await certify(stack);
    site = siteOf(stack, certificate);
    await stack.up();
    rmSync(at('db/init'), { recursive: true });
    renameSync(at('db/init.new'), at('db/init'));
    renameSync(at('compose.new'), at('docker-compose.prod.yml'));
  });

  const asApp = (sql: string, password = stack.env('DB_PASSWORD')) => logIn(stack, role, password, database, sql);
  const audit = async () => {
    const found = await runAudit(stack.directory, ['--live', '--allow-self-signed', '--only', 'db-*']);
    return [...found.values()].filter(({ verdict }) => verdict === 'FAIL').map(({ id }) => id);
  };
  const settings = () => superuser(stack, `SELECT rolconfig FROM pg_roles WHERE rolname = '${role}'`);
  const ours =
    '{statement_timeout=60s,lock_timeout=10s,idle_in_transaction_session_timeout=60s,temp_file_limit=512MB,transaction_timeout=600s}';

  it('the older one let the app do what it may not do now, and the audit says so', async () => {
    for (const sql of [
      'UPDATE alembic_version SET version_num = version_num',
      'SELECT lo_create(4711)',
      "DO 'BEGIN END'",
    ]) {
      const { code, stderr } = await asApp(sql);
      assert.equal(code, 0, stderr);
    }
    const opened = await logIn(stack, 'postgres', stack.env('POSTGRES_PASSWORD'), 'postgres', 'SELECT 1');
    assert.equal(opened.stdout, '1');
    assert.deepEqual(await audit(), [
      'db-code',
      'db-large-objects',
      'db-versions',
      'db-settings',
      'db-hba',
      'db-superuser-remote',
    ]);
  });

  it('deploy.sh brings it to the state of a new one, with a dump before, and its rows stay', async () => {
    const { status } = await sendJson(site, '/api/comics', { title: 'older than the rights' });
    assert.equal(status, 201);
    const { stderr } = await stack.mustScript('deploy.sh', '--allow-restart');
    assert.match(stderr, /released/);
    assert.deepEqual(await audit(), []);
    assert.equal(await settings(), ours);
    assert.match((await ask(site, '/api/comics?limit=100')).body, /older than the rights/);
    for (const [sql, refusal] of [
      ['UPDATE alembic_version SET version_num = version_num', /for table alembic_version/],
      ['SELECT lo_create(4712)', /for function lo_create/],
      ["DO 'BEGIN END'", /for language/],
    ] as const) {
      assert.match((await asApp(sql)).stderr, refusal);
    }
  });

  it('a migration still runs, and the app may use what it makes', async () => {
    const migration = `"""notes"""
from alembic import op
revision = "9999"
down_revision = "REVISION"
def upgrade() -> None:
    op.execute("CREATE TABLE notes (id serial PRIMARY KEY, text text)")
    op.execute("CREATE FUNCTION twice(int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 2 * $1; END'")
def downgrade() -> None:
    op.execute("DROP FUNCTION twice(int); DROP TABLE notes")
`;
    const revision = await superuser(stack, 'SELECT version_num FROM alembic_version', database);
    writeFileSync(join(stack.directory, 'migrations/versions/9999_notes.py'), migration.replace('REVISION', revision));
    await stack.mustScript('deploy.sh', '--allow-restart');
    const { code, stdout, stderr } = await asApp("INSERT INTO notes (text) VALUES ('x') RETURNING twice(21)");
    assert.deepEqual([code, stdout, stderr], [0, '42', '']);
    assert.equal((await asApp('SELECT version_num FROM alembic_version')).stdout, '9999');
    assert.deepEqual(await audit(), []);
  });

  it('a role that has turned against the app is seen by the audit, and a rotation brings the site back', async () => {
    const mine = 'm'.repeat(43);
    assert.equal((await asApp(`ALTER ROLE CURRENT_USER PASSWORD '${mine}'`)).code, 0);
    for (const sql of [
      `ALTER ROLE CURRENT_USER IN DATABASE ${database} SET search_path = nowhere`,
      "SET statement_timeout = 0; ALTER ROLE CURRENT_USER SET statement_timeout = '1ms'",
      'SET statement_timeout = 0; ALTER ROLE CURRENT_USER SET default_transaction_read_only = on',
    ]) {
      const { code, stderr } = await asApp(sql, mine);
      assert.equal(code, 0, stderr);
    }
    const found = await runAudit(stack.directory, ['--live', '--allow-self-signed', '--only', 'db-settings']);
    assert.match(
      found.get('db-settings')?.evidence ?? '',
      /set, and not by us: comicpile default_transaction_read_only=on; .*search_path=nowhere; .*statement_timeout=1ms/,
    );

    // And one session holds its role and a table of the app, with every limit switched off.
    const held = `SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET transaction_timeout = 0;
      BEGIN READ WRITE; ALTER ROLE CURRENT_USER SET work_mem = '64kB';
      LOCK TABLE public.comics IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(600)`;
    const holder = asApp(held, mine);
    await eventually('the locks are held', 20, async () =>
      (await superuser(
        stack,
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND wait_event = 'PgSleep'",
      )) === '1'
        ? true
        : undefined,
    );
    await stack.compose('restart', '--timeout', '1', 'app');

    const { stderr } = await stack.mustScript('rotate-secrets.sh', 'all');
    assert.match(stderr, /20-rights\.sql took back what was set on comicpile in all databases: statement_timeout/);
    assert.match(stderr, /comicpile does not log in with the DB_PASSWORD that is written; it gets it again/);
    assert.notEqual((await holder).code, 0);
    assert.equal(await settings(), ours);
    assert.deepEqual(await audit(), []);
    assert.match((await asApp('SELECT 1', mine)).stderr, /password authentication failed/);
    assert.equal((await ask(site, '/api/comics')).status, 200);
    assert.equal((await sendJson(site, '/api/comics', { title: 'after it' })).status, 201);
  });

  it('a dump of the time before is restored with the rights of today', async () => {
    await superuser(
      stack,
      `ALTER EVENT TRIGGER comicpile_close_version_tables DISABLE; GRANT ALL ON alembic_version TO ${role};
       GRANT EXECUTE ON FUNCTION lo_create(oid) TO PUBLIC`,
      database,
    );
    const dump = (await stack.mustScript('backup.sh')).stdout.trim();
    await stack.mustScript('restore.sh', '--test', dump);
    await stack.mustScript('restore.sh', dump, '--yes');
    assert.deepEqual(await audit(), []);
    assert.match((await asApp('DELETE FROM alembic_version')).stderr, /permission denied/);
    assert.equal((await ask(site, '/api/comics')).status, 200);
  });
});
