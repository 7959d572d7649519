import assert from 'node:assert/strict';
import { parseAnswers } from '../../src/answers/parse.ts';
import type { RawAnswers } from '../../src/answers/questions.ts';
import { buildEdge } from '../../src/model/edge.ts';
import { rawAnswers } from '../fixture.ts';
import { logins, noLogins } from '../policy/logins.ts';

const edgeOf = (given: Partial<RawAnswers> = {}) => buildEdge(parseAnswers(rawAnswers(given)));

/** A key of a map, as nginx takes it for a pattern. */
const asRead = (key: string): RegExp => {
  const [, caseless = '', dotAll = '', source = ''] = /^~(\*?)(\(\?s\))?(.*)$/s.exec(key) ?? assert.fail(key);
  return new RegExp(source, `${caseless === '' ? '' : 'i'}${dotAll === '' ? '' : 's'}`);
};

/** The zone that a request counts against, by the first pattern that fits, as nginx's map decides. */
const zoneOf = (request: string, given: Partial<RawAnswers> = {}): string =>
  edgeOf(given).limits.matches.find(({ pattern }) => asRead(pattern).test(request))?.zone ?? 'api';

describe('buildEdge', () => {
  for (const [request, zone] of [
    ['GET /', 'api'],
    ['GET /auth/me', 'api'],
    ['POST /login', 'auth'],
    ['POST /api/v1/login/', 'auth'],
    ['POST /token', 'auth'],
    ['GET /tokens', 'api'],
    ['GET /static/site.css', 'static'],
    ['GET /api/static/x', 'api'],
  ] as const) {
    it(`counts ${request} in zone ${zone}`, () => assert.equal(zoneOf(request), zone));
  }
  for (const [framework, requests] of Object.entries(logins)) {
    it(`counts the logins of ${framework} as logins`, () =>
      assert.deepEqual(
        requests.filter((request) => zoneOf(request) !== 'auth'),
        [],
      ));
  }
  it('counts nothing as a login that only sounds like one', () =>
    assert.deepEqual(
      noLogins.filter((request) => zoneOf(request) === 'auth'),
      [],
    ));
  it('counts a file as a file, whatever its folder is called, and what is sent there as all else', () => {
    assert.equal(zoneOf('GET /static/login/site.css'), 'static');
    assert.equal(zoneOf('POST /static/site.css'), 'api');
  });
  it('counts a row before all else, the longest path first, and only its methods', () => {
    const endpoints = 'path=/api rate=50r/s; path=/api/upload rate=2r/s methods=POST; path=/login rate=1r/m';
    const zone = (request: string) => zoneOf(request, { endpoints });
    const rates = new Map(edgeOf({ endpoints }).limits.zones.map(({ name, rate }) => [name, String(rate)]));
    assert.equal(rates.get(zone('POST /api/upload/x')), '2r/s');
    assert.equal(rates.get(zone('GET /api/upload')), '50r/s');
    assert.equal(rates.get(zone('POST /login')), '1r/m');
    assert.equal(zone('GET /apis'), 'api');
  });
  it('takes the dot of a path for a dot', () => {
    assert.equal(zoneOf('GET /a.b', { endpoints: 'path=/a.b rate=1r/s' }), 'endpoint_1');
    assert.equal(zoneOf('GET /axb', { endpoints: 'path=/a.b rate=1r/s' }), 'api');
  });
  it('makes a location, but no zone, for a row without a rate', () => {
    const { endpoints, limits } = edgeOf({ endpoints: 'path=/slow timeout=300s' });
    assert.deepEqual(
      endpoints.map(({ pattern, hasTimeout, hasBody }) => [pattern, hasTimeout, hasBody]),
      [['^/slow(?![\\w.~-])', true, false]],
    );
    assert.deepEqual(
      limits.zones.map(({ name }) => name),
      ['api', 'auth', 'static'],
    );
  });
  it('believes nobody unless a proxy is named', () => {
    assert.equal(edgeOf().proxies.exist, false);
    const { header, networks } = edgeOf({ behind: 'cloudflare' }).proxies;
    assert.equal(header, 'CF-Connecting-IP');
    assert.ok(networks.length > 20);
    const own = edgeOf({ behind: 'proxies', trustedProxies: '10.0.0.0/8' }).proxies;
    assert.deepEqual([own.header, own.networks], ['X-Forwarded-For', ['10.0.0.0/8']]);
  });
  it('sends requests of a single-page app for /static/ to the app unless a folder is named', () => {
    assert.equal(edgeOf({ spa: 'web' }).files.appPaths, 'api|static');
    assert.equal(edgeOf({ spa: 'web', staticFiles: 'static', apiPaths: '/a.b,/c' }).files.appPaths, 'a\\.b|c');
  });
  it('prints a header as a variable only where it differs by port, by path or by app', () => {
    const printed = (given: Partial<RawAnswers>) =>
      edgeOf(given)
        .headers.filter((header) => header.printed.startsWith('$'))
        .map(({ name }) => name);
    assert.deepEqual(printed({}), ['Strict-Transport-Security']);
    assert.deepEqual(printed({ csp: 'app' }), ['Strict-Transport-Security', 'Content-Security-Policy']);
    assert.deepEqual(printed({ apiDocs: 'open' }), [
      'Strict-Transport-Security',
      'Content-Security-Policy',
      'Cross-Origin-Embedder-Policy',
    ]);
  });
  it('hides every copy of the app but that which may win', () => {
    const hidden = (given: Partial<RawAnswers>) => edgeOf(given).hiddenHeaders.map(({ name }) => name);
    assert.ok(hidden({}).includes('Content-Security-Policy'));
    assert.ok(!hidden({ csp: 'app' }).includes('Content-Security-Policy'));
  });
});
