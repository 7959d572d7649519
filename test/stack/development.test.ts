import assert from 'node:assert/strict';
import { get } from 'node:http';
import { Deployment } from './deployment.ts';
import { unavailable } from './engine.ts';
import { eventually } from './eventually.ts';
import { freePort } from './ports.ts';
import { production } from './production.ts';
import { secretsIn, secretValues } from './secretValues.ts';
import { skip } from './skip.ts';

type Published = { readonly target: number; readonly published: string; readonly host_ip: string };
type Service = { readonly image: string; readonly ports?: readonly Published[]; readonly profiles?: readonly string[] };

const answer = (port: number, path: string): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, path, agent: false, timeout: 5000 }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    request.once('timeout', () => request.destroy(new Error('timeout')));
    request.once('error', reject);
  });

describe('development stack, beside the production one in the same directory', () => {
  let dev: Deployment;
  let port: number;
  before(async () => {
    const { stack } = await production();
    dev = new Deployment(`${stack.project}-dev`, stack.directory, 'docker-compose.yml');
    // The ports of the emitted file may be in use on this machine; the address before them stays.
    const ports = new Map([
      [8000, await freePort()],
      [5432, await freePort()],
      [5050, await freePort()],
    ]);
    dev.edit('docker-compose.yml', (text) =>
      text.replace(/"127\.0\.0\.1:(\d+):/g, (_, emitted: string) => `"127.0.0.1:${ports.get(Number(emitted))}:`),
    );
    port = ports.get(8000) ?? 0;
    await dev.up('--build');
  });
  after(() => dev?.remove());

  const services = async (...profile: string[]): Promise<Readonly<Record<string, Service>>> => {
    const { stdout } = await dev.compose(...profile, 'config', '--format', 'json');
    return (JSON.parse(stdout) as { services: Record<string, Service> }).services;
  };

  it('answers on 127.0.0.1, with its docs open', async () => {
    assert.deepEqual(await answer(port, '/health'), { status: 200, body: '{"status":"ok"}' });
    for (const path of ['/', '/static/site.js', '/docs']) assert.equal((await answer(port, path)).status, 200, path);
  });

  it('takes a saved change of the code without a rebuild', async () => {
    const name = async () => /"title":"([^"]*)"/.exec((await answer(port, '/openapi.json')).body)?.[1];
    const [before, text] = [await name(), dev.read('app/main.py')];
    dev.edit('app/main.py', (code) => code.replace(/title="[^"]*"/, 'title="saved"'));
    try {
      await eventually('the change is served', 30, async () => ((await name()) === 'saved' ? true : undefined));
    } finally {
      dev.edit('app/main.py', () => text);
    }
    await eventually('the change is taken back', 30, async () => ((await name()) === before ? true : undefined));
  });

  it('runs the tests of the new app', async () => {
    const { code, all } = await dev.inside('app', ['pytest', '-q']);
    assert.equal(code, 0, all);
    assert.match(all, /\d+ passed/);
    console.log(`      measured: ${all.trim().split('\n').at(-1)}`);
  });

  it('publishes ports on 127.0.0.1 only', async () => {
    for (const service of ['app', 'db']) {
      const { Ports } = (await dev.inspect(service)).NetworkSettings;
      const bindings = Object.values(Ports).flatMap((found) => found ?? []);
      assert.deepEqual(
        bindings.map(({ HostIp }) => HostIp),
        ['127.0.0.1'],
        service,
      );
    }
    for (const [name, { ports = [] }] of Object.entries(await services('--profile', 'tools'))) {
      for (const published of ports) assert.equal(published.host_ip, '127.0.0.1', name);
    }
  });

  it('runs as little as production does: not root, no capabilities, nothing to write to', async () => {
    const { stdout } = await dev.inside('app', ['grep', '-E', '^(Uid|CapEff|NoNewPrivs)', '/proc/1/status']);
    assert.match(stdout, /Uid:\t10001\t/);
    assert.match(stdout, /NoNewPrivs:\t1/);
    assert.match(stdout, /CapEff:\t0+$/m);
    assert.notEqual((await dev.inside('app', ['touch', '/app/app/x'])).code, 0);
  });

  it('shares no container, volume or secret with production', async () => {
    const { stdout } = await dev.compose('ps', '--all', '--format', '{{.Name}}');
    for (const name of stdout.split('\n')) assert.match(name, new RegExp(`^${dev.project}-`));
    assert.deepEqual(secretsIn(dev.read('docker-compose.yml'), secretValues(dev)), []);
  });

  it('has pgAdmin in the profile tools, and not without it', async () => {
    assert.deepEqual(Object.keys(await services()).sort(), ['app', 'db', 'migrate']);
    const { pgadmin } = await services('--profile', 'tools');
    assert.deepEqual(pgadmin?.profiles, ['tools']);
    assert.deepEqual(
      pgadmin?.ports?.map(({ host_ip, target }) => [host_ip, target]),
      [['127.0.0.1', 5050]],
    );
  });

  it('pgAdmin starts and answers', async function () {
    const { pgadmin } = await services('--profile', 'tools');
    const problem = await unavailable(pgadmin?.image ?? '');
    if (problem) skip(this, problem);
    await dev.compose('--profile', 'tools', 'up', '-d', '--wait', 'pgadmin');
    assert.equal((await answer(Number(pgadmin?.ports?.[0]?.published), '/misc/ping')).status, 200);
  });
});
