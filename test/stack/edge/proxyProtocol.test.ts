import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { differing, promisedBy } from '../securityHeaders.ts';
import { askNow, type Site, valuesOf } from '../site.ts';
import { logged } from './accessLog.ts';
import { received } from './app.ts';
import type { Edge } from './edge.ts';
import { main, proxyProtocol } from './edges.ts';
import { askRaw, exchange, listen, statusOf } from './raw.ts';

const line = (address: string): string =>
  `PROXY ${address.includes(':') ? 'TCP6' : 'TCP4'} ${address} ${address.includes(':') ? '::1' : '10.0.0.1'} 51234 443\r\n`;

const binary = (address: string): string =>
  Buffer.concat([
    Buffer.from('0d0a0d0a000d0a515549540a', 'hex'),
    Buffer.from([0x21, 0x11, 0, 12, ...address.split('.').map(Number), 10, 0, 0, 1, 0xc8, 0x22, 0x01, 0xbb]),
  ]).toString('latin1');

const raw = (port: number, bytes: string) => {
  const socket = connect({ host: '127.0.0.1', port });
  socket.on('error', () => {});
  socket.write(bytes, 'latin1');
  return listen(socket);
};

describe('edge: behind the PROXY protocol', () => {
  let edge: Edge;
  let site: Site;
  before(async () => {
    edge = await proxyProtocol.start();
    ({ site } = edge);
  });
  after(() => edge?.stack.remove());
  beforeEach(() => edge.app.forget());

  for (const [what, first, address] of [
    ['of version 1', line('198.51.100.7'), '198.51.100.7'],
    ['of version 1 with IPv6', line('2001:db8::7'), '2001:db8::7'],
    ['of version 2', binary('198.51.100.8'), '198.51.100.8'],
  ] as const) {
    it(`a header ${what} gives app and log the address`, async () => {
      const reply = await askRaw(site, '/', { first });
      assert.equal(reply.status, 200);
      const [request] = (await edge.app.seen()).requests;
      assert.deepEqual(received(request ?? assert.fail(), 'X-Forwarded-For'), [address]);
      assert.deepEqual(received(request ?? assert.fail(), 'X-Real-IP'), [address]);
      assert.equal((await logged(edge.stack, reply)).remote_addr, address);
      assert.deepEqual(differing(reply, promisedBy(proxyProtocol.answers)), []);
    });
  }

  it('X-Forwarded-For in the request changes nothing', async () => {
    const lines = [`Host: ${site.domain}`, 'X-Forwarded-For: 203.0.113.9'];
    await askRaw(site, '/', { first: line('198.51.100.9'), lines });
    const [request] = (await edge.app.seen()).requests;
    assert.deepEqual(received(request ?? assert.fail(), 'X-Forwarded-For'), ['198.51.100.9']);
  });

  it('each client has a limit of its own', async () => {
    for (const address of ['198.51.100.40', '198.51.100.41']) {
      const statuses: number[] = [];
      for (let count = 0; count < 7; count++) {
        statuses.push((await askRaw(site, '/login', { first: line(address) })).status);
      }
      assert.deepEqual(statuses, [200, 200, 200, 200, 200, 200, 429]);
    }
  });

  it('443: a connection without the header is closed', async () => {
    await assert.rejects(askNow(site, '/'), /socket|ECONNRESET|EPROTO|disconnected/i);
    assert.deepEqual((await edge.app.seen()).requests, []);
  });

  it('80: a connection without the header is closed, one with it is redirected', async () => {
    const request = `GET /x HTTP/1.1\r\nHost: ${site.domain}\r\nConnection: close\r\n\r\n`;
    const without = await raw(site.httpPort, request);
    assert.equal(without.ended, true);
    assert.notEqual(statusOf(without), 301);
    assert.equal(statusOf(await raw(site.httpPort, line('198.51.100.7') + request)), 301);
  });

  it('a header that is none, or too long, is refused', async () => {
    for (const first of ['PROXY TCP4 evil 10.0.0.1 1 2\r\n', `PROXY ${'x'.repeat(200)}\r\n`, 'PROXY\r\n']) {
      const heard = await raw(site.httpPort, `${first}GET / HTTP/1.1\r\nHost: ${site.domain}\r\n\r\n`);
      assert.equal(heard.ended, true, first);
      assert.notEqual(statusOf(heard), 301, first);
    }
  });

  it('nginx is healthy by its own listener, which needs no header', async () => {
    assert.equal((await edge.stack.inspect('nginx')).State.Health?.Status, 'healthy');
  });

  it('behind=none: a PROXY header is not read; it is a request that is none', async () => {
    const plain = (await main.start()).site;
    const { text } = await exchange(plain, `${line('198.51.100.7')}GET / HTTP/1.1\r\nHost: ${plain.domain}\r\n\r\n`, {
      plain: true,
    });
    assert.doesNotMatch(text, /301/);
    assert.deepEqual(valuesOf(await askNow(plain, '/', { plain: true }), 'Location'), [`https://${plain.domain}/`]);
  });
});
