import assert from 'node:assert/strict';
import { askHttp2 } from '../http2.ts';
import { differing, promisedBy } from '../securityHeaders.ts';
import { type Ask, askNow, type Reply, valuesOf } from '../site.ts';
import type { Edge } from './edge.ts';
import { cloudflare, main, proxied, redirecting } from './edges.ts';
import { exchange, parse } from './raw.ts';

const promised = promisedBy(main.answers);

// All that an app might say itself, each with another value than ours.
const own = [
  ...promised.map(({ name }) => `${name}: of the app`),
  'X-Request-ID: of-the-app',
  'Server: uvicorn',
  'X-Powered-By: Python',
];
const withOwn = (path: string): string =>
  `${path}?${own.map((line) => `header=${encodeURIComponent(line)}`).join('&')}`;

const replies: readonly (readonly [string, number, string, Ask])[] = [
  ['a 200 of the app', 200, '/', {}],
  ['a 200 of the app that sends its own copies of all of them', 200, withOwn('/'), {}],
  ['a HEAD', 200, '/', { method: 'HEAD' }],
  ['a 201 of the app', 201, '/?status=201', { method: 'POST' }],
  ['a 204 of the app', 204, '/?status=204', {}],
  ['a 302 of the app', 302, '/?status=302&header=Location:%20/there', {}],
  ['a 304 of the app', 304, '/?status=304', {}],
  ['a 401 of the app', 401, '/?status=401', {}],
  ['a 404 of the app', 404, '/?status=404', {}],
  ['a 429 of the app', 429, '/?status=429&header=Retry-After:%2077', {}],
  ['a 500 of the app', 500, '/?status=500', {}],
  ['a 503 of the app', 503, '/?status=503', {}],
  ['the health check', 200, '/health', {}],
  ['a 404 of nginx', 404, '/.git/config', {}],
  ['a 413 of nginx', 413, '/', { method: 'POST', headers: { 'Content-Length': '11000000' } }],
  ['a 421 of nginx', 421, '/', { headers: { Host: 'evil.example.org' } }],
  ['a file', 200, '/static/site.css', {}],
  ['a part of a file', 206, '/static/site.css', { headers: { Range: 'bytes=0-9' } }],
  ['a file that is missing', 404, '/static/nothing.css', {}],
  ['a 405 of nginx', 405, '/static/site.css', { method: 'POST' }],
  ['the redirect of another name', 301, '/', { headers: { Host: redirecting[0] }, servername: redirecting[0] }],
];

/** An id of nginx's own making: one, 32 hexadecimal digits. */
const hasId = (reply: Reply): boolean => /^[0-9a-f]{32}$/.test(valuesOf(reply, 'X-Request-ID').join());

describe('edge: security headers', () => {
  let edge: Edge;
  before(async () => {
    edge = await main.start();
  });

  // nginx adds headers before it looks at the range, and again to its error page: each line comes twice, the same.
  it('come with their values, if twice, on a part that a file has not', async () => {
    const reply = await askNow(edge.site, '/static/site.css', { headers: { Range: 'bytes=99999-' } });
    assert.equal(reply.status, 416);
    const once = { ...reply, lines: [...new Map(reply.lines.map((line) => [line.join(), line])).values()] };
    assert.deepEqual(differing(once, promised), []);
  });

  for (const [what, status, path, options] of replies) {
    it(`come exactly once, each with its value, on ${what}`, async () => {
      const reply = await askNow(edge.site, path, options);
      assert.equal(reply.status, status);
      assert.deepEqual(differing(reply, promised), []);
      assert.ok(hasId(reply), JSON.stringify(valuesOf(reply, 'X-Request-ID')));
      assert.deepEqual(valuesOf(reply, 'Server'), ['nginx']);
      assert.deepEqual(valuesOf(reply, 'X-Powered-By'), []);
    });
  }

  it('come exactly once on a file that did not change (304)', async () => {
    const [etag = ''] = valuesOf(await askNow(edge.site, '/static/site.css'), 'ETag');
    assert.notEqual(etag, '');
    const reply = await askNow(edge.site, '/static/site.css', { headers: { 'If-None-Match': etag } });
    assert.equal(reply.status, 304);
    assert.deepEqual(differing(reply, promised), []);
  });

  for (const [what, bytes] of [
    ['a request that is none (400)', 'GARBAGE\r\n\r\n'],
    ['a header that is too large (400)', `GET / HTTP/1.1\r\nHost: app.example.test\r\nX: ${'x'.repeat(9000)}\r\n\r\n`],
  ] as const) {
    it(`come exactly once on ${what}, and the page tells no version`, async () => {
      const reply = parse((await exchange(edge.site, bytes)).text);
      assert.equal(reply.status, 400);
      assert.deepEqual(differing(reply, promised), []);
      assert.deepEqual(valuesOf(reply, 'Server'), ['nginx']);
      assert.doesNotMatch(reply.body, /nginx\/[0-9]/);
    });
  }

  it('come exactly once over HTTP/2, on an answer of the app and on one of nginx', async () => {
    for (const [path, status] of [
      [withOwn('/'), 200],
      ['/.env', 404],
      ['/static/site.css', 200],
    ] as const) {
      const reply = await askHttp2(edge.site, path);
      assert.equal(reply.status, status, path);
      assert.deepEqual(differing(reply, promised), [], path);
      assert.deepEqual(valuesOf(reply, 'Server'), ['nginx']);
      assert.ok(hasId(reply));
    }
  });

  it('come without HSTS on plain HTTP, and once', async () => {
    for (const path of ['/', '/.well-known/acme-challenge/none']) {
      const reply = await askNow(edge.site, path, { plain: true });
      assert.deepEqual(differing(reply, promised), ['Strict-Transport-Security: []'], path);
      assert.deepEqual(valuesOf(reply, 'Server'), ['nginx']);
    }
  });

  it("leave all else of the app's answer alone: its cookies, its caching, its own Retry-After", async () => {
    const lines = [
      'Set-Cookie: a=1; Secure',
      'Set-Cookie: b=2',
      'Cache-Control: private',
      'Retry-After: 77',
      'X-Own: yes',
    ];
    const query = lines.map((line) => `header=${encodeURIComponent(line)}`).join('&');
    const reply = await askNow(edge.site, `/?status=429&${query}`);
    assert.deepEqual(valuesOf(reply, 'Set-Cookie'), ['a=1; Secure', 'b=2']);
    assert.deepEqual(valuesOf(reply, 'Cache-Control'), ['private']);
    assert.deepEqual(valuesOf(reply, 'Retry-After'), ['77']);
    assert.deepEqual(valuesOf(reply, 'X-Own'), ['yes']);
  });

  it('take the place of an id that the client chose', async () => {
    const reply = await askNow(edge.site, '/', { headers: { 'X-Request-ID': 'chosen' } });
    assert.ok(hasId(reply));
  });
});

describe('edge: security headers of other answers', () => {
  for (const [what, set, path] of [
    ['a custom policy, HSTS in full, no XSS filter', cloudflare, '/'],
    ['the same on a 404 of nginx', cloudflare, '/.env'],
    ['documentation that is open, elsewhere', proxied, '/.env'],
  ] as const) {
    it(`come exactly once: ${what}`, async () => {
      const { site } = await set.start();
      assert.deepEqual(differing(await askNow(site, path), promisedBy(set.answers)), []);
    });
  }
});
