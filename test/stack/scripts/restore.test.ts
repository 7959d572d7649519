import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
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
      (text: string) => text.replace(/^(rows\tpublic\.comics\t)/m, '$11'),
    ],
    [
      'for which the disk has no room',
      /a second database needs \d+ MiB/,
      (bytes: Buffer) => bytes,
      (text: string) => text.replace(/^size\t.*$/m, `size\t${2 ** 50}`),
    ],
  ] as const) {
    it(`a dump ${what}, with checksums that fit, changes nothing`, async () => {
      const spoilt = copy(spoil, manifest);
      await changesNothing(() => here.stack.script('restore.sh', spoilt, '--yes'), 1, why);
      for (const file of sets.files())
        if (file.includes('20010101T')) rmSync(join(here.stack.directory, 'backups', file));
    });
  }

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
    const { stderr } = await here.stack.mustScript('restore.sh', '--test', 'backups/elsewhere.dump');
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
