import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Deployment } from '../deployment.ts';
import { killed, withFault } from '../faults.ts';
import { folderOf, freshName } from '../generated.ts';
import { type Production, production } from '../production.ts';
import { superuser } from '../psql.ts';
import { type Outcome, run } from '../run.ts';
import { BackupSets } from './backupSets.ts';

const exactly = (last: number): string[] => [
  ...['--keep-last', String(last)],
  ...['hourly', 'daily', 'weekly', 'monthly'].flatMap((rule) => [`--keep-${rule}`, '0']),
];

const rowsOf = (manifest: { rows: { table: string; rows: number }[] }, table: string): number | undefined =>
  manifest.rows.find((row) => row.table === table)?.rows;

describe('scripts: backup.sh', () => {
  let stack: Deployment;
  let roles: Production['roles'];
  let sets: BackupSets;
  before(async () => {
    ({ stack, roles } = await production());
    sets = new BackupSets(stack, roles.database);
  });

  const modeOf = (path: string) => statSync(join(stack.directory, path)).mode & 0o777;
  const setOf = (dump: string): string[] =>
    ['dump', 'globals.sql', 'hmac', 'manifest', 'sha256'].map((kind) => dump.replace(/dump$/, kind));

  it('makes a dump that pg_restore reads, with rows, roles and checksums beside it, for its owner only', async () => {
    const { stdout } = await stack.mustScript('backup.sh');
    assert.match(stdout, /^backups\/[a-z0-9_]+-\d{8}T\d{6}Z\.dump$/);
    const files = setOf(stdout);
    assert.deepEqual([modeOf('backups'), ...files.map(modeOf)], [0o700, 0o600, 0o600, 0o600, 0o600, 0o600]);
    const sums = files[4]?.slice('backups/'.length) ?? '';
    const sum = await run('sha256sum', ['--check', sums], { cwd: join(stack.directory, 'backups') });
    assert.equal(sum.stdout.split('\n').length, 3, sum.all);
    assert.equal(sum.code, 0, sum.all);

    const rows = await superuser(stack, 'SELECT count(*) FROM comics', roles.database);
    const revision = await superuser(stack, 'SELECT version_num FROM alembic_version', roles.database);
    const manifest = JSON.parse(stack.read(files[3] ?? ''));
    assert.match(manifest.taken, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.match(manifest.server, /^17/);
    assert.deepEqual(manifest.revisions, [revision]);
    assert.deepEqual(rowsOf(manifest, 'public.comics'), Number(rows));
    const globals = stack.read(files[1] ?? '');
    assert.match(globals, new RegExp(`^CREATE ROLE ${roles.user};$`, 'm'));
    assert.doesNotMatch(globals, /PASSWORD|SCRAM-SHA-256/);
    assert.match(stack.read('audit.log'), new RegExp(` backup ok .*file=${stdout} `));
  });

  it('counts the rows of the very moment that it dumps, while others write', async () => {
    await superuser(stack, 'CREATE TABLE busy AS SELECT n FROM generate_series(1, 300000) n', roles.database);
    // It writes until it is told to end: neither a slow start nor a fast machine puts it beside the backup.
    const writer = superuser(
      stack,
      "DO $$ BEGIN WHILE to_regclass('busy_end') IS NULL LOOP INSERT INTO busy VALUES (0); COMMIT; PERFORM pg_sleep(0.001); END LOOP; END $$",
      roles.database,
    );
    const written = 'SELECT count(*) > 300000 FROM busy';
    try {
      while ((await superuser(stack, written, roles.database)) !== 't') await setTimeout(50);
      const { stdout } = await stack.mustScript('backup.sh');
      const { stdout: said } = await run(
        'bash',
        [
          '-c',
          `docker exec -i "$1" pg_restore --data-only --table busy --file - <"$2" | grep -c '^[0-9]'`,
          'bash',
        ].concat((await stack.inspect('db')).Id, stdout),
        { cwd: stack.directory },
      );
      assert.equal(rowsOf(JSON.parse(stack.read(setOf(stdout)[3] ?? '')), 'public.busy'), Number(said));
      assert.ok(Number(said) > 300_000, said);
    } finally {
      await superuser(stack, 'CREATE TABLE busy_end ()', roles.database);
      await writer;
      await superuser(stack, 'DROP TABLE busy, busy_end', roles.database);
    }
  });

  it('does not stand in the way of who wants a table for himself alone, nor waits for him in turn', async () => {
    // Before: the count held its lock until the dump ended, the dump queued behind this, and this waited for the count.
    const lock =
      'BEGIN; LOCK TABLE comics IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(0.1); COMMIT; SELECT pg_sleep(0.05);\n';
    let busy = true;
    const keepLocking = async () => {
      while (busy) await stack.inside('db', ['psql', '-XqAt', '-U', 'postgres', '-d', roles.database], lock.repeat(5));
    };
    const locking = keepLocking();
    try {
      for (let turn = 0; turn < 3; turn += 1) await stack.mustScript('backup.sh', '--no-prune');
    } finally {
      busy = false;
      await locking;
    }
  }).timeout(60_000);

  it('what the owner of the database calls like functions of PostgreSQL is not run by the superuser', async () => {
    const act = `EXECUTE $x$COPY (SELECT 1) TO PROGRAM 'cat >/tmp/taken'$x$`;
    const hijack = `CREATE FUNCTION public.format(text, text, name, name) RETURNS text LANGUAGE plpgsql AS $f$ BEGIN ${act}; RETURN ''; END $f$`;
    await superuser(stack, hijack, roles.database);
    try {
      const { stdout } = await stack.mustScript('backup.sh', '--no-prune');
      await stack.mustScript('restore.sh', '--test', stdout);
      assert.notEqual((await stack.inside('db', ['test', '-e', '/tmp/taken'])).code, 0);
      // It would have been, without the path that our sessions have.
      await superuser(stack, "SELECT format('', ''::text, 'a'::name, 'b'::name)", roles.database);
      assert.equal((await stack.inside('db', ['test', '-e', '/tmp/taken'])).code, 0);
    } finally {
      await superuser(stack, 'DROP FUNCTION public.format(text, text, name, name)', roles.database);
      await stack.inside('db', ['rm', '-f', '/tmp/taken']);
    }
  });

  it('a second that has a backup already: the next one waits for another name', async () => {
    const stamp = (later: number): string =>
      new Date(Date.now() + later * 1000).toISOString().replace(/[-:]|\.\d+/g, '');
    const taken = [0, 1, 2, 3, 4].map((later) => sets.fabricate(stamp(later)));
    const { stdout } = await stack.mustScript('backup.sh', '--no-prune');
    assert.ok(!taken.includes(stdout.slice('backups/'.length)), stdout);
    assert.ok(sets.dumps().includes(stdout.slice('backups/'.length)), stdout);
  });

  it('deletes what no rule keeps; what does not verify is neither counted nor deleted; a dry run only says it', async () => {
    rmSync(join(stack.directory, 'backups'), { recursive: true });
    const days = ['01', '02', '03', '04', '05'].map((day) => sets.fabricate(`202601${day}T031700Z`));
    const [first = '', second = '', third = '', fourth = '', fifth = ''] = days;
    sets.flip(fifth);
    const before = sets.files();
    // Of three that stay, the new one is one, and the spoilt one none.
    const dry = await stack.mustScript('backup.sh', '--dry-run', ...exactly(3));
    const named = [...dry.stderr.matchAll(/^would delete backups\/(.*)$/gm)].map(([, file]) => file);
    assert.deepEqual(named, [second, first]);
    assert.match(dry.stderr, new RegExp(`does not verify, not counted, left alone: backups/${fifth}`));
    assert.deepEqual(sets.files(), before);

    const { stdout } = await stack.mustScript('backup.sh', ...exactly(3));
    const newest = stdout.slice('backups/'.length);
    assert.deepEqual(sets.dumps(), [third, fourth, fifth, newest]);
    assert.deepEqual(
      sets.files().filter((file) => file.includes('0102T') || file.includes('0101T')),
      [],
    );
  });

  it('never deletes the newest that verifies, nor what a deploy made before its migration', async () => {
    const { stdout } = await stack.mustScript('backup.sh', '--no-prune');
    const [deployed = ''] = sets.dumps();
    const log = stack.has('audit.log') ? stack.read('audit.log') : '';
    const line = `2026-01-03T03:17:00Z deploy ok by=me@here release=x dump=backups/${deployed} former=none\n`;
    writeFileSync(join(stack.directory, 'audit.log'), line + log);
    const { stdout: last } = await stack.mustScript('backup.sh', ...exactly(0));
    writeFileSync(join(stack.directory, 'audit.log'), log);
    const left = sets.dumps();
    assert.ok(left.includes(deployed) && left.includes(last.slice('backups/'.length)), left.join(' '));
    assert.ok(!left.includes(stdout.slice('backups/'.length)), left.join(' '));
  });

  // ── what goes wrong ──

  /** Fails aloud, with no new file under a final name and nothing old deleted; then the next one works. */
  const breaks = async (what: RegExp, attempt: () => Promise<Outcome>, step = 'dump'): Promise<void> => {
    const before = sets.files().filter((file) => file !== 'status');
    const { code, stdout, stderr } = await attempt();
    assert.deepEqual([code, stdout], [1, ''], stderr);
    assert.match(stderr, what);
    assert.match(stderr, new RegExp(`^comicpile-backup FAILED app=${stack.project} step=${step}$`, 'm'));
    assert.deepEqual(
      sets.files().filter((file) => file !== 'status'),
      before,
    );
    assert.match(stack.read('audit.log'), new RegExp(` backup failed .*step=${step}\n$`));
  };
  const failsIn = (status: string): RegExp => new RegExp(`^backup failed \\d{8}T\\d{6}Z ${status}$`, 'm');

  it('the database is stopped', async () => {
    await stack.compose('stop', 'db');
    try {
      await breaks(
        /the service db is not running[\s\S]*next: /,
        () => stack.script('backup.sh', ...exactly(1)),
        'preflight',
      );
    } finally {
      await stack.compose('up', '-d', '--wait', '--no-deps', 'db');
    }
    assert.match(sets.read('status'), failsIn('preflight'));
  });

  it('the server lets nobody in: over the socket there is no password that could be wrong', async () => {
    await superuser(stack, `ALTER DATABASE ${roles.database} ALLOW_CONNECTIONS false`);
    try {
      await breaks(/not currently accepting connections[\s\S]*the database refuses; no backup was made/, () =>
        stack.script('backup.sh', ...exactly(1)),
      );
    } finally {
      await superuser(stack, `ALTER DATABASE ${roles.database} ALLOW_CONNECTIONS true`);
    }
  });

  describe('with a table that takes a while', () => {
    before(() =>
      superuser(stack, 'CREATE TABLE bulk AS SELECT md5(n::text) FROM generate_series(1, 1000000) n', roles.database),
    );
    after(() => superuser(stack, 'DROP TABLE bulk', roles.database));

    it('the dump breaks off', async () => {
      // Ends the session of pg_dump in the middle of the table.
      const killer = superuser(
        stack,
        `DO $$ BEGIN LOOP PERFORM pg_stat_clear_snapshot();
         EXIT WHEN (SELECT bool_or(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'COPY public.bulk%');
         PERFORM pg_sleep(0.01); END LOOP; END $$`,
      );
      await breaks(/pg_dump failed[\s\S]*no backup was made/, () => stack.script('backup.sh', ...exactly(1)));
      await killer;
    });

    it('the disk is full', async () => {
      const folder = join(stack.directory, 'backups');
      const aside = `${folder}-aside`;
      await run('mv', [folder, aside]);
      mkdirSync(folder);
      // Real where we may mount; elsewhere the kernel's own error, on the file that mktemp is asked for.
      const mounted = (await run('mount', ['-t', 'tmpfs', '-o', 'size=2m,mode=0700', 'tmpfs', folder])).code === 0;
      try {
        await run('cp', ['-a', `${aside}/.`, folder]);
        const full = 'ln -sf /dev/full backups/.part-faulty; echo backups/.part-faulty; exit 0';
        await breaks(/no backup was made/, () =>
          mounted
            ? stack.script('backup.sh', ...exactly(1))
            : withFault(stack, { name: '', at: 'mktemp backups/.part-*', fault: full }, 'backup.sh', ...exactly(1)),
        );
      } finally {
        if (mounted) await run('umount', [folder]);
        rmSync(folder, { recursive: true });
        await run('mv', [aside, folder]);
      }
      console.log(`      ${mounted ? 'a tmpfs of 2 MiB' : '/dev/full'}`);
    });

    for (const [when, at, calls, fault] of [
      ['while the dump is written', 'docker exec * bash -c *', [1, 1], '{ sleep 1; kill -KILL 0; } &'],
      ['before the dump gets its name', 'mv *', [5, 5], killed],
    ] as const) {
      it(`killed (-9) ${when}: no dump, nothing deleted, and the next one clears up`, async () => {
        const before = sets.dumps();
        const { code } = await withFault(stack, { name: '', at, calls, fault }, 'backup.sh', ...exactly(1));
        assert.notEqual(code, 0);
        assert.deepEqual(sets.dumps(), before);
        assert.ok(
          sets.files().some((file) => file.startsWith('.part-')),
          'it was killed in the middle',
        );
        const { stdout } = await stack.mustScript('backup.sh', '--no-prune');
        const whole = [...before, stdout.slice('backups/'.length)].map((dump) => dump.replace(/\.dump$/, ''));
        for (const file of sets.files()) {
          assert.ok(file === 'status' || whole.some((stem) => file.startsWith(`${stem}.`)), `left over: ${file}`);
        }
        const sessions = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'comicpile-backup'";
        assert.equal(await superuser(stack, sessions), '0');
      });
    }
  });

  it('arguments that make no sense: exit code 2, and no alarm', async () => {
    for (const args of [['--keep-last'], ['--keep-last', 'all'], ['--keep', '7'], ['--max-age', '-1']]) {
      const { code, stderr } = await stack.script('backup.sh', ...args);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /^ {2}next: /m);
      assert.doesNotMatch(stderr, /FAILED/);
    }
  });

  // ── state ──

  it('--status tells whether backup and drill went well, and not too long ago', async () => {
    const status = async (...args: string[]): Promise<[number, string]> => {
      const { code, stdout } = await stack.script('backup.sh', '--status', ...args);
      return [code, stdout];
    };
    await stack.mustScript('backup.sh');
    await stack.mustScript('restore.sh', '--test');
    const [well, text] = await status();
    assert.equal(well, 0, text);
    assert.match(text, /^backup +ok .*\ndrill +ok /);
    const saved = sets.read('status');
    const old = (line: RegExp, hours: number): string =>
      saved.replace(line, (found) =>
        found.replace(
          /\d{8}T\d{6}Z/,
          new Date(Date.now() - hours * 3_600_000).toISOString().replace(/[-:]|\.\d+/g, ''),
        ),
      );
    for (const [spoilt, args, line] of [
      [old(/^backup ok .*$/m, 27).replace(/^backup failed.*\n/m, ''), [], /^backup +FAIL +more than 26 hours ago/m],
      [old(/^drill ok .*$/m, 193).replace(/^drill failed.*\n/m, ''), [], /^drill +FAIL +more than 192 hours ago/m],
      [saved.replace(/^drill .*\n/gm, ''), [], /^drill +FAIL +never went well/m],
      [
        `${saved}drill failed 29990101T000000Z restore\n`,
        [],
        /^drill +FAIL +at 29990101T000000Z: restore; last well at/m,
      ],
      [old(/^backup ok .*$/m, 3).replace(/^backup failed.*\n/m, ''), ['--max-age', '2'], /^backup +FAIL/m],
    ] as const) {
      sets.write('status', spoilt);
      const [code, said] = await status(...args);
      assert.equal(code, 1, said);
      assert.match(said, line);
    }
    sets.write('status', old(/^backup ok .*$/m, 25).replace(/^backup failed.*\n/m, ''));
    assert.equal((await status())[0], 0);
    sets.write('status', saved);
  });

  it('a failure is in the log of the system, where there is one', async () => {
    const folder = folderOf(freshName());
    const written = join(folder, 'log');
    writeFileSync(join(folder, 'logger'), `#!/bin/sh\nprintf '%s\\n' "$*" >>'${written}'\n`, { mode: 0o755 });
    writeFileSync(join(folder, 'docker'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const { code } = await run('env', [`PATH=${folder}:${process.env.PATH}`, './scripts/backup.sh'], {
      cwd: stack.directory,
    });
    assert.equal(code, 1);
    const line = `comicpile-backup FAILED app=${stack.project} step=preflight`;
    assert.equal(readFileSync(written, 'utf8'), `-t comicpile-backup -p user.err ${line}\n`);
  });
});
