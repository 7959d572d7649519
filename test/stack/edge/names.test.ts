import assert from 'node:assert/strict';
import { connect } from 'node:tls';
import { must } from '../run.ts';
import { type Ask, askNow, type Site, valuesOf } from '../site.ts';
import { received } from './app.ts';
import type { Edge } from './edge.ts';
import { main, redirecting, served } from './edges.ts';
import { askRaw, exchange, statusOf } from './raw.ts';

const alertOf = (site: Site, servername: string): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: site.httpsPort, servername, rejectUnauthorized: false });
    socket.once('secureConnect', () => {
      resolve('agreed');
      socket.destroy();
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });

describe('edge: names', () => {
  let edge: Edge;
  let site: Site;
  before(async () => {
    edge = await main.start();
    ({ site } = edge);
  });

  for (const [what, name] of [
    ['an unknown name', 'evil.example.org'],
    ['no name', ''],
    ['a name below ours', 'x.app.example.test'],
    ['a name above ours', 'example.test'],
  ] as const) {
    it(`443: a handshake with ${what} ends in an alert, without a certificate`, async () => {
      assert.equal(await alertOf(site, name), 'ERR_SSL_TLSV1_UNRECOGNIZED_NAME');
    });
  }

  for (const [what, lines, status] of [
    ['a foreign Host', ['Host: evil.example.org'], 421],
    ['an address as Host', ['Host: 127.0.0.1'], 421],
    ['an IPv6 address as Host', ['Host: [::1]:443'], 421],
    ['no Host', [], 400],
    ['an empty Host', ['Host:'], 400],
    ['two Hosts', ['Host: app.example.test', 'Host: evil.example.org'], 400],
    ['a Host with a path in it', ['Host: app.example.test/x'], 400],
    ['ours in capitals', ['Host: APP.Example.TEST'], 200],
    ['ours with a port', ['Host: app.example.test:443'], 200],
    ['ours with the port of another service', ['Host: app.example.test:9999'], 200],
    ['ours with a dot at its end', ['Host: app.example.test.'], 200],
    ['the other name that is served', [`Host: ${served}`], 200],
  ] as const) {
    it(`443: a request with ${what} gets ${status}`, async () => {
      await edge.app.forget();
      assert.equal((await askRaw(site, '/host', { lines })).status, status);
      const { requests } = await edge.app.seen();
      assert.equal(requests.length, status === 200 ? 1 : 0);
      const names: string[] = [site.domain, served];
      for (const request of requests) {
        for (const header of ['Host', 'X-Forwarded-Host']) {
          const [host = '', ...more] = received(request, header);
          assert.deepEqual([names.includes(host), more], [true, []], `${header}: ${host}`);
        }
      }
    });
  }

  it('443: HTTP/1.0 without a Host does not reach the app', async () => {
    await edge.app.forget();
    assert.equal(statusOf(await exchange(site, 'GET / HTTP/1.0\r\n\r\n')), 421);
    assert.equal((await edge.app.seen()).requests.length, 0);
  });

  it('443: the second name has a handshake of its own, and the same certificate', async () => {
    const reply = await askNow(site, '/', { servername: served, headers: { Host: served } });
    assert.equal(reply.status, 200);
  });

  const redirects: readonly (readonly [string, string, Ask])[] = [
    ['80: our name', '/a/b?c=%20d&e=f', { plain: true }],
    ['80: another name that is served', '/a?b', { plain: true, headers: { Host: served } }],
    ['80: our name with a port', '/', { plain: true, headers: { Host: 'app.example.test:8080' } }],
    ...redirecting.flatMap((name): [string, string, Ask][] => [
      [`80: ${name}`, '/x/y?z=1', { plain: true, headers: { Host: name } }],
      [`443: ${name}`, '/x/y?z=1&q=%2F', { servername: name, headers: { Host: name } }],
      [
        `443: ${name}, whatever it is asked with`,
        '/form',
        { servername: name, headers: { Host: name }, method: 'POST' },
      ],
    ]),
  ];
  for (const [what, path, options] of redirects) {
    it(`${what} leads to the same path on our name, by one 301`, async () => {
      const reply = await askNow(site, path, options);
      assert.equal(reply.status, 301);
      assert.deepEqual(valuesOf(reply, 'Location'), [`https://${site.domain}${path}`]);
    });
  }

  it('80: a path that looks like another host stays on ours', async () => {
    const reply = await askRaw(site, '//evil.example.org/x', { plain: true });
    assert.deepEqual(valuesOf(reply, 'Location'), [`https://${site.domain}//evil.example.org/x`]);
  });

  it('80: an encoded line break in a path makes no second header', async () => {
    const reply = await askRaw(site, '/x%0d%0aSet-Cookie:%20a=b', { plain: true });
    assert.equal(reply.status, 301);
    assert.deepEqual(valuesOf(reply, 'Set-Cookie'), []);
  });

  for (const lines of [['Host: evil.example.org'], ['Host: 127.0.0.1'], ['Host: localhost']]) {
    it(`80: ${lines} is closed without a word`, async () => {
      const bytes = ['GET / HTTP/1.1', ...lines, '', ''].join('\r\n');
      const { text, ended } = await exchange(site, bytes, { plain: true });
      assert.deepEqual([text, ended], ['', true]);
    });
  }

  it('80: a challenge of the certificate authority is answered from its volume, for each name, and never redirected', async () => {
    const volume = `${edge.stack.project}_acme-webroot`;
    const image = (await edge.stack.compose('config', '--images')).stdout
      .split('\n')
      .find((name) => /nginx/.test(name));
    const write = 'mkdir -p /w/.well-known/acme-challenge && echo proof >/w/.well-known/acme-challenge/token_1-x';
    await must('docker', [
      ...['run', '--rm', '--user', '0', '--volume', `${volume}:/w`, '--entrypoint', 'sh'],
      ...[image ?? '', '-c', write],
    ]);
    for (const name of [site.domain, served, ...redirecting]) {
      const reply = await askNow(site, '/.well-known/acme-challenge/token_1-x', {
        plain: true,
        headers: { Host: name },
      });
      assert.deepEqual([reply.status, reply.body], [200, 'proof\n'], name);
      assert.deepEqual(valuesOf(reply, 'Strict-Transport-Security'), []);
    }
  });

  it('80: nothing but a challenge comes out of that volume', async () => {
    for (const path of ['/.well-known/acme-challenge/../../', '/.well-known/acme-challenge/%2e%2e/', '/.well-known/']) {
      const reply = await askRaw(site, path, { plain: true });
      assert.ok([301, 400, 403, 404].includes(reply.status), `${path}: ${reply.status}`);
    }
    assert.equal((await askRaw(site, '/.well-known/acme-challenge/', { plain: true })).status, 403);
  });
});
