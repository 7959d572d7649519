import assert from 'node:assert/strict';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withFault } from '../faults.ts';
import { type Production, production } from '../production.ts';
import { superuser } from '../psql.ts';
import { must, type Outcome } from '../run.ts';
import { ask, sendJson } from '../site.ts';
import { BackupSets } from './backupSets.ts';

describe('scripts: restore.sh', () => {
  let here: Production;
  let sets: BackupSets;
  let dump: string;
  before(async () => {
    here = await production();
    sets = new BackupSets(here.stack, here.roles.database);
    await add('before the backup');
    dump = (await here.stack.mustScript('backup.sh')).stdout;
    await add('after the backup');
  });

  const add = async (title: string): Promise<void> => {
    const { status, body } = await sendJson(here.site, '/api/comics', { title });
    assert.equal(status, 201, body);
  };
  const titles = async (): Promise<string[]> => {
    const { status, body } = await ask(here.site, '/api/comics?limit=100');
    assert.equal(status, 200, body);
    return (JSON.parse(body) as { title: string }[]).map(({ title }) => title);
  };
  const databases = () => superuser(here.stack, 'SELECT datname FROM pg_database ORDER BY 1');
  const roles = () => superuser(here.stack, 'SELECT rolname FROM pg_roles ORDER BY 1');
  const appStartedAt = async () => (await here.stack.inspect('app')).State.StartedAt;
  /** All that a restore that fails must leave: each row of the app, as a sum; databases, roles, the app's container. */
  const state = async (): Promise<readonly string[]> => {
    const sum = "SELECT md5(string_agg(comics::text, ',' ORDER BY id)) FROM comics";
    return [
      await superuser(here.stack, sum, here.roles.database),
      await databases(),
      await roles(),
      await appStartedAt(),
    ];
  };
  const changesNothing = async (attempt: () => Promise<Outcome>, code: number, why: RegExp): Promise<Outcome> => {
    const before = await state();
    const outcome = await attempt();
    assert.equal(outcome.code, code, outcome.all);
    assert.match(outcome.stderr, why);
    assert.deepEqual(await state(), before);
    return outcome;
  };

  it('--test restores into a scratch database, compares the rows and touches nothing; the result is recorded', async () => {
    const attempt = () => here.stack.script('restore.sh', '--test', dump);
    await changesNothing(attempt, 0, /every table has as many rows as the dump/);
    assert.match(sets.read('status'), new RegExp(`^drill ok \\d{8}T\\d{6}Z ${dump}$`, 'm'));
    assert.match(here.stack.read('audit.log'), new RegExp(` drill ok .*file=${dump}\n$`));
  });

  it('--test alone takes the newest; one that fails is an alarm', async () => {
    const bad = sets.fabricate('29980101T000000Z', 'PGDMP and no more');
    try {
      const attempt = () => here.stack.script('restore.sh', '--test');
      const { stderr } = await changesNothing(attempt, 1, new RegExp(`restoring backups/${bad} into`));
      assert.match(stderr, /^comicpile-drill FAILED app=\S+ step=restore$/m);
      assert.match(sets.read('status'), /^drill failed \d{8}T\d{6}Z restore$/m);
      assert.match((await here.stack.script('backup.sh', '--status')).stdout, /^drill +FAIL/m);
    } finally {
      for (const file of sets.files())
        if (file.includes('29980101T')) rmSync(join(here.stack.directory, 'backups', file));
    }
  });

  it('--list shows the dumps and whether they verify', async () => {
    const bad = sets.fabricate('20000101T000000Z');
    sets.flip(bad);
    const { stdout } = await here.stack.mustScript('restore.sh', '--list');
    assert.match(stdout, new RegExp(`^${dump} .* revision=\\w+ +verified$`, 'm'));
    assert.match(stdout, new RegExp(`^backups/${bad} .* does NOT verify$`, 'm'));
    for (const file of sets.files())
      if (file.includes('20000101T')) rmSync(join(here.stack.directory, 'backups', file));
  });

  // ── what is refused ──

  it('a dump, a manifest or roles with one flipped bit are refused', async () => {
    for (const kind of ['dump', 'manifest', 'globals.sql']) {
      const file = dump.replace(/dump$/, kind).slice('backups/'.length);
      sets.flip(file);
      const attempt = () => here.stack.script('restore.sh', dump, '--yes');
      await changesNothing(attempt, 1, /does not fit its sha256; the database \w+ is unchanged/);
      sets.flip(file);
    }
    await here.stack.mustScript('restore.sh', dump, '--dry-run');
  });

  const copy = (spoil: (dump: Buffer) => Buffer, manifest = (text: string) => text): string => {
    const path = join(here.stack.directory, dump);
    const text = readFileSync(path.replace(/dump$/, 'manifest'), 'utf8');
    return `backups/${sets.fabricate('20010101T000000Z', spoil(readFileSync(path)), manifest(text))}`;
  };
  for (const [what, why, spoil, manifest] of [
    ['that was cut short', /pg_restore failed/, (bytes: Buffer) => bytes.subarray(0, bytes.length - 200)],
    ['that is no dump', /pg_restore failed/, () => Buffer.from('DROP TABLE comics;\n')],
    [
      'with other rows than its manifest has',
      /the restored rows differ from the dump/,
      (bytes: Buffer) => bytes,
      (text: string) => text.replace(/("public\.comics", "rows": )/, '$11'),
    ],
    [
      'for which the disk has no room',
      /a second database needs \d+ MiB/,
      (bytes: Buffer) => bytes,
      (text: string) => text.replace(/"size": \d+/, `"size": ${2 ** 50}`),
    ],
  ] as const) {
    it(`a dump ${what}, with checksums that fit, changes nothing`, async () => {
      const spoilt = copy(spoil, manifest);
      await changesNothing(() => here.stack.script('restore.sh', spoilt, '--yes'), 1, why);
      for (const file of sets.files())
        if (file.includes('20010101T')) rmSync(join(here.stack.directory, 'backups', file));
    });
  }

  const gone = (stamp: string): void => {
    for (const file of sets.files()) if (file.includes(stamp)) rmSync(join(here.stack.directory, 'backups', file));
  };

  it('a set that is not this host’s is refused: changed, renamed, without a tag; and all of them without the key', async () => {
    const stem = dump.slice('backups/'.length).replace(/\.dump$/, '');
    const refuses = async (file: string, why: RegExp): Promise<void> => {
      for (const args of [['--yes'], ['--test']]) {
        const attempt = () => here.stack.script('restore.sh', `backups/${file}.dump`, ...args);
        const { stderr } = await changesNothing(attempt, 1, why);
        assert.match(stderr, /^ {2}next: .*secrets\/backup_key.*--unsigned$/m);
      }
    };
    // Another dump, with sums that fit it, under the name of one that was signed.
    const tag = sets.read(`${stem}.hmac`);
    sets.fabricate('20030101T000000Z', 'PGDMP');
    sets.write(`${here.roles.database}-20030101T000000Z.hmac`, tag);
    await refuses(`${here.roles.database}-20030101T000000Z`, /the tag of \S+ is not one of this host/);
    gone('20030101T');
    // An older set that is put before the newer ones.
    const replayed = `${here.roles.database}-29990101T000000Z`;
    for (const kind of ['dump', 'manifest', 'globals.sql', 'hmac'])
      sets.write(`${replayed}.${kind}`, readFileSync(join(here.stack.directory, 'backups', `${stem}.${kind}`)));
    sets.write(`${replayed}.sha256`, sets.read(`${stem}.sha256`).replaceAll(stem, replayed));
    await refuses(replayed, /the tag of \S+ is not one of this host/);
    rmSync(join(here.stack.directory, `backups/${replayed}.hmac`));
    await refuses(replayed, /has no tag/);
    assert.match(
      (await here.stack.mustScript('restore.sh', '--list')).stdout,
      new RegExp(`${replayed}.* verified, NOT signed by this host$`, 'm'),
    );
    const { stderr } = await here.stack.mustScript('restore.sh', '--test', `backups/${replayed}.dump`, '--unsigned');
    assert.match(stderr, /^note: .* has no tag .* as you said$/m);
    gone('29990101T');

    const key = join(here.stack.directory, 'secrets/backup_key');
    renameSync(key, `${key}.aside`);
    await refuses(stem, /this host has no key of its own/);
    writeFileSync(key, `${'0'.repeat(64)}\n`, { mode: 0o600 });
    await refuses(stem, /the tag of \S+ is not one of this host/);
    renameSync(`${key}.aside`, key);
    await here.stack.mustScript('restore.sh', dump, '--dry-run');
  });

  it('what the app’s role writes into the schema’s table, and what tables are called, is nobody’s command', async () => {
    const { database } = here.roles;
    const canaries = ['E1', 'E2', 'E3'].map((name) => join(here.stack.directory, name));
    const revision = await superuser(here.stack, 'SELECT version_num FROM alembic_version', database);
    const hostile = '\nsize\t+UID[$(id>E1)]';
    await superuser(here.stack, `UPDATE alembic_version SET version_num = E'\\nsize\\t+UID[$(id>E1)]'`, database);
    await superuser(
      here.stack,
      'CREATE TABLE "x""\t{\x1b[31m" (n int); CREATE TABLE "rows a[$(id>E2)]\né" (n int)',
      database,
    );
    try {
      const { stdout } = await here.stack.mustScript('backup.sh', '--no-prune');
      const manifest = JSON.parse(here.stack.read(stdout.replace(/dump$/, 'manifest')));
      assert.deepEqual(manifest.revisions, [hostile]);
      assert.ok(manifest.rows.some(({ table }: { table: string }) => table === 'public."rows a[$(id>E2)]\né"'));
      const drill = () => here.stack.script('restore.sh', '--test', stdout);
      const { all } = await changesNothing(drill, 0, /every table has as many rows as the dump/);
      const { stdout: list } = await here.stack.mustScript('restore.sh', '--list');
      const { stderr, code } = await here.stack.script('rollback.sh', 'database', stdout, '--dry-run');
      assert.equal(code, 1, stderr);
      assert.match(stderr, /which is no revision; nothing was changed/);
      for (const text of [all, list, stderr]) assert.doesNotMatch(text, /(?![\n\t])\p{Cc}/u);
    } finally {
      await superuser(here.stack, `UPDATE alembic_version SET version_num = '${revision}'`, database);
      await superuser(here.stack, 'DROP TABLE "x""\t{\x1b[31m", "rows a[$(id>E2)]\né"', database);
    }
    // A manifest of before, as it was abused.
    const path = join(here.stack.directory, dump);
    for (const [text, note] of [
      [
        'taken\t2026-01-01T00:00:00Z\nsize\t+UID[$(id>E3)]\nrows\tpublic.comics\t1\n',
        /is not used; the rows are counted in the dump itself/,
      ],
      [
        `taken\t2026-01-01T00:00:00Z\nsize\t1000\nrevision\t${revision}\n${await formerRows()}`,
        /every table has as many rows/,
      ],
    ] as const) {
      const former = sets.fabricate('20020101T000000Z', readFileSync(path), text);
      await changesNothing(() => here.stack.script('restore.sh', '--test', `backups/${former}`), 0, note);
      gone('20020101T');
    }
    assert.deepEqual(canaries.filter(existsSync), []);
  });
  /** The rows of the dump, as manifests had them before they were JSON. */
  const formerRows = async (): Promise<string> => {
    const { rows } = JSON.parse(here.stack.read(dump.replace(/dump$/, 'manifest')));
    return rows.map((row: { table: string; rows: number }) => `rows\t${row.table}\t${row.rows}\n`).join('');
  };

  it('killed (-9) in the middle: the live database is as it was, and the next one clears up', async () => {
    const before = await state();
    const at = 'docker exec --interactive * pg_restore --exit-on-error *';
    const fault = { name: '', at, fault: 'kill -KILL 0' };
    const { code } = await withFault(here.stack, fault, 'restore.sh', dump, '--yes', '--without-backup');
    assert.notEqual(code, 0);
    const [rows, names] = await state();
    assert.equal(rows, before[0]);
    assert.match(names ?? '', /_restore_\d{14}$/m);
    const { stderr } = await here.stack.mustScript('restore.sh', '--test', dump);
    assert.match(stderr, /dropped \w+_restore_\d{14}, which an interrupted restore had left/);
    assert.deepEqual(await state(), before);
  });

  it('asks nobody where nobody is, and so does nothing without --yes', async () => {
    await changesNothing(() => here.stack.script('restore.sh', dump), 1, /nobody can be asked here/);
  });

  it('arguments that make no sense: exit code 2', async () => {
    for (const args of [[], ['--drop-former', here.roles.database], ['a', 'b'], ['--list', 'a'], ['--identity']]) {
      assert.equal((await here.stack.script('restore.sh', ...args)).code, 2, args.join(' '));
    }
  });

  // ── what comes from elsewhere ──

  it('a dump with nothing but its checksum beside it: the rows are counted in the dump itself', async () => {
    sets.write('elsewhere.dump', readFileSync(join(here.stack.directory, dump)));
    const { stdout } = await must('sha256sum', ['elsewhere.dump'], { cwd: join(here.stack.directory, 'backups') });
    sets.write('elsewhere.dump.sha256', `${stdout}\n`);
    const { stderr } = await here.stack.mustScript('restore.sh', '--test', 'backups/elsewhere.dump', '--unsigned');
    assert.match(stderr, /^public\.comics +([1-9]\d*) +\1 +-$/m);
  });

  it('roles that are missing are made without a password; a drill takes them away again', async () => {
    const { database } = here.roles;
    await superuser(
      here.stack,
      'CREATE ROLE "a reader" LOGIN CONNECTION LIMIT 2; CREATE ROLE readers; GRANT readers TO "a reader"',
    );
    await superuser(here.stack, 'GRANT SELECT ON comics TO "a reader", readers', database);
    const { stdout: granted } = await here.stack.mustScript('backup.sh');
    await superuser(here.stack, 'DROP OWNED BY "a reader", readers; DROP ROLE "a reader", readers', database);
    const without = await roles();
    const attempt = () => here.stack.script('restore.sh', '--test', granted);
    await changesNothing(attempt, 0, /the role "a reader" is missing here; it is made without a password/);

    await here.stack.mustScript('restore.sh', granted, '--yes', '--without-backup');
    assert.notEqual(await roles(), without);
    const role = `SELECT rolcanlogin, rolconnlimit, pg_has_role('a reader', 'readers', 'USAGE'),
      has_table_privilege('a reader', 'comics', 'SELECT'), (SELECT rolpassword IS NULL FROM pg_authid a WHERE a.oid = r.oid)
      FROM pg_roles r WHERE rolname = 'a reader'`;
    assert.equal(await superuser(here.stack, role, database), 't|2|t|t|t');
    await superuser(here.stack, 'DROP OWNED BY "a reader", readers; DROP ROLE "a reader", readers', database);
  });

  it('brings back what stands beside the tables: the owner of an extension, settings, a comment, default privileges', async () => {
    const { database } = here.roles;
    const ofDatabase = `SELECT quote_ident(datdba::regrole::text) FROM pg_database WHERE datname = '${database}'`;
    const owner = (await superuser(here.stack, ofDatabase)).replaceAll('"', '');
    const beside = `SELECT extowner::regrole FROM pg_extension WHERE extname = 'pgcrypto';
      SELECT setrole, setconfig FROM pg_db_role_setting
        WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = '${database}') ORDER BY setrole;
      SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '${database}';
      SELECT defaclrole::regrole, defaclobjtype, defaclacl FROM pg_default_acl ORDER BY 1, 2, defaclnamespace`;
    await superuser(
      here.stack,
      `CREATE ROLE "a reporter"; ALTER ROLE "a reporter" IN DATABASE ${database} SET statement_timeout = '5s';
       ALTER DATABASE ${database} SET work_mem = '8MB'; ALTER DATABASE ${database} SET my.text = 'it''s;\ntwo lines';
       COMMENT ON DATABASE ${database} IS 'of the shop;\n-- and more';
       ALTER DEFAULT PRIVILEGES FOR ROLE "${owner}" GRANT SELECT ON TABLES TO "a reporter"`,
      database,
    );
    await superuser(here.stack, `SET ROLE "${owner}"; CREATE EXTENSION pgcrypto SCHEMA public`, database);
    const was = await superuser(here.stack, beside, database);
    assert.match(was, /8MB/);
    const full = (await here.stack.mustScript('backup.sh', '--no-prune')).stdout;
    await here.stack.mustScript('restore.sh', '--test', full);
    await here.stack.mustScript('restore.sh', full, '--yes', '--without-backup');
    assert.equal(await superuser(here.stack, beside, database), was);
    await superuser(here.stack, `SET ROLE "${owner}"; DROP EXTENSION pgcrypto`, database);
    for (const name of (await databases()).split('\n').filter((each) => each.includes('_before_')))
      await here.stack.mustScript('restore.sh', '--drop-former', name, '--yes');
    await superuser(
      here.stack,
      `ALTER DATABASE ${database} RESET ALL; COMMENT ON DATABASE ${database} IS NULL;
       DROP OWNED BY "a reporter"; DROP ROLE "a reporter"`,
      database,
    );
  });

  it('a drill of a dump that cannot be restored names the function and what helps, and that helps', async () => {
    const { database } = here.roles;
    await superuser(
      here.stack,
      `CREATE FUNCTION public.lowered(t text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(t)';
       CREATE FUNCTION public.fits(t text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$BEGIN RETURN lowered(t) <> 'b'; END$$;
       CREATE TABLE public.checked (t text CHECK (public.fits(t)));
       SET search_path = public; INSERT INTO checked VALUES ('A')`,
      database,
    );
    await here.stack.mustScript('backup.sh', '--no-prune');
    const failed = await here.stack.script('restore.sh', '--test');
    assert.equal(failed.code, 1);
    assert.match(failed.stderr, /pg_restore failed, .*table "checked".*in the function public\.fits/);
    const remedy = /ALTER FUNCTION public\.fits SET search_path = public, pg_temp/.exec(failed.stderr)?.[0];
    assert.ok(remedy, failed.stderr);
    await superuser(here.stack, remedy, database);
    await here.stack.mustScript('backup.sh', '--no-prune');
    await here.stack.mustScript('restore.sh', '--test');
    await superuser(here.stack, 'DROP TABLE public.checked; DROP FUNCTION public.fits, public.lowered', database);
    await here.stack.mustScript('backup.sh', '--no-prune');
  });

  // ── the restore ──

  it('brings back the rows of the dump; what came later is gone from the site, and kept beside it until told', async () => {
    await superuser(here.stack, `CREATE ROLE monitor; GRANT CONNECT ON DATABASE ${here.roles.database} TO monitor`);
    await here.stack.mustScript('restore.sh', dump, '--yes');
    const rows = await titles();
    assert.ok(rows.includes('before the backup'));
    assert.ok(!rows.includes('after the backup'));
    const may = `SELECT has_database_privilege('monitor', '${here.roles.database}', 'CONNECT')`;
    assert.equal(await superuser(here.stack, may), 't', 'who might connect still may');
    const analyzed = "SELECT count(*) FROM pg_stats WHERE tablename = 'comics' AND attname = 'title'";
    assert.equal(await superuser(here.stack, analyzed, here.roles.database), '1');

    const [former = ''] = (await databases())
      .split('\n')
      .filter((name) => name.includes('_before_'))
      .reverse();
    const kept = await superuser(here.stack, "SELECT count(*) FROM comics WHERE title = 'after the backup'", former);
    assert.equal(kept, '1');
    assert.match((await here.stack.mustScript('restore.sh', '--list')).stdout, new RegExp(`^database ${former},`, 'm'));
    await here.stack.mustScript('restore.sh', '--drop-former', former, '--yes');
    assert.ok(!(await databases()).split('\n').includes(former));
    assert.equal((await here.stack.script('restore.sh', '--drop-former', former, '--yes')).code, 1);
    await superuser(here.stack, 'DROP OWNED BY monitor; DROP ROLE monitor');
  });

  it('leaves a database on which the app can write and the next backup works', async () => {
    await add('after the restore');
    await here.stack.mustScript('backup.sh');
  });
});
