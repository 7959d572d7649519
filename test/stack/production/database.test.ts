import assert from 'node:assert/strict';
import { type Production, production } from '../production.ts';
import { logIn, superuser } from '../psql.ts';

describe('production: database', () => {
  let here: Production;
  before(async () => {
    here = await production();
  });
  const asUser = (sql: string) =>
    logIn(here.stack, here.roles.user, here.stack.env('DB_PASSWORD'), here.roles.database, sql);
  const asOwner = (sql: string) =>
    logIn(here.stack, here.roles.owner, here.stack.env('DB_OWNER_PASSWORD'), here.roles.database, sql);
  const scratchTable = 'BEGIN; CREATE TABLE scratch (id int); ROLLBACK';

  it('the role of the app logs in over TCP with its password and reads the rows', async () => {
    const { code, stdout } = await asUser('SELECT count(*) >= 0 FROM comics');
    assert.deepEqual([code, stdout], [0, 't']);
  });

  it('a wrong password and no password are refused', async () => {
    const wrong = await logIn(here.stack, here.roles.user, 'x'.repeat(43), here.roles.database, 'SELECT 1');
    assert.match(wrong.stderr, /password authentication failed/);
    const none = await logIn(here.stack, here.roles.user, '', here.roles.database, 'SELECT 1');
    assert.match(none.stderr, /no password supplied/);
  });

  for (const [what, sql] of [
    ['create a table', scratchTable],
    ['drop a table', 'DROP TABLE comics'],
    ['alter a table', 'ALTER TABLE comics ADD COLUMN extra int'],
    ['truncate a table', 'TRUNCATE comics'],
    ['make a temporary table', 'CREATE TEMP TABLE scratch (id int)'],
    ['create a role', 'CREATE ROLE other'],
    ['create a database', 'CREATE DATABASE other'],
    ['read password hashes', 'SELECT rolpassword FROM pg_authid'],
    ['read files of the server', "SELECT pg_read_file('/etc/passwd')"],
    ['run a program', "COPY (SELECT 1) TO PROGRAM 'true'"],
    ['become the owner', 'SET ROLE keeper_owner'],
  ] as const) {
    it(`the role of the app may not ${what}`, async () => {
      const { code, stderr } = await asUser(sql);
      assert.notEqual(code, 0);
      assert.match(stderr, /permission denied|must be owner/);
    });
  }

  it('the owner may create a table', async () => {
    const { code, stderr } = await asOwner(scratchTable);
    assert.deepEqual([code, stderr], [0, '']);
  });

  it('neither role is a superuser, nor may it make roles or databases, replicate or pass row security', async () => {
    const facts = 'rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls';
    const names = `'${here.roles.user}', '${here.roles.owner}'`;
    const rows = await superuser(
      here.stack,
      `SELECT rolname, ${facts} FROM pg_roles WHERE rolname IN (${names}) ORDER BY 1`,
    );
    assert.equal(rows, `${here.roles.user}|f\n${here.roles.owner}|f`);
  });

  it('the role of the app may connect to its own database only', async () => {
    for (const other of ['postgres', 'template1']) {
      const { stderr } = await logIn(here.stack, here.roles.user, here.stack.env('DB_PASSWORD'), other, 'SELECT 1');
      assert.match(stderr, /pg_hba\.conf rejects connection/);
      const right = `SELECT has_database_privilege('${here.roles.user}', '${other}', 'CONNECT')`;
      assert.equal(await superuser(here.stack, right), 'f');
    }
  });

  it('every login over TCP is by scram-sha-256, and every stored password', async () => {
    const methods = (type: string) =>
      superuser(
        here.stack,
        `SELECT DISTINCT auth_method FROM pg_hba_file_rules WHERE type LIKE '${type}%' AND auth_method <> 'reject'`,
      );
    assert.equal(await methods('host'), 'scram-sha-256');
    assert.equal(await methods('local'), 'peer');
    const wrong = 'SELECT count(*) FROM pg_hba_file_rules WHERE error IS NOT NULL';
    assert.equal(await superuser(here.stack, wrong), '0');
    const stored = 'SELECT DISTINCT left(rolpassword, 14) FROM pg_authid WHERE rolpassword IS NOT NULL';
    assert.equal(await superuser(here.stack, stored), 'SCRAM-SHA-256$');
  });

  it('pages have checksums', async () => {
    assert.equal(await superuser(here.stack, 'SHOW data_checksums'), 'on');
  });
});
