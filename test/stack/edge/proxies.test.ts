import assert from 'node:assert/strict';
import { type Ask, askNow, type Site } from '../site.ts';
import { allLogged, logged } from './accessLog.ts';
import { received } from './app.ts';
import type { Edge } from './edge.ts';
import { cloudflare, main, proxied } from './edges.ts';

const from = (address: string, header = 'X-Forwarded-For'): Ask => ({ headers: { [header]: address } });

/** Six logins fill the bucket of a client; it is one that the next request of another address meets. */
const fill = async (site: Site, address: string, path = '/login'): Promise<void> => {
  for (let count = 0; count < 6; count++) {
    assert.equal((await askNow(site, path, from(address))).status, 200, `${address}, login ${count + 1}`);
  }
  assert.equal((await askNow(site, path, from(address))).status, 429, `${address}, one too many`);
};

describe('edge: behind trusted proxies', () => {
  let edge: Edge;
  let site: Site;
  before(async () => {
    edge = await proxied.start();
    ({ site } = edge);
  });
  beforeEach(() => edge.app.forget());

  for (const [what, header, address] of [
    ['the address that the proxy gives', '198.51.100.7', '198.51.100.7'],
    ['the last one, not what the client wrote before it', '203.0.113.9, 198.51.100.8', '198.51.100.8'],
    ['the last one that is no proxy', '203.0.113.9, 198.51.100.9, 10.1.1.1, 192.168.7.7', '198.51.100.9'],
    ['an IPv6 address', '2001:db8:aaaa::7', '2001:db8:aaaa::7'],
    ['what stands before the port', '198.51.100.10:4711', '198.51.100.10'],
  ] as const) {
    it(`app and log get ${what}`, async () => {
      const reply = await askNow(site, '/', from(header));
      const [request] = (await edge.app.seen()).requests;
      assert.ok(request);
      for (const name of ['X-Forwarded-For', 'X-Real-IP']) assert.deepEqual(received(request, name), [address], name);
      const line = await logged(edge.stack, reply);
      assert.equal(line.remote_addr, address);
      assert.match(line.peer ?? '', /^(?:10|172|192)\./);
    });
  }

  it('what is no address is not taken', async () => {
    for (const value of ['evil', 'unknown', '999.1.1.1', '198.51.100.1, evil', '']) {
      await askNow(site, '/', from(value));
      const [address = ''] = received((await edge.app.seen()).requests.at(-1) ?? assert.fail(), 'X-Real-IP');
      assert.match(address, /^(?:10|172|192)\./, value);
    }
  });

  it('two lines of the header are one list', async () => {
    const headers = { 'X-Forwarded-For': ['203.0.113.9', '198.51.100.11'] } as unknown as Record<string, string>;
    await askNow(site, '/', { headers });
    assert.deepEqual(received((await edge.app.seen()).requests[0] ?? assert.fail(), 'X-Real-IP'), ['198.51.100.11']);
  });

  it('each client has a limit of its own', async () => {
    await fill(site, '198.51.100.20');
    await fill(site, '198.51.100.21');
  });

  let last = 50;
  for (const path of [
    '/api/v1/auth/token',
    '/x/../login/',
    '/%6cogin',
    '//signin',
    '/users/password-reset/x',
    '/register',
  ]) {
    it(`${path} has the limit of logins`, async () => {
      const address = `198.51.100.${last++}`;
      await fill(site, address, path);
      assert.equal((await askNow(site, '/login', from(address))).status, 429, 'it is the same bucket');
    });
  }

  for (const path of ['/blogin', '/login-help', '/tokens', '/auth/me']) {
    it(`${path} has not`, async () => {
      const address = `198.51.100.${last++}`;
      for (let count = 0; count < 10; count++) {
        assert.equal((await askNow(site, path, from(address))).status, 200);
      }
    });
  }

  it('an address that a client writes itself gives it no second limit', async () => {
    await fill(site, '198.51.100.22');
    for (const forged of ['203.0.113.1', '203.0.113.2']) {
      assert.equal((await askNow(site, '/login', from(`${forged}, 198.51.100.22`))).status, 429);
    }
  });

  // As nginx prints an address, the longest row of zeros is gone: a key made of text would err here.
  for (const [one, other] of [
    ['2001:db8:1:2::1', '2001:db8:1:2::ffff'],
    ['2001:db8:1:4::1', '2001:db8:1:4:ffff:ffff:ffff:ffff'],
    ['2001:db8::1:2:3:4', '2001:db8::1'],
    ['2001:db8:5::1', '2001:db8:5:0:1:2:3:4'],
    ['2001:0:0:7::1', '2001::7:1:1:1:1'],
    ['2001:db8:10:10:a0a:a0a:a0a:a0a', '2001:db8:10:10::a'],
  ] as const) {
    it(`${one} and ${other} are of one network, and have one limit`, async () => {
      await fill(site, one);
      assert.equal((await askNow(site, '/login', from(other))).status, 429);
    });
  }

  for (const [one, other] of [
    ['2001:db8:1:5::1', '2001:db8:1:6::1'],
    ['2001:db8:0:8::1', '2001:db8:0:9::1'],
    ['2001:0:0:a::1', '2001::b:1:1:1:1'],
    ['2001:db8:a0a:a0a::1', '2001:db8:a0a:a0b::1'],
    ['198.51.100.30', '198.51.100.31'],
  ] as const) {
    it(`${one} and ${other} are of two, and have two`, async () => {
      await fill(site, one);
      assert.equal((await askNow(site, '/login', from(other))).status, 200);
    });
  }
});

describe('edge: behind nobody that is trusted', () => {
  for (const [what, set] of [
    ['behind=none', main],
    ['behind=cloudflare, for a client that is not Cloudflare', cloudflare],
  ] as const) {
    it(`${what}: no header changes the address that app and log get`, async () => {
      const { site, app, stack } = await set.start();
      const headers = ['X-Forwarded-For', 'X-Real-IP', 'CF-Connecting-IP', 'True-Client-IP', 'Forwarded'];
      await app.forget();
      const replies = [await askNow(site, '/api/x')];
      for (const header of headers) replies.push(await askNow(site, '/api/x', from('203.0.113.9', header)));
      const lines = await allLogged(stack, replies);
      const [first] = lines;
      assert.match(first?.remote_addr ?? '', /^(?:10|172|192)\./);
      for (const line of lines) assert.equal(line.remote_addr, first?.remote_addr);
      for (const request of (await app.seen()).requests) {
        assert.deepEqual(received(request, 'X-Real-IP'), [first?.remote_addr]);
      }
    });
  }
});
