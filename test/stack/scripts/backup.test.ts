import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment } from '../deployment.ts';
import { type Production, production } from '../production.ts';
import { superuser } from '../psql.ts';
import { run } from '../run.ts';

describe('scripts: backup.sh', () => {
  let stack: Deployment;
  let roles: Production['roles'];
  before(async () => {
    ({ stack, roles } = await production());
  });

  const modeOf = (path: string) => statSync(join(stack.directory, path)).mode & 0o777;
  const held = (): string[] => {
    const folder = join(stack.directory, 'backups');
    return existsSync(folder) ? readdirSync(folder).sort() : [];
  };

  it('makes a dump that pg_restore reads, with its checksum, for its owner only', async () => {
    const { stdout } = await stack.mustScript('backup.sh');
    const dump = stdout.trim();
    assert.match(dump, /^backups\/[a-z0-9_]+-\d{8}T\d{6}Z\.dump$/);
    assert.deepEqual([modeOf('backups'), modeOf(dump), modeOf(`${dump}.sha256`)], [0o700, 0o600, 0o600]);
    const sum = await run('sha256sum', ['--check', `${dump.slice('backups/'.length)}.sha256`], {
      cwd: join(stack.directory, 'backups'),
    });
    assert.equal(sum.code, 0, sum.all);
  });

  it('keeps as many as it is told, the newest ones', async () => {
    const { stdout } = await stack.mustScript('backup.sh', '--keep', '1');
    const newest = stdout.trim().slice('backups/'.length);
    assert.deepEqual(held(), [newest, `${newest}.sha256`]);
  });

  it('ends with an error and leaves no file while the database is stopped', async () => {
    const before = held();
    await stack.compose('stop', 'db');
    try {
      const { code, stdout, stderr } = await stack.script('backup.sh');
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(stderr, /the service db is not running[\s\S]*next: /);
      assert.deepEqual(held(), before);
    } finally {
      await stack.compose('up', '-d', '--wait', '--no-deps', 'db');
    }
  });

  it('ends with an error and leaves no file when the dump breaks off', async () => {
    const before = held();
    const { database } = roles;
    await superuser(stack, 'CREATE TABLE bulk AS SELECT md5(n::text) FROM generate_series(1, 1000000) n', database);
    // Ends the session of pg_dump in the middle of the table.
    const killer = superuser(
      stack,
      `DO $$ BEGIN LOOP PERFORM pg_stat_clear_snapshot();
       EXIT WHEN (SELECT bool_or(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'COPY public.bulk%');
       PERFORM pg_sleep(0.01); END LOOP; END $$`,
    );
    const { code, stdout, stderr } = await stack.script('backup.sh');
    await killer;
    await superuser(stack, 'DROP TABLE bulk', database);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /pg_dump failed, no backup was made/);
    assert.deepEqual(held(), before);
  });
});
