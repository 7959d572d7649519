import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';
import { freePort } from '../test/stack/ports.ts';
import { removeProject } from '../test/stack/removal.ts';
import { Contestant } from './edge/contestant.ts';
import { docker, remove } from './edge/docker.ts';
import { emitted } from './edge/emitted.ts';
import { measure } from './edge/rounds.ts';
import type { Sample } from './edge/sample.ts';
import { type Case, cases } from './edge/settings.ts';
import { Table } from './edge/table.ts';
import { buildTool } from './edge/tool.ts';
import { prepare } from './edge/workshop.ts';
import { median } from './statistics.ts';

/**
 * What monitoring costs: the load of bench:edge on the emitted edge, without it and with all of it at work, and the memory of
 * its services after that. Exits 1 where more than a twentieth of the throughput is gone, or more than 512 MiB are taken.
 */
const rounds = Number(process.env.ROUNDS ?? 11);
const requests = Number(process.env.REQUESTS ?? 10_000);
const least = 0.95;
const mebibytes = 512;

const root = realpathSync(mkdtempSync(join(tmpdir(), 'bench-monitoring-')));
const id = `bench-monitoring-${randomBytes(4).toString('hex')}`;
const project = join(root, 'project');
const overlay = 'docker-compose.monitoring.yml';

type Services = Readonly<Record<string, { readonly deploy?: { resources: { limits: { memory: string } } } }>>;
const own = (): Services =>
  Object.fromEntries(
    Object.entries(
      (
        load(readFileSync(join(project, overlay), 'utf8'), { schema: CORE_SCHEMA.withTags(mergeTag) }) as {
          services: Services;
        }
      ).services,
    ).filter(([, { deploy }]) => deploy !== undefined),
  );

/** A command in the project, which must succeed. */
const here = (command: string, ...args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: project, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
};
const compose = (...args: readonly string[]): string =>
  here('docker', 'compose', '-f', 'docker-compose.prod.yml', '-f', overlay, '--env-file', '.env.production', ...args);

const setEnv = (values: Readonly<Record<string, string | number>>): void => {
  const path = join(project, '.env.production');
  const text = Object.entries(values).reduce(
    (all, [key, value]) => all.replace(new RegExp(`^${key}=.*$`, 'm'), `${key}=${value}`),
    readFileSync(path, 'utf8'),
  );
  writeFileSync(path, text);
};

/** The stack with everything on; the containers of the services of monitoring. */
const startStack = async (): Promise<readonly string[]> => {
  setEnv({ HTTP_PORT: `127.0.0.1:${await freePort()}`, HTTPS_PORT: `127.0.0.1:${await freePort()}` });
  here('scripts/certs.sh', 'init');
  here('scripts/monitoring.sh', 'setup');
  compose('up', '--detach', '--wait');
  here('scripts/monitoring.sh', 'setup');
  const services = Object.keys(own()).filter((service) => service !== 'grafana');
  return compose('ps', '--quiet', ...services)
    .split('\n')
    .filter(Boolean);
};

/** Time for what was woken to do what it has missed, which is no part of its work. */
const settle = (): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2000);
};

class Settled extends Contestant {
  override sample(of: Case, count: number): Sample {
    settle();
    return super.sample(of, count);
  }
}

/** All of monitoring stands still while it is another one's turn. */
class Monitored extends Settled {
  containers: readonly string[] = [];

  override sample(of: Case, count: number): Sample {
    docker('unpause', ...this.containers);
    try {
      return super.sample(of, count);
    } finally {
      docker('pause', ...this.containers);
    }
  }
}

const folder = emitted(root, id, ['--monitoring', 'on']);
const mounts = [`${project}/monitoring/nginx:/etc/nginx-monitoring:ro`, `${id}_edge-log:/run/edge-log`];
const without = new Settled('without', `${id}-0`, root, folder);
const monitored = new Monitored(
  'monitored',
  `${id}-1`,
  root,
  folder,
  mounts.map((mount) => `--volume=${mount}`),
);

process.once('exit', () => {
  for (const container of monitored.containers) spawnSync('docker', ['unpause', container], { stdio: 'ignore' });
  for (const contestant of [without, monitored]) contestant.remove();
  removeProject(id);
  remove('image', `${id}-tool`);
  rmSync(root, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

await prepare(root);
buildTool(`${id}-tool`);
const containers = await startStack();
for (const contestant of [without, monitored]) contestant.start(`${id}-tool`);
docker('pause', ...containers);
monitored.containers = containers;
const table = new Table(measure([without, monitored], cases, rounds, requests));
docker('unpause', ...containers);

console.log(`${rounds} rounds of ${requests} requests: medians\n`);
for (const { name: of } of cases) {
  for (const key of ['cpu', 'rps'] as const) {
    const [before, after] = ['without', 'monitored'].map((name) => median(table.all(of, name, key)).toFixed(1));
    const { kept, line } = table.verdict(of, 'monitored', key, { against: 'without', share: least });
    console.log(`${line}  ${before} → ${after} ${key === 'cpu' ? 'us a request' : 'requests/s'}`);
    if (key === 'rps' && !kept) process.exitCode = 1;
  }
}

// What mtail has got of it, a tenth of which was written: lines are lost rather than waited for.
const lines = compose('exec', '-T', 'prometheus', 'wget', '-qO-', 'http://edge-log:3903/metrics');
const counted = Number(/^edge_answers_total (\d+)/m.exec(lines)?.[1] ?? 0);
const sent = cases.length * (rounds + 1) * requests;
console.log(`\nmtail has counted about ${counted} of the ${sent} requests or more that were sent`);

const units: Readonly<Record<string, number>> = { B: 2 ** -20, KiB: 2 ** -10, MiB: 1, GiB: 2 ** 10 };
let total = 0;
for (const line of docker('stats', '--no-stream', '--format', '{{.Name}} {{.MemUsage}}', ...containers)
  .trim()
  .split('\n')) {
  const [, name = '', used = '', unit = ''] = /^(\S+) ([\d.]+)([A-Za-z]+) \//.exec(line) ?? [];
  total += Number(used) * (units[unit] ?? Number.NaN);
  console.log(`${name.slice(id.length + 1).padEnd(24)} ${used} ${unit}`);
}
const limits = Object.entries(own()).reduce(
  (sum, [name, { deploy }]) =>
    name === 'grafana' ? sum : sum + Number.parseInt(deploy?.resources.limits.memory ?? '', 10),
  0,
);
for (const [what, value] of [
  ['memory in use (Grafana is not started here)', total],
  ['sum of the limits, without Grafana', limits],
] as const) {
  const kept = value <= mebibytes;
  console.log(`${kept ? 'ok   ' : 'OVER '} ${what}: ${value.toFixed(0)} MiB (bound ${mebibytes})`);
  if (!kept) process.exitCode = 1;
}
