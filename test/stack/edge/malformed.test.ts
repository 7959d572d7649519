import assert from 'node:assert/strict';
import type { Site } from '../site.ts';
import { askNow } from '../site.ts';
import { sleep } from '../sleep.ts';
import { received } from './app.ts';
import type { Edge } from './edge.ts';
import { main } from './edges.ts';
import { dial, exchange, type Heard, listen, statusOf } from './raw.ts';

const host = 'Host: app.example.test';
const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: app.example.test\r\n\r\n';
const post = (...lines: string[]): string => ['POST /first HTTP/1.1', host, ...lines, '', ''].join('\r\n');

// What is sent, and the answer; requests that nginx may repair reach the app once, the others not at all.
const cases: readonly (readonly [string, string, number, 'reaches the app repaired' | 'stays outside'])[] = [
  ['two different Content-Length', `${post('Content-Length: 5', 'Content-Length: 6')}hello`, 400, 'stays outside'],
  ['the same Content-Length twice', `${post('Content-Length: 5', 'Content-Length: 5')}hello`, 400, 'stays outside'],
  ['a list of Content-Length', `${post('Content-Length: 5, 5')}hello`, 400, 'stays outside'],
  ['Content-Length with a sign', `${post('Content-Length: +5')}hello`, 400, 'stays outside'],
  ['a negative Content-Length', `${post('Content-Length: -5')}hello`, 400, 'stays outside'],
  ['Content-Length in hexadecimal', `${post('Content-Length: 0x5')}hello`, 400, 'stays outside'],
  [
    'Content-Length and Transfer-Encoding',
    `${post('Content-Length: 6', 'Transfer-Encoding: chunked')}0\r\n\r\n${smuggled}`,
    400,
    'stays outside',
  ],
  [
    'Transfer-Encoding and Content-Length',
    `${post('Transfer-Encoding: chunked', 'Content-Length: 200')}0\r\n\r\n${smuggled}`,
    400,
    'stays outside',
  ],
  ['an unknown Transfer-Encoding', `${post('Transfer-Encoding: xchunked')}0\r\n\r\n${smuggled}`, 501, 'stays outside'],
  [
    'a list of Transfer-Encoding',
    `${post('Transfer-Encoding: chunked, identity')}0\r\n\r\n${smuggled}`,
    501,
    'stays outside',
  ],
  [
    'two Transfer-Encoding',
    `${post('Transfer-Encoding: chunked', 'Transfer-Encoding: identity')}0\r\n\r\n${smuggled}`,
    400,
    'stays outside',
  ],
  ['a space before the colon', `${post('Transfer-Encoding : chunked')}0\r\n\r\n${smuggled}`, 400, 'stays outside'],
  [
    'a header on two lines',
    `${post('X: a', ' Transfer-Encoding: chunked', 'Content-Length: 0')}`,
    400,
    'stays outside',
  ],
  ['NUL in a header', post('X: a\0b', 'Content-Length: 0'), 400, 'stays outside'],
  ['NUL in the path', `GET /a\0b HTTP/1.1\r\n${host}\r\n\r\n`, 400, 'stays outside'],
  ['an encoded NUL in the path', `GET /a%00b HTTP/1.1\r\n${host}\r\n\r\n`, 400, 'stays outside'],
  ['a lone CR in a header', post('X: a\rTransfer-Encoding: chunked', 'Content-Length: 0'), 400, 'stays outside'],
  [
    'a chunk whose size is no number',
    `${post('Transfer-Encoding: chunked')}zz\r\nhello\r\n0\r\n\r\n`,
    400,
    'stays outside',
  ],
  [
    'a chunk size beyond all numbers',
    `${post('Transfer-Encoding: chunked')}ffffffffffffffff1\r\nhello\r\n0\r\n\r\n`,
    400,
    'stays outside',
  ],
  [
    'chunks in HTTP/1.0',
    `POST /first HTTP/1.0\r\n${host}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    400,
    'stays outside',
  ],
  ['HTTP/2 without an agreement', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'stays outside'],
  ['an unknown version', `GET / HTTP/3.7\r\n${host}\r\n\r\n`, 505, 'stays outside'],
  ['a method in small letters', `get / HTTP/1.1\r\n${host}\r\n\r\n`, 400, 'stays outside'],
  ['CONNECT', `CONNECT app.example.test:443 HTTP/1.1\r\n${host}\r\n\r\n`, 405, 'stays outside'],
  [
    'CONNECT to another host',
    'CONNECT evil.example.org:25 HTTP/1.1\r\nHost: evil.example.org:25\r\n\r\n',
    405,
    'stays outside',
  ],
  ['TRACE', `TRACE / HTTP/1.1\r\n${host}\r\n\r\n`, 405, 'stays outside'],
  ['the URI of another host', `GET http://evil.example.org/first HTTP/1.1\r\n${host}\r\n\r\n`, 421, 'stays outside'],
  ['a path without a slash', `GET first HTTP/1.1\r\n${host}\r\n\r\n`, 400, 'stays outside'],
  [
    'our own URI in full',
    `GET https://app.example.test/first HTTP/1.1\r\n${host}\r\n\r\n`,
    200,
    'reaches the app repaired',
  ],
  [
    'line ends without CR',
    `POST /first HTTP/1.1\n${host}\nContent-Length: 5\n\nhello`,
    200,
    'reaches the app repaired',
  ],
  [
    'a header name with an underscore',
    `GET /first HTTP/1.1\r\n${host}\r\nX_Real_IP: 1.2.3.4\r\n\r\n`,
    200,
    'reaches the app repaired',
  ],
];

describe('edge: requests that are not what they seem', () => {
  let edge: Edge;
  let site: Site;
  before(async () => {
    edge = await main.start();
    ({ site } = edge);
  });
  beforeEach(() => edge.app.forget());

  for (const [what, bytes, status, fate] of cases) {
    it(`${what}: ${status}, and it ${fate}`, async () => {
      assert.equal(statusOf(await exchange(site, bytes)), status);
      const { requests } = await edge.app.seen();
      assert.deepEqual(
        requests.map(({ target }) => target),
        fate === 'stays outside' ? [] : ['/first'],
      );
      for (const request of requests) {
        assert.deepEqual(received(request, 'Host'), [site.domain]);
        assert.deepEqual(received(request, 'Transfer-Encoding'), []);
        assert.deepEqual(received(request, 'X_Real_IP'), []);
        assert.ok(received(request, 'Content-Length').length <= 1);
      }
    });
  }

  it('a body is what its length says: a request inside it is never one to the app', async () => {
    const body = `0\r\n\r\n${smuggled}`;
    await exchange(site, `${post(`Content-Length: ${body.length}`, 'Connection: close')}${body}`);
    const { requests } = await edge.app.seen();
    assert.deepEqual(
      requests.map(({ target, length }) => [target, length]),
      [['/first', body.length]],
    );
  });

  it('a chunked body arrives with a length, which its trailers cannot change', async () => {
    const chunks = '5\r\nhello\r\n0\r\nContent-Length: 99\r\nX-Trailer: yes\r\n\r\n';
    await exchange(site, `${post('Transfer-Encoding: chunked', 'Connection: close')}${chunks}`);
    const [request] = (await edge.app.seen()).requests;
    assert.ok(request);
    assert.equal(request.length, 5);
    assert.deepEqual(received(request, 'Content-Length'), ['5']);
    assert.deepEqual(received(request, 'X-Trailer'), []);
  });

  it('an upgrade to h2c is not passed on', async () => {
    const lines = ['Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA', 'Connection: Upgrade, HTTP2-Settings'];
    const heard = await exchange(site, ['GET /first HTTP/1.1', host, ...lines, '', ''].join('\r\n'));
    assert.equal(statusOf(heard), 200);
    const [request] = (await edge.app.seen()).requests;
    assert.ok(request);
    assert.deepEqual([received(request, 'Upgrade'), received(request, 'Connection')], [[], []]);
  });

  it('a header that Connection names is not taken from what nginx says', async () => {
    const lines = ['Connection: close, X-Real-IP, X-Forwarded-For, X-Forwarded-Proto'];
    await exchange(site, ['GET /first HTTP/1.1', host, ...lines, '', ''].join('\r\n'));
    const [request] = (await edge.app.seen()).requests;
    assert.ok(request);
    assert.equal(received(request, 'X-Real-IP').length, 1);
    assert.deepEqual(received(request, 'X-Forwarded-Proto'), ['https']);
  });
});

describe('edge: requests that are too large', () => {
  let edge: Edge;
  let site: Site;
  before(async () => {
    edge = await main.start();
    ({ site } = edge);
    await edge.app.forget();
  });

  for (const [what, bytes] of [
    ['a header line of 9 kB', `GET /first HTTP/1.1\r\n${host}\r\nX: ${'x'.repeat(9000)}\r\n\r\n`],
    ['40 kB of headers', `GET /first HTTP/1.1\r\n${host}\r\n${`X: ${'x'.repeat(4000)}\r\n`.repeat(10)}\r\n`],
  ] as const) {
    it(`${what}: 400, and it stays outside`, async () => {
      assert.equal(statusOf(await exchange(site, bytes)), 400);
      assert.equal((await edge.app.seen()).requests.length, 0);
    });
  }

  it('a path of 9 kB: 414, and it stays outside', async () => {
    assert.equal(statusOf(await exchange(site, `GET /${'x'.repeat(9000)} HTTP/1.1\r\n${host}\r\n\r\n`)), 414);
    assert.equal((await edge.app.seen()).requests.length, 0);
  });

  it('a body of 11 MB in chunks: 413 in JSON, and it stays outside', async () => {
    const options = { method: 'POST', headers: { 'Transfer-Encoding': 'chunked' }, body: 'x'.repeat(11 * 1024 * 1024) };
    const reply = await askNow(site, '/', options);
    assert.equal(reply.status, 413);
    assert.equal((JSON.parse(reply.body) as { detail: string }).detail, 'Content Too Large');
    assert.equal((await edge.app.seen()).requests.length, 0);
  });

  it('a body of 9 MB arrives whole', async () => {
    await askNow(site, '/first', { method: 'POST', body: 'x'.repeat(9 * 1024 * 1024) });
    assert.equal((await edge.app.seen()).requests.at(-1)?.length, 9 * 1024 * 1024);
  });
});

// All wait for the same ten seconds: together.
describe('edge: clients that are slow on purpose', () => {
  const heard = new Map<string, Promise<Heard>>();
  let edge: Edge;
  before(async () => {
    edge = await main.start();
    await edge.app.forget();
    const drip = async (before: string, each: string): Promise<Heard> => {
      const socket = await dial(edge.site);
      socket.write(before);
      const timer = setInterval(() => socket.writable && socket.write(each), 1000);
      return listen(socket, 20_000).finally(() => clearInterval(timer));
    };
    heard.set('a header that never ends', drip(`GET /slow HTTP/1.1\r\n${host}\r\n`, 'X: y\r\n'));
    heard.set('a body that stops', drip(`${post('Content-Length: 1000')}some`, ''));
    heard.set('a connection without a request', drip('', ''));
    await sleep(0);
  });

  for (const what of ['a header that never ends', 'a body that stops', 'a connection without a request']) {
    it(`${what} is cut off after ten seconds, and does not reach the app`, async () => {
      const { ended, milliseconds } = await (heard.get(what) ?? Promise.reject(new Error('not asked')));
      assert.equal(ended, true);
      assert.ok(milliseconds > 8000 && milliseconds < 14_000, `after ${milliseconds} ms`);
      assert.equal((await edge.app.seen()).requests.length, 0);
    });
  }
});
