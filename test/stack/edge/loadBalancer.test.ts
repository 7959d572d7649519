import assert from 'node:assert/strict';
import { policies } from '../../../src/policy/csp.ts';
import { differing, promisedBy } from '../securityHeaders.ts';
import { askNow, type Site, valuesOf } from '../site.ts';
import { received } from './app.ts';
import type { Edge } from './edge.ts';
import { loadBalanced } from './edges.ts';
import { askRaw } from './raw.ts';

const promised = promisedBy(loadBalanced.answers);

describe('edge: behind an AWS load balancer', () => {
  let edge: Edge;
  let site: Site;
  before(async () => {
    edge = await loadBalanced.start();
    ({ site } = edge);
  });
  after(() => edge?.stack.remove());
  beforeEach(() => edge.app.forget());
  // As the load balancer does: no name in the handshake, an address for a Host.
  const check = (path: string, host = '172.31.5.6') => askRaw(site, path, { servername: '', lines: [`Host: ${host}`] });

  it('its health check, with an address as Host and no name in the handshake, is answered by the app', async () => {
    const reply = await check('/health');
    assert.equal(reply.status, 200);
    assert.deepEqual(differing(reply, promised), []);
    const [request] = (await edge.app.seen()).requests;
    assert.ok(request);
    for (const name of ['Host', 'X-Forwarded-Host']) assert.deepEqual(received(request, name), [site.domain], name);
  });

  it('any other path with a foreign Host is 421, and does not reach the app', async () => {
    for (const path of ['/', '/health/', '/healthz', '/health/../admin', '/%2e/']) {
      const reply = await check(path);
      assert.equal(reply.status, 421, path);
      assert.deepEqual(differing(reply, promised), [], path);
    }
    assert.deepEqual((await edge.app.seen()).requests, []);
  });

  it('the health check of somebody who is not the load balancer is 421', async () => {
    // The container itself is a client that nobody named as trusted.
    const { all } = await edge.stack.inside('nginx', [
      ...['wget', '-S', '-T', '5', '-O', '-', '--no-check-certificate', 'https://127.0.0.1:8443/health'],
    ]);
    assert.match(all, /421/);
    assert.deepEqual((await edge.app.seen()).requests, []);
  });

  it('a request without a name in the handshake, but with ours as Host, is served', async () => {
    assert.equal((await check('/', site.domain)).status, 200);
  });

  it('X-Forwarded-For of the load balancer is believed, its last address', async () => {
    await askNow(site, '/', { headers: { 'X-Forwarded-For': '203.0.113.9, 198.51.100.7' } });
    const [request] = (await edge.app.seen()).requests;
    assert.deepEqual(received(request ?? assert.fail(), 'X-Forwarded-For'), ['198.51.100.7']);
  });

  it("csp=app: the app's own policy passes, once; a reply without one gets ours", async () => {
    const policy = "default-src 'self'; script-src 'nonce-abc'";
    const own = await askNow(site, `/?header=${encodeURIComponent(`Content-Security-Policy: ${policy}`)}`);
    assert.deepEqual(valuesOf(own, 'Content-Security-Policy'), [policy]);
    for (const path of ['/', '/.env', '/nothing?status=404']) {
      assert.deepEqual(
        valuesOf(await askNow(site, path), 'Content-Security-Policy'),
        [policies['server-rendered']],
        path,
      );
    }
  });

  it('csp=app: all other headers stay ours, whatever the app says', async () => {
    const lines = promised
      .filter(({ name }) => name !== 'Content-Security-Policy')
      .map(({ name }) => `header=${encodeURIComponent(`${name}: of the app`)}`);
    assert.deepEqual(differing(await askNow(site, `/?${lines.join('&')}`), promised), []);
  });
});
