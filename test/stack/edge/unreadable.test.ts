import assert from 'node:assert/strict';
import { differing, promisedBy } from '../securityHeaders.ts';
import { type Reply, type Site, valuesOf } from '../site.ts';
import type { Edge } from './edge.ts';
import { cloudflare, main } from './edges.ts';
import { type Dial, exchange, parse } from './raw.ts';

const host = 'Host: app.example.test';
const get = (...lines: string[]): string => ['GET / HTTP/1.1', ...lines, '', ''].join('\r\n');

// What is sent, and the answer with its words.
const requests: readonly (readonly [string, string, number, string])[] = [
  ['no request at all', 'GARBAGE\r\n\r\n', 400, 'Bad Request'],
  ['no Host', get(), 400, 'Bad Request'],
  ['a Host with a path in it', get('Host: app.example.test/x'), 400, 'Bad Request'],
  ['two Hosts', get(host, 'Host: evil.example.org'), 400, 'Bad Request'],
  ['a space before the colon', get(host, 'X : y'), 400, 'Bad Request'],
  ['NUL in the path', `GET /a%00b HTTP/1.1\r\n${host}\r\n\r\n`, 400, 'Bad Request'],
  ['a path that steps out', `GET /../../etc/passwd HTTP/1.1\r\n${host}\r\n\r\n`, 400, 'Bad Request'],
  ['two lengths', get(host, 'Content-Length: 5', 'Content-Length: 6'), 400, 'Bad Request'],
  ['a header that is too large', get(host, `X: ${'x'.repeat(9000)}`), 400, 'Bad Request'],
  ['a path that is too long', `GET /${'x'.repeat(9000)} HTTP/1.1\r\n${host}\r\n\r\n`, 414, 'URI Too Long'],
  ['HTTP/2 without an agreement', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'Bad Request'],
  ['an unknown version', `GET / HTTP/3.7\r\n${host}\r\n\r\n`, 505, 'HTTP Version Not Supported'],
  ['an unknown Transfer-Encoding', get(host, 'Transfer-Encoding: foo'), 501, 'Not Implemented'],
  ['TRACE', `TRACE / HTTP/1.1\r\n${host}\r\n\r\n`, 405, 'Method Not Allowed'],
  ['a body that is too large', get(host, 'Content-Length: 99999999'), 413, 'Content Too Large'],
];

const ways: readonly (readonly [string, Dial])[] = [
  ['over TLS', {}],
  ['on port 80', { plain: true }],
  ['without TLS on the port of TLS', { plain: 'on the port of TLS' }],
];

describe('edge: what nginx says to a request that it cannot take', () => {
  let site: Site;
  let edge: Edge;
  before(async () => {
    edge = await main.start();
    ({ site } = edge);
    await edge.app.forget();
  });
  const promised = promisedBy(main.answers);

  const isWhole = (reply: Reply, status: number, detail: string, isPlain: boolean): void => {
    assert.equal(reply.status, status);
    assert.deepEqual(differing(reply, promised), isPlain ? ['Strict-Transport-Security: []'] : []);
    assert.deepEqual(valuesOf(reply, 'Server'), ['nginx']);
    assert.deepEqual(valuesOf(reply, 'Content-Type'), ['application/json']);
    const said = JSON.parse(reply.body) as { detail: string; request_id: string };
    assert.deepEqual([said.detail, [said.request_id]], [detail, valuesOf(reply, 'X-Request-ID')]);
  };

  for (const [way, dial] of ways) {
    for (const [what, bytes, status, detail] of requests) {
      it(`${what}, ${way}: ${status}, all headers${dial.plain === undefined ? '' : ' but HSTS'}, in JSON`, async () => {
        const reply = parse((await exchange(site, bytes, dial)).text);
        isWhole(reply, status, detail, dial.plain !== undefined);
      });
    }
  }

  it('a good request without TLS on the port of TLS: 400, all headers but HSTS, and JSON', async () => {
    const { text } = await exchange(site, get(host), { plain: 'on the port of TLS' });
    isWhole(parse(text), 400, 'Bad Request', true);
  });

  it('a foreign Host over TLS: 421 in JSON, all headers', async () => {
    const { text } = await exchange(site, get('Host: evil.example.org', 'Connection: close'));
    isWhole(parse(text), 421, 'Misdirected Request', false);
  });

  it('no word of it reaches the app', async () => assert.deepEqual((await edge.app.seen()).requests, []));

  it('HTTP/0.9 has no headers: no page either, and on port 80 no word', async () => {
    assert.equal((await exchange(site, 'GET /\r\n', { plain: true })).text, '');
    assert.match((await exchange(site, 'GET /\r\n')).text, /^\{"detail":"Misdirected Request"/);
  });

  it('HSTS with subdomains is left out on port 80 as well', async () => {
    const other = await cloudflare.start();
    const reply = parse((await exchange(other.site, get(), { plain: true })).text);
    assert.deepEqual(differing(reply, promisedBy(cloudflare.answers)), ['Strict-Transport-Security: []']);
  });
});
