import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connections } from '../../../src/policy/connections.ts';
import { images } from '../../../src/policy/images.ts';
import { unavailable } from '../engine.ts';
import { eventually } from '../eventually.ts';
import { superuser } from '../psql.ts';
import { must, run } from '../run.ts';
import { skip } from '../skip.ts';
import { exhaust, recover } from './machine.ts';
import { type Monitored, monitored, secretOf } from './monitored.ts';

const ago = (hours: number): string =>
  `${new Date(Date.now() - hours * 3_600_000).toISOString().replace(/[-:]|\.\d+/g, '')}`;

describe('monitoring: the stack', () => {
  let here: Monitored;
  before(async function () {
    this.timeout(600_000);
    here = await monitored();
  });
  beforeEach(() => here.begin());
  /** A small disk is filled, first by nine tenths, then to its end. */
  const fillDisk = async (): Promise<void> => {
    const fill = (mebibytes: number) =>
      must('docker', [
        ...['run', '--rm', '--volume', `${here.stack.project}_small:/small`, 'python:3.13-slim', 'python', '-c'],
        `import os; os.remove("/small/x") if os.path.exists("/small/x") else 0; open("/small/x", "wb").write(bytes(${Math.round(mebibytes * 2 ** 20)}))`,
      ]);
    await fill(9);
    await here.firing('DiskFillsUp', { mountpoint: '/watch/small' });
    await fill(9.8);
    await here.firing('DiskFull', { mountpoint: '/watch/small' });
    await fill(0);
    await here.resolved('DiskFillsUp', { mountpoint: '/watch/small' });
    await here.resolved('DiskFull', { mountpoint: '/watch/small' });
  };
  /** A service ends again and again. */
  const restartAgainAndAgain = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn += 1) {
      await eventually('edge-log runs', 30, async () =>
        (await here.stack.inside('edge-log', ['bash', '-c', 'kill 1'])).code === 0 ? true : undefined,
      );
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }
    await here.firing('RestartLoop', { service: 'edge-log' });
    await here.resolved('RestartLoop', { service: 'edge-log' });
  };
  /** A container comes close to its limit. */
  const takeMemory = async (): Promise<void> => {
    // Of 512 MiB; the app itself has about sixty.
    const program = 'import time; b = b"x" * (425 * 2**20); time.sleep(20)';
    const hog = here.stack.inside('app', ['python', '-c', program]);
    await here.firing('ContainerMemoryHigh', { service: 'app' });
    await hog;
    await here.resolved('ContainerMemoryHigh', { service: 'app' });
  };
  const reload = () => here.stack.compose('kill', '--signal', 'HUP', 'prometheus');

  it('RestoreDrillTooOld: from the first start on, until a drill goes well; BackupTooOld: a stale backup', async () => {
    const { stack } = here;
    const isFiring = async () =>
      (await here.query('ALERTS{alertname="RestoreDrillTooOld",alertstate="firing"}')).length;
    await eventually('RestoreDrillTooOld', 30, async () => ((await isFiring()) > 0 ? true : undefined));
    await stack.mustScript('backup.sh');
    await stack.mustScript('restore.sh', '--test');
    await here.resolved('RestoreDrillTooOld');
    stack.edit('backups/status', (text) => text.replace(/^(backup ok )\S+/m, `$1${ago(5)}`));
    const { annotations } = await here.firing('BackupTooOld');
    assert.match(annotations.summary ?? '', /^no good backup for 5/);
    await stack.mustScript('backup.sh');
    await here.resolved('BackupTooOld');
  });

  it('BackupFailed and RestoreDrillFailed: a key that is none, a dump that is damaged', async () => {
    const { stack } = here;
    const env = stack.read('.env.production');
    writeFileSync(join(stack.directory, '.env.production'), `${env}BACKUP_AGE_RECIPIENT=no-key\n`);
    assert.notEqual((await stack.script('backup.sh')).code, 0);
    writeFileSync(join(stack.directory, '.env.production'), env);
    const dump = join(
      stack.directory,
      'backups',
      readdirSync(join(stack.directory, 'backups')).find((file) => file.endsWith('.dump')) ?? '',
    );
    const bytes = readFileSync(dump);
    writeFileSync(dump, Buffer.concat([bytes.subarray(0, bytes.length - 200), Buffer.alloc(200)]));
    assert.notEqual((await stack.script('restore.sh', '--test', dump.slice(stack.directory.length + 1))).code, 0);
    await here.firing('BackupFailed');
    await here.firing('RestoreDrillFailed');
    writeFileSync(dump, bytes);
    await stack.mustScript('backup.sh');
    await stack.mustScript('restore.sh', '--test');
    await here.resolved('BackupFailed');
    await here.resolved('RestoreDrillFailed');
  });

  // Each takes its time, and none is in the way of another.
  it('DiskFillsUp and DiskFull, RestartLoop, ContainerMemoryHigh: a disk, a service, memory', async () => {
    await Promise.all([fillDisk(), restartAgainAndAgain(), takeMemory()]);
  });

  it('ServiceUnhealthy: PostgreSQL hangs', async () => {
    const signal = (name: string) =>
      here.stack.inside('db', ['sh', '-c', `kill -${name} "$(head -n 1 /var/lib/postgresql/data/postmaster.pid)"`]);
    await signal('STOP');
    try {
      await here.firing('ServiceUnhealthy', { service: 'db' });
    } finally {
      await signal('CONT');
    }
    await here.resolved('ServiceUnhealthy', { service: 'db' });
  });

  it('DatabaseDown: PostgreSQL is stopped', async () => {
    await here.stack.compose('stop', 'db');
    try {
      await here.firing('DatabaseDown');
    } finally {
      await here.stack.compose('up', '--detach', '--wait', '--no-deps', 'db');
    }
    await here.resolved('DatabaseDown');
    await here.resolved('SiteDown');
  });

  it('AppConnectionsSaturated, ConnectionsSaturated, LongTransaction: sessions that stay', async () => {
    const { app: limit, maximum } = connections({ appIsNew: true, hasOwnerRole: true });
    const program = `
import asyncio, os, asyncpg
async def main():
    held = []
    try:
        while True:
            held.append(await asyncpg.connect(host="db", user=os.environ["DB_USER"], password=os.environ["DB_PASSWORD"], database=os.environ["DB_NAME"]))
    except asyncpg.PostgresError:
        pass
    await held[0].execute("SELECT pg_sleep(25)")
asyncio.run(main())`;
    const app = here.stack.inside('app', ['python', '-c', program]);
    const more = Math.ceil(maximum * 0.8) + 1 - limit;
    const script = `for i in $(seq ${Math.max(more, 1)}); do psql -XqAt -U postgres -c 'SELECT pg_sleep(25)' & done; wait`;
    const others = here.stack.inside('db', ['bash', '-c', script]);
    await here.firing('AppConnectionsSaturated');
    await here.firing('ConnectionsSaturated');
    await here.firing('LongTransaction');
    await Promise.all([app, others]);
    await here.resolved('AppConnectionsSaturated');
    await here.resolved('ConnectionsSaturated');
    await here.resolved('LongTransaction');
  });

  it('WalArchivingFails and ReplicationSlotInactive: an archive that is gone, a standby that is gone', async () => {
    const { stack } = here;
    const link = '/var/lib/postgresql/data/pitr';
    await superuser(stack, "SELECT pg_create_physical_replication_slot('standby', true)");
    await stack.inside('db', ['ln', '-s', '/nowhere', link]);
    await superuser(stack, 'CREATE TABLE archived (); DROP TABLE archived');
    await superuser(stack, 'SELECT pg_switch_wal()');
    await here.firing('WalArchivingFails');
    await here.firing('ReplicationSlotInactive', { slot_name: 'standby' });
    await stack.inside('db', ['rm', link]);
    await superuser(stack, "SELECT pg_drop_replication_slot('standby')");
    await here.resolved('WalArchivingFails');
    await here.resolved('ReplicationSlotInactive', { slot_name: 'standby' });
  });

  it('TargetDown: an exporter is killed', async () => {
    await here.stack.compose('kill', 'node-exporter');
    await here.firing('TargetDown', { job: 'node' });
    await here.stack.compose('up', '--detach', '--wait', '--no-deps', 'node-exporter');
    await here.resolved('TargetDown', { job: 'node' });
  });

  it('HostMetricsStale: the timer stops', async () => {
    await here.stopTimer();
    await here.firing('HostMetricsStale');
    here.startTimer();
    await here.resolved('HostMetricsStale');
  });

  it('SecretTooOld: a secret of last year, until it is rotated; the exporter goes on with the new one', async () => {
    const { stack } = here;
    const old = new Date(Date.now() - 100 * 86_400_000).toISOString().replace(/\.\d+/, '');
    const before = stack.env('MONITORING_DB_PASSWORD');
    writeFileSync(join(stack.directory, 'rotation.log'), `${old} rotated MONITORING_DB_PASSWORD\n`, { mode: 0o600 });
    await here.firing('SecretTooOld', { name: 'MONITORING_DB_PASSWORD' });
    await stack.mustScript('rotate-secrets.sh', 'MONITORING_DB_PASSWORD');
    assert.notEqual(stack.env('MONITORING_DB_PASSWORD'), before);
    await here.resolved('SecretTooOld', { name: 'MONITORING_DB_PASSWORD' });
    await eventually('a login of the exporter', 20, async () =>
      (await here.query('pg_up'))[0]?.value[1] === '1' ? true : undefined,
    );
  });

  it('RulesFail: a rule that cannot be evaluated', async () => {
    const file = join(here.stack.directory, 'releases/live/monitoring/prometheus/rules/broken.yml');
    writeFileSync(file, 'groups:\n  - name: broken\n    rules:\n      - record: broken\n        expr: up * on () up\n');
    await reload();
    await here.firing('RulesFail');
    rmSync(file);
    await reload();
    here.resolves('RulesFail');
  });

  it('NotificationsFail: the receiver is not there, and then it is', async () => {
    assert.equal((await secretOf(here.stack, 'alert_url', 'http://sink:9/')).code, 0);
    await here.stack.mustScript('monitoring.sh', 'test');
    await eventually('NotificationsFail', 60, async () =>
      (await here.query('ALERTS{alertname="NotificationsFail",alertstate="firing"}')).length > 0 ? true : undefined,
    );
    assert.equal((await secretOf(here.stack, 'alert_url', 'http://sink:8080/team')).code, 0);
    await here.firing('NotificationsFail');
    await here.firing('Test');
    here.resolves('NotificationsFail');
  });

  it('monitoring.sh status: all is reached, and nothing is missing; the role sees no rows', async () => {
    const { all } = await here.stack.mustScript('monitoring.sh', 'status');
    assert.match(all, /Watchdog firing[\s\S]*all is reached/);
    assert.doesNotMatch(all, /missing/);
    const { stack } = here;
    const database = stack.project.replaceAll('-', '_');
    assert.equal(
      await superuser(stack, "SELECT has_table_privilege('keeper_monitor', 'comics', 'SELECT')", database),
      'f',
    );
    const role = "SELECT rolsuper, rolcreaterole, rolconnlimit FROM pg_roles WHERE rolname = 'keeper_monitor'";
    assert.equal(await superuser(stack, role), 'f|f|5');
  });

  it('every panel of every dashboard has data', async () => {
    const folder = join(here.stack.directory, 'monitoring/grafana/dashboards');
    const empty: string[] = [];
    for (const file of readdirSync(folder)) {
      const { panels } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
        panels: { title: string; targets: { expr: string }[] }[];
      };
      assert.ok(panels.length >= 8, file);
      for (const { title, targets } of panels) {
        for (const { expr } of targets) {
          if ((await here.query(expr)).length === 0) empty.push(`${file}: ${title}: ${expr}`);
        }
      }
    }
    assert.deepEqual(empty, []);
  });

  it('HostMemoryLow and HostOverloaded: what the node exporter reads of a machine at its end', async () => {
    exhaust(here.stack);
    await here.firing('HostMemoryLow');
    await here.firing('HostOverloaded');
    recover(here.stack);
    await here.resolved('HostMemoryLow');
    await here.resolved('HostOverloaded');
  });

  it('Grafana has the dashboards, for its own login alone', async function () {
    const { stack } = here;
    const missing = await unavailable(images('3.13').grafana);
    if (missing !== undefined) skip(this, missing.split(':').slice(0, 2).join(':'));
    await stack.compose('--profile', 'grafana', 'up', '--detach', '--wait', '--no-deps', 'grafana');
    const ask = (...options: string[]) =>
      stack.inside('grafana', ['wget', '-qO-', ...options, 'http://127.0.0.1:3000/api/search?type=dash-db']);
    assert.notEqual((await ask()).code, 0);
    const login = Buffer.from(`admin:${stack.env('GRAFANA_ADMIN_PASSWORD')}`).toString('base64');
    const { stdout } = await ask('--header', `Authorization: Basic ${login}`);
    assert.equal((JSON.parse(stdout) as unknown[]).length, 4);
  });

  it('publishes nothing, keeps no secret where it can be read, and has no socket of Docker', async () => {
    const { stack } = here;
    const { stdout } = await stack.compose('ps', '--quiet', '--all');
    const { stdout: json } = await must('docker', ['inspect', ...stdout.split('\n')]);
    type Inspected = {
      Config: { Labels: Record<string, string>; Env: string[]; User: string };
      HostConfig: { PortBindings: object; CapDrop: string[]; ReadonlyRootfs: boolean };
      Mounts: { Source: string }[];
    };
    for (const { Config, HostConfig, Mounts } of JSON.parse(json) as Inspected[]) {
      const service = Config.Labels['com.docker.compose.service'] ?? '';
      assert.equal(Object.keys(HostConfig.PortBindings ?? {}).length > 0, service === 'nginx', service);
      assert.deepEqual([HostConfig.CapDrop, HostConfig.ReadonlyRootfs], [['ALL'], true], service);
      assert.ok(!Mounts.some(({ Source }) => Source.endsWith('docker.sock')), service);
      const holds = Config.Env.some((line) => line.includes(stack.env('MONITORING_DB_PASSWORD')));
      assert.equal(holds, service === 'postgres-exporter', service);
    }
  });

  it('what looked back for some time is resolved', () => here.settled());

  it('after all this each service has room left in its memory', async () => {
    const { stdout } = await here.stack.compose('ps', '--quiet');
    const format = '{{.Name}} {{.MemPerc}}';
    const { stdout: stats } = await must('docker', ['stats', '--no-stream', '--format', format, ...stdout.split('\n')]);
    const full = stats.split('\n').filter((line) => Number.parseFloat(line.split(' ')[1] ?? '100') > 70);
    assert.deepEqual(full, []);
  });

  it('without the overlay nginx starts and serves all the same', async () => {
    const { stack } = here;
    const only = ['compose', '-f', 'docker-compose.prod.yml', '--env-file', '.env.production'];
    await must('docker', [...only, 'up', '--detach', '--wait', '--no-deps', '--force-recreate', 'nginx'], {
      cwd: stack.directory,
    });
    const { all } = await run('docker', [...only, 'exec', '-T', 'nginx', 'nginx', '-T'], { cwd: stack.directory });
    assert.doesNotMatch(all, /requests\.log|nginx-telemetry/);
    await stack.compose('up', '--detach', '--wait', '--no-deps', 'nginx');
  });
});
