import assert from 'node:assert/strict';
import { production } from '../production.ts';
import { ask, headersOfJson, type Site, valuesOf } from '../site.ts';

describe('production: what nginx lets through', () => {
  let site: Site;
  before(async () => {
    ({ site } = await production());
  });

  for (const path of ['/', '/health', '/api/comics?limit=3&q=a%20b']) {
    it(`redirects http ${path} to the same place on HTTPS`, async () => {
      const reply = await ask(site, path, { plain: true });
      assert.ok([301, 308].includes(reply.status), String(reply.status));
      assert.deepEqual(valuesOf(reply, 'Location'), [`https://${site.domain}${path}`]);
    });
  }

  it('closes the connection on plain HTTP for a name that is not served', async () => {
    await assert.rejects(
      ask(site, '/', { plain: true, headers: { Host: 'evil.example.org' } }),
      /socket hang up|ECONNRESET/,
    );
  });

  it('serves certificate challenges on port 80 instead of redirecting them', async () => {
    assert.equal((await ask(site, '/.well-known/acme-challenge/none', { plain: true })).status, 404);
  });

  for (const path of ['/docs', '/docs/oauth2-redirect', '/redoc', '/openapi.json', '/api/openapi.json']) {
    it(`gives 404 on ${path}`, async () => {
      assert.equal((await ask(site, path)).status, 404);
    });
  }

  for (const path of ['/.env', '/.git/config', '/static/.htpasswd', '/%2egit/config', '/.env.production']) {
    it(`gives 404 on the dotfile ${path}, without asking the app`, async () => {
      const reply = await ask(site, path);
      assert.equal(reply.status, 404);
      assert.match(reply.body, /"request_id"/);
    });
  }

  for (const path of ['/nginx_status', '/healthz']) {
    it(`keeps ${path} inside the container`, async () => {
      const reply = await ask(site, path);
      assert.equal(reply.status, 404);
      assert.doesNotMatch(reply.body, /Active connections/);
    });
  }

  it('refuses a body over the limit with 413, announced or sent in pieces', async () => {
    const announced = { method: 'POST', headers: { 'Content-Length': String(11 * 1024 * 1024) } };
    assert.equal((await ask(site, '/api/comics', announced)).status, 413);
    const sent = { method: 'POST', headers: { 'Transfer-Encoding': 'chunked' }, body: 'x'.repeat(11 * 1024 * 1024) };
    assert.equal((await ask(site, '/api/comics', sent)).status, 413);
  });

  it('passes a body just under the limit', async () => {
    const { status } = await ask(site, '/api/comics', {
      method: 'POST',
      body: 'x'.repeat(9 * 1024 * 1024),
      headers: headersOfJson(site.token?.()),
    });
    assert.equal(status, 422);
  });
});
