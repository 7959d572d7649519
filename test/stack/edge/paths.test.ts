import assert from 'node:assert/strict';
import { docsPolicy } from '../../../src/policy/csp.ts';
import { askNow, type Site, valuesOf } from '../site.ts';
import type { Edge } from './edge.ts';
import { main, proxied } from './edges.ts';
import { askRaw } from './raw.ts';

describe('edge: paths', () => {
  let edge: Edge;
  let site: Site;
  before(async () => {
    edge = await main.start();
    ({ site } = edge);
  });
  beforeEach(() => edge.app.forget());
  const targets = async () => (await edge.app.seen()).requests.map(({ target }) => target);

  for (const path of [
    '/../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/static/../../etc/passwd',
    '/static/%2e%2e/%2e%2e/etc/passwd',
    '/static/..%2f..%2fetc/passwd',
    '/static/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
    '/static/..%5c..%5cetc/passwd',
    '/static/....//....//etc/passwd',
    '/static../etc/passwd',
    '/static../nginx/nginx.conf',
  ]) {
    it(`${path} gives no file of the machine`, async () => {
      const { status, body } = await askRaw(site, path);
      assert.doesNotMatch(body, /root:|worker_processes|PRIVATE KEY/);
      // What is no file of nginx's may be the app's to answer, as long as it does not step out of the folder.
      assert.ok([400, 404].includes(status) || (await targets()).length === 1, String(status));
      for (const target of await targets()) assert.ok(!target.startsWith('/static/'), target);
    });
  }

  for (const path of [
    '/.env',
    '/.git/HEAD',
    '/a/.git/config',
    '/%2eenv',
    '/%2Egit/config',
    '//.env',
    '/a//.env',
    '/x/../.env',
    '/./.env',
    '/.well-known',
    '/.well-knownx/a',
    '/a/.hidden/b',
    '/.DS_Store',
    '/.env%20',
    '/.well-known/../.env',
    '/static/.secret',
    '/static/.git/config',
    '/.env%0a',
    '/%0a/.env',
    '/x%0a/.git/config',
    '/x%0d%0a/a/.env%0ax',
    '/a%2f.env',
    '/a/%2E%67it/config',
    '/.ENV',
    '/.env;x=1',
    '/.env%3fx',
  ]) {
    it(`the dotfile ${path} is 404, without asking the app`, async () => {
      const reply = await askRaw(site, path);
      assert.equal(reply.status, 404);
      assert.match(reply.body, /"detail":"Not Found","request_id":"[0-9a-f]{32}"/);
      assert.deepEqual(await targets(), []);
    });
  }

  for (const path of ['/.well-known/change-password', '/.well-known/acme-challenge/x', '/a.b/c.d', '/a/b..c']) {
    it(`${path} is the app's`, async () => {
      assert.equal((await askRaw(site, path)).status, 200);
      assert.deepEqual(await targets(), [path]);
    });
  }

  for (const path of [
    '/docs',
    '/docs/',
    '/docs/oauth2-redirect',
    '//docs',
    '/x/../docs',
    '/./docs',
    '/%64ocs',
    '/d%6fcs',
    '/redoc',
    '/openapi.json',
    '/api/v1/openapi.json',
    '/openapi%2ejson',
    '/docs%0a',
    '/docs%0ax',
    '/docs%0a/x',
    '/docs%2f',
    '/%2fdocs',
    '/docs;x=1',
    '/docs%3bx',
    '/docs%3fx',
    '/docs%20',
    '/docs%09',
    '/docs%c3%a9',
    '/DOCS',
    '/Docs/',
    '/ReDoc',
    '/redoc%0a',
    '/openapi.json%0a',
    '/x%0a/openapi.json',
    '/api/OpenAPI.JSON;x',
  ]) {
    it(`the documentation is closed at ${path}`, async () => {
      assert.equal((await askRaw(site, path)).status, 404);
      assert.deepEqual(await targets(), []);
    });
  }

  for (const path of ['/docs%00', '/redoc%00', '/.env%00', '/openapi.json%00x']) {
    it(`${path} is no path at all`, async () => {
      assert.equal((await askRaw(site, path)).status, 400);
      assert.deepEqual(await targets(), []);
    });
  }

  for (const path of ['/docs-of-mine', '/documents', '/redocs', '/openapi.jsonx']) {
    it(`${path} is no documentation, and the app's`, async () => {
      assert.equal((await askRaw(site, path)).status, 200);
      assert.deepEqual(await targets(), [path]);
    });
  }

  it('the app gets a path and a query as the client wrote them', async () => {
    const path = '/a%2Fb/%C3%A9?x=%2F&y=a+b&z[]=1';
    await askRaw(site, path);
    assert.deepEqual(await targets(), [path]);
  });
});

describe('edge: documentation of the API that is open', () => {
  let edge: Edge;
  before(async () => {
    edge = await proxied.start();
    await edge.app.forget();
  });

  for (const path of ['/docs', '/docs/oauth2-redirect', '/redoc']) {
    it(`${path} reaches the app, and has a policy of its own in which Swagger UI and ReDoc work`, async () => {
      const reply = await askNow(edge.site, path);
      assert.equal(reply.status, 200);
      assert.equal((await edge.app.seen()).requests.at(-1)?.target, path);
      assert.deepEqual(valuesOf(reply, 'Content-Security-Policy'), [docsPolicy]);
      assert.deepEqual(valuesOf(reply, 'Cross-Origin-Embedder-Policy'), ['unsafe-none']);
    });
  }

  it('/openapi.json reaches the app', async () => {
    assert.equal((await askNow(edge.site, '/openapi.json')).status, 200);
  });

  it('all else keeps the strict policy', async () => {
    for (const path of ['/', '/documents', '/openapi.json']) {
      const [policy = ''] = valuesOf(await askNow(edge.site, path), 'Content-Security-Policy');
      assert.doesNotMatch(policy, /unsafe|jsdelivr/, path);
      assert.match(policy, /default-src 'none'/, path);
    }
  });
});
