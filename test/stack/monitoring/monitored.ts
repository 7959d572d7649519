import { existsSync, readdirSync } from 'node:fs';
import { images } from '../../../src/policy/images.ts';
import { certify } from '../certified.ts';
import type { Deployment } from '../deployment.ts';
import { unavailable } from '../engine.ts';
import { eventually } from '../eventually.ts';
import { folderOf, freshName, generate } from '../generated.ts';
import { once } from '../once.ts';
import { siteOf } from '../production.ts';
import { type Outcome, run } from '../run.ts';
import type { Site } from '../site.ts';
import { sleep } from '../sleep.ts';
import { replaceProc } from './machine.ts';
import { type Alert, Sink } from './sink.ts';

/**
 * The times of the emitted files, made short: how often is asked, how long something must last, how far is looked back. What is
 * asked and compared stays as it is emitted; the true times are proved by the emitted tests of promtool.
 */
const hasten = (stack: Deployment): void => {
  stack.edit('monitoring/prometheus/prometheus.yml', (text) =>
    text
      .replace(/(_interval): 15s/g, '$1: 1s')
      .replace('scrape_timeout: 10s', 'scrape_timeout: 1s')
      // Its exporter tries for three seconds before it says that the database is gone.
      .replace('job_name: postgres\n', '$&    scrape_interval: 5s\n    scrape_timeout: 5s\n'),
  );
  for (const file of readdirSync(`${stack.directory}/monitoring/prometheus/rules`)) {
    const path = `monitoring/prometheus/rules/${file}`;
    stack.edit(path, (text) =>
      text
        .replace(/^( +)for: \w+$/gm, '$1for: 2s')
        .replace(/\[(?:3|5|10|15)m\]/g, '[15s]')
        // A half of an hour that a transaction lasts, and ten minutes without metrics.
        .replace('> 1800', '> 5')
        .replace('> 600', '> 25')
        // As many requests as are sent in that time.
        .replace('(nginx_http_requests_total[15s]) > 200', '(nginx_http_requests_total[15s]) > 60')
        .concat('\n'),
    );
  }
  stack.edit('docker-compose.prod.yml', (text) =>
    text.replace('interval: 10s\n      timeout: 5s', 'interval: 2s\n      timeout: 2s'),
  );
  stack.edit('monitoring/alertmanager/alertmanager.yml', (text) =>
    text.replace(/(group_wait|group_interval): \w+/g, '$1: 1s').replace('repeat_interval: 1m', 'repeat_interval: 2s'),
  );
  // An alert that came before Alertmanager was found is sent again; and a small disk that can be filled.
  stack.edit('docker-compose.monitoring.yml', (text) =>
    text
      .replace('      - --storage.tsdb.retention.size=1GB\n', '$&      - --rules.alert.resend-delay=1s\n')
      .replace('      - db-data:/watch/database:ro\n', '$&      - small:/watch/small:ro\n')
      .replace(
        '  prometheus-data: {}\n',
        '$&  small:\n    driver_opts:\n      type: tmpfs\n      device: tmpfs\n      o: size=10m,mode=0777\n',
      ),
  );
};

/** Without its image the shipper is not started, and not asked; the lines are taken all the same. */
const leaveOutShipper = (stack: Deployment): void => {
  stack.edit('docker-compose.monitoring.yml', (text) =>
    text.replace(/^ {4}image: .*:log-shipper\n/m, '$&    profiles:\n      - log-shipper\n'),
  );
  stack.edit('monitoring/prometheus/prometheus.yml', (text) =>
    text.replace(/ {2}- job_name: log-shipper\n(?: {4}.*\n)+\n/, ''),
  );
};

export class Monitored {
  readonly stack: Deployment;
  readonly site: Site;
  readonly sink: Sink;
  /** Why the shipper does not run here. */
  readonly noShipper: string | undefined;
  #seen = 0;
  #writing: Promise<void> | undefined;
  #stops = false;
  readonly #open: (() => Promise<Alert>)[] = [];

  constructor(stack: Deployment, site: Site, sink: Sink, noShipper: string | undefined) {
    this.stack = stack;
    this.site = site;
    this.sink = sink;
    this.noShipper = noShipper;
  }

  /** In place of the timer: each run begins when the one before has ended, until the project is gone. */
  startTimer(): void {
    const { stack } = this;
    this.#stops = false;
    this.#writing = (async () => {
      while (!this.#stops && existsSync(stack.directory)) {
        await stack.script('monitoring.sh', 'metrics');
        await sleep(1000);
      }
    })();
  }

  async stopTimer(): Promise<void> {
    this.#stops = true;
    await this.#writing;
  }

  /** From now on `firing` and `resolved` look at what arrives later. */
  async begin(): Promise<void> {
    this.#seen = (await this.sink.alerts()).length;
  }

  async #arrives(
    name: string,
    status: Alert['status'],
    labels: Readonly<Record<string, string>>,
    seen = this.#seen,
  ): Promise<Alert> {
    return eventually(`${name} ${JSON.stringify(labels)} is ${status} at the sink`, 120, async () =>
      (await this.sink.alerts())
        .slice(seen)
        .find(
          (alert) =>
            alert.path === '/team' &&
            alert.status === status &&
            alert.labels.alertname === name &&
            Object.entries(labels).every(([label, value]) => alert.labels[label] === value),
        ),
    );
  }

  firing(name: string, labels: Readonly<Record<string, string>> = {}): Promise<Alert> {
    return this.#arrives(name, 'firing', labels);
  }

  resolved(name: string, labels: Readonly<Record<string, string>> = {}): Promise<Alert> {
    return this.#arrives(name, 'resolved', labels);
  }

  /** It is resolved in the end, which `settled` waits for: the time that its rule looks back need not pass before the next test. */
  resolves(name: string): void {
    const seen = this.#seen;
    this.#open.push(() => this.#arrives(name, 'resolved', {}, seen));
  }

  async settled(): Promise<void> {
    for (const isResolved of this.#open.splice(0)) await isResolved();
  }

  /** The value of a query on the live Prometheus, as its HTTP interface has it. */
  async query(expression: string): Promise<readonly { readonly value: readonly [number, string] }[]> {
    const url = `http://127.0.0.1:9090/api/v1/query?query=${encodeURIComponent(expression)}`;
    const { code, stdout, stderr } = await this.stack.inside('prometheus', ['wget', '-qO-', url]);
    if (code !== 0) throw new Error(`${expression}: ${stderr}`);
    return (JSON.parse(stdout) as { data: { result: { value: [number, string] }[] } }).data.result;
  }
}

/** One deployment with everything on, and its alerts sent to a webhook. */
export const monitored = once(async (): Promise<Monitored> => {
  const name = freshName();
  const alerts = ['--monitoring', 'on', '--alert-receiver', 'webhook', '--log-shipping', 'loki'];
  const flags = ['--db-user', 'keeper', '--secrets', 'env', ...alerts];
  const stack = await generate(name, folderOf(name), flags);
  const noShipper = await unavailable(images('3.13').collector);
  await stack.mustScript('monitoring.sh', 'check');
  hasten(stack);
  replaceProc(stack);
  if (noShipper !== undefined) leaveOutShipper(stack);
  const authority = await certify(stack);
  for (const [secret, path] of [
    ['alert_url', 'team'],
    ['deadman_url', 'deadman'],
    ['loki_url', 'otlp'],
  ] as const) {
    const { code, all } = await secretOf(stack, secret, `http://sink:8080/${path}`);
    if (code !== 0) throw new Error(all);
  }
  await stack.mustScript('deploy.sh');
  const here = new Monitored(stack, siteOf(stack, authority.certificate), await Sink.start(name), noShipper);
  here.startTimer();
  return here;
});

/** `scripts/monitoring.sh secret`, with the value on its stdin. */
export const secretOf = (stack: Deployment, name: string, value: string): Promise<Outcome> =>
  run('./scripts/monitoring.sh', ['secret', name], { cwd: stack.directory, input: `${value}\n` });
