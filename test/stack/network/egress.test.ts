import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certify } from '../certified.ts';
import type { Deployment } from '../deployment.ts';
import { eventually } from '../eventually.ts';
import { folderOf, freshName, generate } from '../generated.ts';
import { siteOf } from '../production.ts';
import { must } from '../run.ts';
import { ask, type Site } from '../site.ts';
import { skip } from '../skip.ts';
import { Machine, reachedFrom, type Target } from './machine.ts';

const isRoot = process.getuid?.() === 0;
const ofMonitoring = ['prometheus', 'alertmanager', 'blackbox', 'edge-log', 'nginx-exporter', 'postgres-exporter'];
const names = [
  'nginx',
  'app',
  'db',
  'node-exporter',
  'nginx-telemetry',
  'postgres-exporter-monitoring',
  ...ofMonitoring,
];
const ports = [80, 443, 3903, 5432, 6379, 8000, 8080, 8081, 8082, 8443, 8444, 8888, 9090, 9093, 9100, 9113, 9115, 9187];

/** Every address of every container of the project, and every name, with every port that anything of it listens on. */
const servicesOf = async (stack: Deployment): Promise<readonly Target[]> => {
  const { stdout } = await stack.compose('ps', '--quiet');
  const format = '{{range .NetworkSettings.Networks}}{{println .IPAddress}}{{println .GlobalIPv6Address}}{{end}}';
  const { stdout: addresses } = await must('docker', ['inspect', '--format', format, ...stdout.split('\n')]);
  const hosts = [...names, ...addresses.split('\n').filter(Boolean)];
  return hosts.flatMap((host) => ports.map((port) => ({ host, port })));
};

const start = async (flags: readonly string[]): Promise<{ readonly stack: Deployment; readonly site: Site }> => {
  const name = freshName();
  const stack = await generate(name, folderOf(name), flags);
  const { certificate } = await certify(stack);
  await stack.mustScript('deploy.sh');
  return { stack, site: siteOf(stack, certificate) };
};

/** What the names of the chains of this project begin with. */
const chainsOf = async ({ project }: Deployment): Promise<string> => {
  const { stdout } = await must('iptables', ['-S', 'INPUT']);
  const line = stdout.split('\n').find((each) => each.includes(`"scripts/firewall.sh of ${project}"`));
  return /-j (\S+)-HOST$/.exec(line ?? '')?.[1] ?? assert.fail(stdout);
};

describe('network: an app without a way out, and monitoring', () => {
  let stack: Deployment;
  let site: Site;
  let machine: Machine;

  before(async function () {
    if (!isRoot) skip(this, 'the surroundings of the machine need root');
    machine = await Machine.start();
    ({ stack, site } = await start(['--monitoring', 'on']));
  });
  after(() => machine?.stop());

  it('the app reaches nginx, the database and itself, by any name or address, and nothing else of the stack', async () => {
    const { NetworkSettings } = await stack.inspect('nginx');
    const open = await reachedFrom(stack, 'app', await servicesOf(stack));
    const edge = NetworkSettings.Networks[`${stack.project}_edge`]?.IPAddress ?? '';
    assert.ok(open.includes('db:5432') && open.includes('nginx:8443'), open.join());
    const { NetworkSettings: ofDb } = await stack.inspect('db');
    const db = ofDb.Networks[`${stack.project}_backend`]?.IPAddress ?? '';
    const known = [`nginx:8080`, `nginx:8443`, `${edge}:8080`, `${edge}:8443`, 'db:5432', `${db}:5432`];
    const others = open.filter((each) => !known.includes(each) && !each.endsWith(':8000'));
    assert.deepEqual(others, []);
  });

  it('the app reaches nothing outside of the stack: its networks alone see to that', async () => {
    assert.deepEqual(await reachedFrom(stack, 'app', machine.targets()), []);
  });

  it('the database neither', async () => {
    assert.deepEqual(await reachedFrom(stack, 'db', machine.targets()), []);
  });

  it('without the firewall nginx reaches this machine, and deploy.sh and the audit say that it is not there', async () => {
    assert.ok((await reachedFrom(stack, 'nginx', machine.targets())).length > 0);
    const { stderr } = await stack.mustScript('deploy.sh');
    assert.match(stderr, /the firewall for them is not there\. Next: sudo scripts\/timers\.sh install/);
    assert.equal((await stack.script('firewall.sh', 'status')).code, 1);
    const { stdout, code } = await stack.script('audit.sh', '--live', '--allow-self-signed', '--only', 'host-egress');
    assert.equal(code, 1);
    assert.match(stdout, /INPUT does not begin with a jump/);
  });

  it('with it neither nginx, Prometheus nor Alertmanager does; a second install changes nothing', async () => {
    await stack.guard();
    const { stdout: rules } = await must('iptables-save', ['-t', 'filter']);
    await stack.guard();
    const withoutCounters = (text: string) => text.replace(/^[#:].*\n?/gm, '');
    assert.equal(withoutCounters((await must('iptables-save', ['-t', 'filter'])).stdout), withoutCounters(rules));
    for (const service of ['nginx', 'prometheus', 'app', 'blackbox', 'postgres-exporter']) {
      assert.deepEqual(await reachedFrom(stack, service, machine.targets()), [], service);
    }
    // A mail server may be in the same network, and is somewhere on the Internet in any case.
    const open = await reachedFrom(stack, 'alertmanager', machine.targets());
    assert.deepEqual(open, [machine.neighbour, machine.stranger].map((host) => `${host}:${machine.port}`).sort());
    assert.equal((await stack.mustScript('firewall.sh', 'status')).code, 0);
    await stack.mustScript('audit.sh', '--live', '--allow-self-signed', '--only', 'host-egress', '--only', '*-egress');
  });

  it('clients are served as before, and nginx sees their addresses, of IPv4 and of IPv6', async () => {
    assert.equal((await ask(site, '/health')).status, 200);
    for (const [client, server] of [
      [machine.neighbour, '10.231.77.1'],
      [machine.neighbour6, '[fd00:77::1]'],
    ]) {
      assert.equal(await machine.asks(`http://${server}:${site.httpPort}/from-elsewhere`), '301');
      // nginx writes its log once a second.
      await eventually(`a line of ${client}`, 10, async () => {
        const { stdout } = await stack.compose('logs', '--no-log-prefix', '--tail', '200', 'nginx');
        return stdout.includes(`"remote_addr":"${client}"`) ? true : undefined;
      });
    }
    assert.equal((await stack.mustScript('monitoring.sh', 'status')).code, 0);
  });

  it('of resolv.conf it takes addresses and nothing else', async () => {
    const file = join(stack.directory, '..', `${stack.project}-resolv.conf`);
    const lines = [
      '10.0.0.2',
      '169.254.169.254 extra',
      '1.2.3.4;',
      '999.1.1.1',
      '127.0.0.53',
      'a[$(id)]',
      '-j',
      '*',
      '10.0.0.2/8',
    ];
    const six = ['fd00::2', '::1', 'fe80::1%eth0', 'fd00::3;'];
    writeFileSync(
      file,
      `\0nameserver\n${[...lines, ...six].map((line) => `nameserver ${line}\n`).join('')}search x -j ACCEPT\n`,
    );
    const mounts = ['--volume', `${stack.directory}:/project:ro`, '--volume', `${file}:/etc/resolv.conf:ro`];
    const command = ['python:3.13-slim', '/project/scripts/firewall.sh', 'install', '--dry-run'];
    const { stdout } = await must('docker', ['run', '--rm', ...mounts, ...command]);
    const asked = [...stdout.matchAll(/-d (\S+) -p udp/g)].map(([, address]) => address);
    assert.deepEqual([...new Set(asked)].sort(), ['10.0.0.2/32', '169.254.169.254/32', 'fd00::2/128']);
    assert.ok(!/ACCEPT|\$|;/.test(stdout), stdout);
  });

  it('a rule that somebody takes out, or puts before ours, is missed and put back', async () => {
    const chain = await chainsOf(stack);
    await must('iptables', [
      '-D',
      `${chain}-OUT`,
      '-d',
      '169.254.0.0/16',
      '-j',
      'REJECT',
      '--reject-with',
      'icmp-port-unreachable',
    ]);
    assert.match((await stack.script('firewall.sh', 'status')).stderr, /lacks -d 169\.254\.0\.0\/16/);
    await stack.guard();
    await must('iptables', ['-I', 'DOCKER-USER', '1', '-i', `${chain}-front`, '-j', 'RETURN']);
    assert.match((await stack.script('firewall.sh', 'status')).stderr, /DOCKER-USER does not begin with a jump/);
    await stack.guard();
    assert.equal((await stack.script('firewall.sh', 'status')).code, 0);
    await must('iptables', ['-D', 'DOCKER-USER', '-i', `${chain}-front`, '-j', 'RETURN']);
  });

  it('remove takes out its own rules, and no others', async () => {
    const chain = await chainsOf(stack);
    // Those of Docker, and of stacks that other suites have beside this one, come and go.
    const isOthers = (line: string) =>
      /^-A (?:DOCKER(?!-USER)|FORWARD)/.test(line) || (/-(?:HOST|OUT)\b/.test(line) && !line.includes(chain));
    const save = async () =>
      (await must('iptables-save', ['-t', 'filter'])).stdout
        .split('\n')
        .filter((line) => line.startsWith('-A') && !isOthers(line));
    const before = await save();
    await stack.mustScript('firewall.sh', 'remove');
    const left = await save();
    const gone = before.filter((line) => !left.includes(line));
    assert.ok(gone.length > 10);
    assert.ok(
      gone.every((line) => /-HOST|-OUT/.test(line)),
      gone.join('\n'),
    );
    assert.deepEqual(
      left,
      before.filter((line) => !gone.includes(line)),
    );
    assert.equal((await stack.mustScript('firewall.sh', 'remove')).code, 0);
  });
});

describe('network: an app with a way out', () => {
  let stack: Deployment;
  let machine: Machine;

  before(async function () {
    if (!isRoot) skip(this, 'the surroundings of the machine need root');
    machine = await Machine.start();
    const allowed = `${machine.neighbour}:${machine.port}`;
    ({ stack } = await start(['--egress', 'internet', '--egress-allow', allowed]));
  });
  after(() => machine?.stop());

  it('without the firewall it reaches this machine, its network and the metadata of its provider', async () => {
    const open = await reachedFrom(stack, 'app', machine.targets());
    for (const host of [machine.metadata, machine.neighbour, machine.stranger])
      assert.ok(open.includes(`${host}:${machine.port}`), `${host}: ${open}`);
  });

  it('with it the app reaches the Internet and the address that is allowed; nothing of this machine, of its network, no metadata', async () => {
    await stack.guard();
    const port = machine.port;
    const more = [...machine.targets(), { host: '10.231.77.1', port }, { host: machine.neighbour, port: 22 }];
    const open = await reachedFrom(stack, 'app', more);
    assert.deepEqual(open, [machine.neighbour, machine.stranger].map((host) => `${host}:${port}`).sort());
  });

  it('a container that is made anew is under the same rules, and so is a network', async () => {
    await stack.compose('down');
    await stack.compose('up', '-d', '--wait');
    const open = await reachedFrom(stack, 'app', machine.targets());
    assert.ok(!open.includes(`${machine.metadata}:${machine.port}`), open.join());
    assert.equal((await stack.script('firewall.sh', 'status')).code, 0);
  });
});
