import assert from 'node:assert/strict';
import { type Production, production } from '../production.ts';
import { logIn } from '../psql.ts';
import type { Outcome } from '../run.ts';

/** What somebody tries who got the app to run his SQL, or his code in its container. */
describe('production: the role of the app in the hands of somebody else', () => {
  let here: Production;
  before(async () => {
    here = await production();
  });
  const as = (role: string, secret: string, sql: string): Promise<Outcome> =>
    logIn(here.stack, role, here.stack.env(secret), here.roles.database, sql);
  const asApp = (sql: string) => as(here.roles.user, 'DB_PASSWORD', sql);
  const asOwner = async (sql: string): Promise<void> => {
    const { code, stderr } = await as(here.roles.owner, 'DB_OWNER_PASSWORD', sql);
    assert.equal(code, 0, stderr);
  };

  for (const [what, sql, refusal] of [
    ['say that another migration has run', "UPDATE alembic_version SET version_num = 'x'", /for table alembic_version/],
    ['add a revision', "INSERT INTO alembic_version VALUES ('x')", /for table alembic_version/],
    ['forget the revisions', 'DELETE FROM alembic_version', /for table alembic_version/],
    ['make a large object', 'SELECT lo_create(0)', /for function lo_create/],
    ['make one by another function', "SELECT lo_from_bytea(0, 'x')", /for function lo_from_bytea/],
    ['make one by the old function', 'SELECT lo_creat(-1)', /for function lo_creat/],
    [
      'make a function for its session',
      "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
      /create temporary tables/,
    ],
    ['run a block of code', "DO 'BEGIN END'", /for language plpgsql/],
    ['lift the limit of temporary files', 'SET temp_file_limit = -1', /to set parameter "temp_file_limit"/],
    ['lift it for later', 'ALTER ROLE CURRENT_USER SET temp_file_limit = -1', /to set parameter "temp_file_limit"/],
    ['have it forgotten', 'ALTER ROLE CURRENT_USER RESET temp_file_limit', /to set parameter "temp_file_limit"/],
    ['take more connections', 'ALTER ROLE CURRENT_USER CONNECTION LIMIT -1', /permission denied to alter role/],
  ] as const) {
    it(`may not ${what}`, async () => {
      const { code, stderr } = await asApp(sql);
      assert.notEqual(code, 0);
      assert.match(stderr, refusal);
    });
  }

  it('reads the revision', async () => {
    const { code, stdout } = await asApp('SELECT count(*) FROM alembic_version');
    assert.deepEqual([code, stdout], [0, '1']);
  });

  it('a table of versions by another name, in another schema, is closed too, whatever the owner grants', async () => {
    await asOwner(
      `CREATE SCHEMA side; CREATE TABLE side.versions (version_num text); GRANT USAGE ON SCHEMA side TO PUBLIC;
       GRANT ALL ON side.versions TO PUBLIC, ${here.roles.user};
       GRANT INSERT (version_num) ON side.versions TO ${here.roles.user}`,
    );
    const { stderr } = await asApp("INSERT INTO side.versions VALUES ('x')");
    await asOwner('DROP SCHEMA side CASCADE');
    assert.match(stderr, /permission denied for table versions/);
  });

  it('may write every other table that the owner makes', async () => {
    await asOwner('CREATE TABLE added (version_num text, id serial)');
    const { code, stderr } = await asApp("INSERT INTO added (version_num) VALUES ('x')");
    await asOwner('DROP TABLE added');
    assert.deepEqual([code, stderr], [0, '']);
  });

  it('a sort that wants the disk is ended at the limit of temporary files', async () => {
    const rows = "SELECT repeat('x', 1000) || i AS v FROM generate_series(1, 800000) i ORDER BY v";
    const { stderr } = await asApp(
      `SET statement_timeout = 0; SET work_mem = '64kB'; SELECT count(v) FROM (${rows} OFFSET 0) s`,
    );
    assert.match(stderr, /temporary file size exceeds "?temp_file_limit"? \(524288kB\)/);
  });

  it('begins with limits of time', async () => {
    const shown: string[] = [];
    const names = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout'];
    for (const name of names) shown.push((await asApp(`SHOW ${name}`)).stdout);
    assert.deepEqual(shown, ['1min', '10s', '1min', '10min']);
  });

  /** From the container of the app, with its own driver. */
  const fromApp = (role: string, secret: string, database: string): Promise<Outcome> => {
    const program = `import asyncio, sys, asyncpg
async def main():
    connection = await asyncpg.connect(host="db", user=sys.argv[1], database=sys.argv[2], password=sys.stdin.readline().strip())
    print(await connection.fetchval("SELECT 1"))
asyncio.run(main())`;
    return here.stack.inside('app', ['python', '-c', program, role, database], `${here.stack.env(secret)}\n`);
  };
  it('logs in from its container to its own database', async () => {
    const { stdout, stderr } = await fromApp(here.roles.user, 'DB_PASSWORD', here.roles.database);
    assert.equal(stdout, '1', stderr);
  });
  it('and nobody as the superuser, though with the right password', async () => {
    for (const database of ['postgres', here.roles.database]) {
      const { code, stderr } = await fromApp('postgres', 'POSTGRES_PASSWORD', database);
      assert.notEqual(code, 0);
      assert.match(stderr, /pg_hba\.conf rejects connection for host .* user "postgres"/);
    }
  });
});
