import assert from 'node:assert/strict';
import { isIPv4 } from 'node:net';
import { claimNames } from '../../../src/policy/claims.ts';
import { askHttp2 } from '../http2.ts';
import { askNow } from '../site.ts';
import { type Received, received } from './app.ts';
import type { Edge } from './edge.ts';
import { main, proxied, served } from './edges.ts';

const forged = {
  'X-Forwarded-For': '203.0.113.9',
  'X-Real-IP': '203.0.113.9',
  Forwarded: 'for=203.0.113.9;host=evil.example.org;proto=http',
  'X-Forwarded-Host': 'evil.example.org',
  'X-Forwarded-Proto': 'http',
  'X-Forwarded-Prefix': '/evil',
  'X-Forwarded-Port': '6666',
  'X-Request-ID': 'forged',
  Proxy: 'http://evil.example.org:6666',
  'CF-Connecting-IP': '203.0.113.9',
} as const;
const own = ['X-Request-ID', 'X-Forwarded-For', 'X-Real-IP'];

/** Every claim that is known, with a hyphen and with an underscore. */
const claimed = Object.fromEntries(
  claimNames.flatMap((name) => [name, name.replaceAll('-', '_')]).map((name) => [name, 'claimed']),
);

describe('edge: what the app is told of a client', () => {
  let edge: Edge;
  before(async () => {
    edge = await main.start();
  });
  beforeEach(() => edge.app.forget());
  const last = async (): Promise<Received> => {
    const request = (await edge.app.seen()).requests.at(-1);
    assert.ok(request);
    return request;
  };

  for (const [name, value] of Object.entries(forged).filter(([header]) => header !== 'CF-Connecting-IP')) {
    it(`${name} never as the client gave it, over HTTP/1.1 and HTTP/2`, async () => {
      for (const send of [askNow, askHttp2]) {
        await send(edge.site, '/', { headers: { [name]: value } });
        const values = received(await last(), name);
        assert.ok(!values.includes(value), values.join());
        assert.ok(values.length <= 1);
        if (own.includes(name)) assert.equal(values.length, 1);
      }
    });
  }

  it('its address, the scheme, host and port of the site, once each, whatever it forges', async () => {
    await askNow(edge.site, '/', { headers: forged });
    const request = await last();
    const [address = ''] = received(request, 'X-Forwarded-For');
    assert.ok(isIPv4(address) && address !== '203.0.113.9', address);
    for (const [name, values] of [
      ['X-Real-IP', [address]],
      ['X-Forwarded-Proto', ['https']],
      ['X-Forwarded-Host', [edge.site.domain]],
      ['X-Forwarded-Port', ['443']],
      ['X-Forwarded-Prefix', []],
      ['Forwarded', []],
      ['Proxy', []],
      ['Host', [edge.site.domain]],
    ] as const) {
      assert.deepEqual(received(request, name), values, name);
    }
    assert.match(received(request, 'X-Request-ID').join(), /^[0-9a-f]{32}$/);
  });

  it('the name by which the client came, where there are several', async () => {
    await askNow(edge.site, '/', { servername: served, headers: { Host: served } });
    const request = await last();
    assert.deepEqual([received(request, 'Host'), received(request, 'X-Forwarded-Host')], [[served], [served]]);
  });

  it('a forged header sent twice does not come through once', async () => {
    const twice = { 'X-Forwarded-For': ['203.0.113.1', '203.0.113.2'] } as unknown as Record<string, string>;
    await askNow(edge.site, '/', { headers: twice });
    assert.doesNotMatch(received(await last(), 'X-Forwarded-For').join(), /203\.0\.113/);
  });

  for (const [what, set, paths] of [
    ['of clients', main, ['/', '/health', '/static/none', '/login']],
    ['of clients behind proxies that are trusted', proxied, ['/', '/docs', '/openapi.json']],
  ] as const) {
    it(`nothing that it claims of itself, ${what}: on no path, over HTTP/1.1 and HTTP/2`, async () => {
      const { site, app } = await set.start();
      for (const path of paths) {
        for (const send of [askNow, askHttp2]) {
          await app.forget();
          const { status } = await send(site, path, { headers: { ...claimed, 'X-Requested-With': 'claimed' } });
          const { requests } = await app.seen();
          assert.deepEqual(
            requests.flatMap(({ headers }) => headers).filter(([, value]) => value === 'claimed'),
            status === 404
              ? []
              : [['X-Requested-With', 'claimed']].map(([name = '', value = '']) => [
                  send === askNow ? name : name.toLowerCase(),
                  value,
                ]),
            path,
          );
        }
      }
    });
  }

  for (const name of [
    'X_Forwarded_For',
    'X_Real_IP',
    'X_Forwarded_Proto',
    'X_Forwarded_Host',
    'Remote_User',
    'SCRIPT_NAME',
  ]) {
    it(`${name} not at all: to WSGI it would be the same as with hyphens`, async () => {
      await askNow(edge.site, '/', { headers: { [name]: 'claimed' } });
      assert.ok((await last()).headers.every(([, value]) => value !== 'claimed'));
    });
  }

  it('its cookies, its authorization and its language unchanged', async () => {
    const headers = { Cookie: 'a=1; b=2', Authorization: 'Bearer x.y', 'Accept-Language': 'de' };
    await askNow(edge.site, '/', { headers });
    const request = await last();
    for (const [name, value] of Object.entries(headers)) assert.deepEqual(received(request, name), [value]);
  });
});
