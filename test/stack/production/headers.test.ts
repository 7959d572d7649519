import assert from 'node:assert/strict';
import { production } from '../production.ts';
import { differing, promisedBy } from '../securityHeaders.ts';
import { type Ask, ask, type Site, valuesOf } from '../site.ts';

const promised = promisedBy({});

const replies: readonly (readonly [string, number, string, Ask])[] = [
  ['the health check', 200, '/health', {}],
  ['the API', 200, '/api/comics', {}],
  ['a 404 of the app', 404, '/nothing-here', {}],
  ['a 422 of the app', 422, '/api/comics?limit=0', {}],
  ['a 404 of nginx', 404, '/.git/config', {}],
  ['a 405 of the app', 405, '/api/comics', { method: 'DELETE' }],
  ['a 413 of nginx', 413, '/api/comics', { method: 'POST', headers: { 'Content-Length': '11000000' } }],
  ['a 421 of nginx', 421, '/', { headers: { Host: 'evil.example.org' } }],
];

describe('production: security headers', () => {
  let site: Site;
  before(async () => {
    ({ site } = await production());
  });

  for (const [what, status, path, options] of replies) {
    it(`come exactly once, each with its value, on ${what}`, async () => {
      const reply = await ask(site, path, options);
      assert.equal(reply.status, status);
      assert.deepEqual(differing(reply, promised), []);
    });
  }

  it('come with an id for each request', async () => {
    const ids = [await ask(site, '/health'), await ask(site, '/health')].flatMap((reply) =>
      valuesOf(reply, 'X-Request-ID'),
    );
    assert.equal(new Set(ids).size, 2);
  });

  it('hold nothing on plain HTTP that is for TLS only, and all the rest', async () => {
    const reply = await ask(site, '/', { plain: true });
    const tlsOnly = promised.filter((header) => header.tlsOnly).map(({ name }) => name);
    assert.deepEqual(tlsOnly, ['Strict-Transport-Security']);
    assert.deepEqual(differing(reply, promised), ['Strict-Transport-Security: []']);
  });
});
