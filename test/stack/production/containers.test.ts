import assert from 'node:assert/strict';
import type { Container, Deployment } from '../deployment.ts';
import { refuses } from '../ports.ts';
import { production } from '../production.ts';
import { skip } from '../skip.ts';

const users = { nginx: '101:101', app: '10001:10001', db: '70:70' } as const;
type Service = keyof typeof users;
const services = Object.keys(users) as Service[];

// All processes of the container, the first one and each worker.
const statuses = async (stack: Deployment, service: Service): Promise<Map<string, string>[]> => {
  const { stdout } = await stack.inside(service, ['sh', '-c', 'for f in /proc/[0-9]*/status; do cat $f; echo; done']);
  return stdout
    .split('\n\n')
    .filter((block) => block.includes('Name:'))
    .map((block) => new Map(block.split('\n').map((line) => line.split(':\t') as [string, string])));
};

describe('production: containers', () => {
  let stack: Deployment;
  let unusedBefore: readonly number[];
  const containers = new Map<Service, Container>();
  before(async () => {
    ({ stack, unusedBefore } = await production());
    for (const service of services) containers.set(service, await stack.inspect(service));
  });

  for (const service of services) {
    const container = (): Container => containers.get(service) as Container;

    it(`${service} is healthy`, () => {
      assert.equal(container().State.Health?.Status, 'healthy');
    });

    it(`${service}: every process is without rights: not root, no capability, no way to gain one, seccomp`, async () => {
      const [uid] = users[service].split(':');
      const processes = await statuses(stack, service);
      assert.ok(processes.length >= 2, 'the init process and the service');
      for (const process of processes) {
        const name = process.get('Name');
        assert.deepEqual(process.get('Uid')?.split('\t'), [uid, uid, uid, uid], name);
        for (const set of ['CapEff', 'CapPrm', 'CapInh', 'CapBnd', 'CapAmb']) {
          assert.match(process.get(set) ?? '', /^0+$/, `${name}: ${set}`);
        }
        assert.equal(process.get('NoNewPrivs'), '1', name);
        assert.equal(process.get('Seccomp'), '2', name);
      }
    });

    it(`${service}: nobody can write to the image's files, and nothing in /tmp can be run`, async () => {
      assert.equal(container().HostConfig.ReadonlyRootfs, true);
      for (const path of ['/touched', '/etc/touched', '/usr/local/touched', '/var/touched']) {
        const { code, all } = await stack.inside(service, ['touch', path]);
        assert.notEqual(code, 0, path);
        assert.match(all, /Read-only file system|Permission denied/);
      }
      const script =
        'printf "#!/bin/sh\\necho ran\\n" >/tmp/x && chmod +x /tmp/x && { /tmp/x; code=$?; rm /tmp/x; exit $code; }';
      const { code, all } = await stack.inside(service, ['sh', '-c', script]);
      assert.notEqual(code, 0);
      assert.match(all, /Permission denied/);
    });

    it(`${service} has limits on memory, CPU and processes, and its log cannot fill the disk`, () => {
      const { Memory, NanoCpus, PidsLimit, LogConfig, Privileged } = container().HostConfig;
      assert.ok(Memory > 0 && Memory <= 512 * 1024 * 1024);
      assert.ok(NanoCpus > 0 && NanoCpus <= 1e9);
      assert.ok((PidsLimit ?? 0) > 0);
      assert.equal(LogConfig.Config['max-size'], '10m');
      assert.equal(Privileged, false);
    });
  }

  it('only nginx publishes ports', () => {
    const published = (service: Service) =>
      Object.values(containers.get(service)?.NetworkSettings.Ports ?? {}).flatMap((bindings) => bindings ?? []);
    for (const service of ['app', 'db'] as const) {
      assert.deepEqual(published(service), [], service);
      // What was asked for as well: on an internal network Docker ignores it, until somebody changes the network.
      assert.deepEqual(containers.get(service)?.HostConfig.PortBindings ?? {}, {}, service);
    }
    assert.deepEqual(
      [...new Set(published('nginx').map(({ HostPort }) => HostPort))].sort(),
      [stack.env('HTTP_PORT'), stack.env('HTTPS_PORT')].sort(),
    );
  });

  it('a connection to the ports of the app and the database is refused', async function () {
    if (unusedBefore.length === 0) skip(this, 'other programs of this machine use 8000 and 5432');
    for (const port of unusedBefore) assert.equal(await refuses(port), true, `port ${port} of this machine`);
  });

  it('the database is on the internal network only, out of reach for nginx', async () => {
    const networks = (service: Service) => Object.keys(containers.get(service)?.NetworkSettings.Networks ?? {}).sort();
    const [front, edge, backend] = ['front', 'edge', 'backend'].map((name) => `${stack.project}_${name}`);
    assert.deepEqual(networks('nginx'), [edge, front]);
    assert.deepEqual(networks('app'), [backend, edge]);
    assert.deepEqual(networks('db'), [backend]);
    const address = containers.get('db')?.NetworkSettings.Networks[backend ?? '']?.IPAddress ?? '';
    const reach = await stack.inside('nginx', ['wget', '-q', '-T', '3', '-O', '-', `http://${address}:5432/`]);
    assert.notEqual(reach.code, 0);
    assert.match(reach.all, /timed out|unreachable|refused|can't connect/i);
  });

  it('nginx reads its configuration and certificate, and cannot write to them', () => {
    const mounts = new Map(containers.get('nginx')?.Mounts.map(({ Destination, RW }) => [Destination, RW]));
    assert.deepEqual(
      [mounts.get('/etc/nginx'), mounts.get('/etc/ssl/site'), mounts.get('/var/www/acme')],
      [false, false, false],
    );
  });

  it('the migration ran once, as another role, and ended well', async () => {
    const migrate = await stack.inspect('migrate');
    assert.equal(migrate.State.Status, 'exited');
    assert.ok(migrate.Config.Env.includes('DB_USER=keeper_owner'));
  });
});
