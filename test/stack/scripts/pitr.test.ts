import assert from 'node:assert/strict';
import { eventually } from '../eventually.ts';
import { killed, withFault } from '../faults.ts';
import { outage, underLoad } from '../load.ts';
import { run } from '../run.ts';
import { sleep } from '../sleep.ts';
import { Served } from './database.ts';

const archive = '/var/lib/postgresql/archive';
const link = '/var/lib/postgresql/data/pitr';

describe('scripts: pitr.sh', () => {
  let here: Served;
  let early: string;
  let late: string;
  before(async () => {
    here = await Served.start();
  });
  after(() => here?.stack.remove());

  const pitr = (...args: string[]) => here.stack.script('pitr.sh', ...args);
  const must = (...args: string[]) => here.stack.mustScript('pitr.sh', ...args);
  const inside = async (...command: string[]): Promise<string> => {
    const { code, stdout, all } = await here.stack.inside('db', command);
    assert.equal(code, 0, all);
    return stdout;
  };
  /** The time of the database, and more than a second in which nothing happens on either side of it. */
  const moment = async (): Promise<string> => {
    await sleep(1100);
    const time = await here.sql("SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')");
    await sleep(1100);
    return time;
  };
  const bases = async (): Promise<string[]> => (await must('list')).stdout.split('\n').filter(Boolean);
  /** The one that is being written: where it has just begun, pg_walfile_name still names the one before. */
  const segment = async () =>
    (await here.sql('SELECT pg_current_xact_id(); SELECT pg_walfile_name(pg_current_wal_lsn())')).split('\n').at(-1) ??
    '';
  const archiver = async (): Promise<string> => {
    const columns =
      'archived_count, last_archived_wal, last_archived_time, failed_count, last_failed_wal, last_failed_time';
    const seen = await here.sql(`SELECT now(), ${columns} FROM pg_stat_archiver`);
    return `${seen}\n${await inside('sh', '-c', 'ls -la pg_wal/archive_status pitr/ 2>&1; ps -ef')}`;
  };
  /** All that was written is in the archive, and the segment it was in is full. */
  const switched = async (): Promise<string> => {
    const name = await here.sql('SELECT pg_current_xact_id(); SELECT pg_walfile_name(pg_switch_wal())');
    return name.split('\n').at(-1) ?? '';
  };
  const waiting = async () =>
    Number(await here.sql("SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'"));
  const assertUntouched = async (volumes: readonly string[], volume: string, titles: readonly string[]) => {
    await here.assertServes(volumes);
    assert.deepEqual([await here.volume(), await here.titles()], [volume, titles]);
  };

  it('off, it costs nothing: WAL is neither kept nor waited for', async () => {
    const { stdout } = await must('status');
    assert.match(stdout, /^off/);
    for (let time = 0; time < 3; time++) await switched();
    await eventually('no segment waits', 20, async () => ((await waiting()) === 0 ? true : undefined));
    assert.equal(await here.sql("SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'"), '0');
    assert.equal(await here.sql('SELECT failed_count FROM pg_stat_archiver'), '0');
    assert.equal(await here.sql('SHOW archive_timeout'), '0');
    const { code, stderr } = await pitr('base');
    assert.equal(code, 1);
    assert.match(stderr, /is off/);
  });

  it('on: a base backup that verifies, WAL that arrives, closed to everybody but the database; no restart', async () => {
    const { StartedAt } = (await here.stack.inspect('db')).State;
    await here.add('before it was on');
    await must('on');
    assert.equal((await here.stack.inspect('db')).State.StartedAt, StartedAt);
    assert.equal((await bases()).length, 1);
    const { stdout } = await must('status');
    assert.match(stdout, /^on, since /);
    assert.match(stdout, /0 waiting/);
    assert.equal(await inside('sh', '-c', `stat -c %a ${archive}`), '700');
    assert.equal(await here.sql('SHOW archive_timeout'), '1min');
  });

  it('a time before the first base backup, or one that is yet to come, is refused', async () => {
    const [volumes, volume, titles] = [await here.volumes(), await here.volume(), await here.titles()];
    for (const [to, exit, why] of [
      ['2020-01-01 00:00:00', 1, /no base backup is as old as/],
      ['2999-01-01 00:00:00', 1, /is yet to come/],
      ['yesterday', 2, /takes a time in UTC/],
    ] as const) {
      const { code, stderr } = await pitr('restore', '--to', to, '--yes');
      assert.equal(code, exit, stderr);
      assert.match(stderr, why);
    }
    await assertUntouched(volumes, volume, titles);
  });

  it('a table is dropped by accident: the moment before is back, and what came later stays in the former volume', async () => {
    await here.add('before');
    early = await moment();
    await here.add('later');
    late = await moment();
    await here.sql('DROP TABLE comics; CREATE TABLE came_last (id int)');
    const former = await here.volume();

    const { stderr } = await must('restore', '--to', early, '--dry-run');
    assert.match(stderr, /would replay the WAL/);
    assert.deepEqual(await here.volumes(), [former]);

    const work = () => must('restore', '--to', early, '--yes');
    const { value, probes } = await underLoad(here.site, '/health', work);
    console.log(
      `      measured: ${outage(probes).text}; ${/The site was closed for \d+ seconds/.exec(value.stderr)?.[0]}`,
    );
    assert.deepEqual((await here.titles()).sort(), ['before', 'before it was on']);
    assert.equal(await here.sql("SELECT to_regclass('came_last') IS NULL"), 't');
    await here.assertServes([former, here.stack.env('DB_VOLUME')].sort());
    assert.equal(await here.sqlIn(former, 'postgres:17-alpine', "SELECT to_regclass('came_last')"), 'came_last');
    assert.match(here.stack.read('audit.log'), / pitr ok /);
  });

  it('is on for the restored database too, in an archive of its own, and the app writes', async () => {
    await here.add('after the restore');
    await must('status');
    assert.equal((await bases()).length, 2);
    assert.equal(await here.sql('SHOW restore_command'), '');
  });

  it('killed (-9) while it replays: the site served all the time, and deploy.sh or --repair removes what is left', async () => {
    const [volumes, volume, titles] = [await here.volumes(), await here.volume(), await here.titles()];
    const fault = { name: '', at: 'docker compose *_next* up *', fault: killed };
    const { value, probes } = await underLoad(here.site, '/health', () =>
      withFault(here.stack, fault, 'pitr.sh', 'restore', '--to', late, '--yes'),
    );
    assert.equal(value.code, -1, 'the script was not killed');
    assert.equal(outage(probes).failed, 0, outage(probes).text);
    await must('--repair');
    await assertUntouched(volumes, volume, titles);
  });

  it('it was the wrong moment: a later one is tried, from the archive of the database before', async () => {
    await must('restore', '--to', late, '--yes');
    assert.deepEqual((await here.titles()).sort(), ['before', 'before it was on', 'later']);
  });

  it('a segment that is missing in the archive: it fails, says so, and the live database is as it was', async () => {
    await here.add('needs the segment');
    const missing = await switched();
    const time = await moment();
    await eventually('it is archived', 20, async () => ((await waiting()) === 0 ? true : undefined));
    await inside('rm', `${link}/${missing}.gz`);
    const [volumes, volume, titles] = [await here.volumes(), await here.volume(), await here.titles()];
    const { code, stderr } = await pitr('restore', '--to', time, '--yes');
    assert.equal(code, 1, stderr);
    assert.match(stderr, /cannot be reached: WAL is missing or damaged/);
    assert.match(stderr, /recovery ended before configured recovery target was reached/);
    await assertUntouched(volumes, volume, titles);
  });

  it('never overwrites a file in the archive; status fails until the segment is archived', async () => {
    const name = await segment();
    await inside('sh', '-c', `echo other | gzip >${link}/${name}.gz`);
    await switched();
    const { stdout } = await eventually('status fails', 30, async () => {
      const outcome = await pitr('status');
      return outcome.code === 1 ? outcome : undefined;
    }).catch(async (error: Error) => assert.fail(`${error.message}\n${name}\n${await archiver()}`));
    assert.match(stdout, new RegExp(`FAIL +${name} could not be archived`));
    assert.equal(await inside('sh', '-c', `gzip -dc ${link}/${name}.gz`), 'other');
    await inside('rm', `${link}/${name}.gz`);
    // It tries again within a minute, or when the next segment is full.
    await switched();
    await eventually('status is well again', 90, async () => ((await pitr('status')).code === 0 ? true : undefined));
  });

  it('prune keeps the newest base backups and the WAL that they need', async () => {
    await must('base');
    const kept = (await bases()).slice(-1);
    const first = async () =>
      (await inside('sh', '-c', `ls ${link}/ | grep -E "^[0-9A-F]{24}.gz$" | head -n 1`)).trim();
    const oldest = await first();
    const { stderr } = await must('prune', '--keep', '1', '--dry-run');
    assert.match(stderr, /would delete/);
    await must('prune', '--keep', '1');
    assert.deepEqual(
      (await bases()).map((line) => line.split(' ')[0]),
      kept.map((line) => line.split(' ')[0]),
    );
    assert.ok((await first()) > oldest);
    assert.equal((await inside('ls', archive)).split('\n').length, 1, 'chains without a base backup are gone');
    await here.add('after the pruning');
    await must('restore', '--to', await moment(), '--yes');
    assert.ok((await here.titles()).includes('after the pruning'));
  });

  it('the volume of the database is lost: a restore brings it back, and archiving goes on', async () => {
    await here.add('before the loss');
    const before = await moment();
    await here.sql('SELECT pg_current_xact_id(); SELECT pg_switch_wal()');
    await sleep(3000);
    const lost = await here.volume();
    await here.stack.compose('rm', '--stop', '--force', 'db');
    await run('docker', ['volume', 'rm', lost]);
    await must('restore', '--to', before, '--yes');
    assert.ok((await here.titles()).includes('before the loss'));
    assert.match((await must('status')).stdout, /^on, since /);
  });

  it('off: nothing more is archived, and all of it can be deleted', async () => {
    assert.equal((await pitr('prune', '--keep', '0')).code, 1);
    await must('off');
    assert.match((await must('status')).stdout, /^off/);
    await must('prune', '--keep', '0');
    assert.deepEqual([await bases(), await inside('ls', archive)], [[], '']);
    await switched();
    await eventually('no segment waits', 20, async () => ((await waiting()) === 0 ? true : undefined));
  });
});
