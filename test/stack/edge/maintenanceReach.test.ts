import assert from 'node:assert/strict';
import { eventually } from '../eventually.ts';
import { askHttp2 } from '../http2.ts';
import { differing, promisedBy } from '../securityHeaders.ts';
import { type Ask, askNow, type Reply, valuesOf } from '../site.ts';
import type { Edge } from './edge.ts';
import { main } from './edges.ts';

const promised = promisedBy(main.answers);

const closed: readonly (readonly [string, string, Ask])[] = [
  ['a file that is missing', '/static/nothing.css', {}],
  ['a dotfile', '/.git/config', {}],
  ['the documentation of the API', '/docs', {}],
  ['a POST to a file', '/static/site.css', { method: 'POST', body: 'x' }],
  ['a PUT', '/', { method: 'PUT', body: 'x' }],
  ['a DELETE', '/', { method: 'DELETE' }],
  ['a path below the health check', '/health/more', {}],
];

describe('edge: what maintenance reaches', () => {
  let edge: Edge;
  const statusIs = (status: number, seconds: number): Promise<Reply> =>
    eventually(`${status} at the root`, seconds, async () => {
      const reply = await askNow(edge.site, '/');
      return reply.status === status ? reply : undefined;
    });
  const isMaintenance = (reply: Reply): void => {
    assert.equal(reply.status, 503);
    assert.deepEqual(valuesOf(reply, 'Retry-After'), ['300']);
    assert.deepEqual(valuesOf(reply, 'Cache-Control'), ['no-store']);
    assert.deepEqual(differing(reply, promised), []);
  };

  before(async () => {
    edge = await main.start();
    await statusIs(200, 5);
  });
  // The edge is shared.
  after(async () => {
    await edge.stack.mustScript('maintenance.sh', 'off');
    await statusIs(200, 5);
  });

  it('not a request that is under way', async () => {
    await edge.app.forget();
    const slow = askNow(edge.site, '/?sleep=5');
    await eventually('the app has it', 3, async () => (await edge.app.seen()).requests[0]);
    await edge.stack.mustScript('maintenance.sh', 'on');
    isMaintenance(await statusIs(503, 3));
    assert.equal((await slow).status, 200);
  });

  for (const [what, path, options] of closed) {
    it(`${what}, with all headers and JSON for programs`, async () => {
      const reply = await askNow(edge.site, path, options);
      isMaintenance(reply);
      assert.deepEqual(valuesOf(reply, 'Content-Type'), ['application/json']);
      assert.equal(reply.body, edge.stack.read('nginx/pages/maintenance.json'));
    });
  }

  it("a browser's form, which gets the page and not nginx's own", async () => {
    const reply = await askNow(edge.site, '/form', { method: 'POST', body: 'x', headers: { Accept: 'text/html' } });
    isMaintenance(reply);
    assert.equal(reply.body, edge.stack.read('nginx/pages/maintenance.html'));
  });

  it('HTTP/2', async () => {
    const reply = await askHttp2(edge.site, '/api/comics', { method: 'POST', body: '{}' });
    isMaintenance(reply);
    assert.equal(reply.body, edge.stack.read('nginx/pages/maintenance.json'));
  });

  it('not the health check, which has no Retry-After', async () => {
    const reply = await askNow(edge.site, '/health');
    assert.equal(reply.status, 200);
    assert.deepEqual(valuesOf(reply, 'Retry-After'), []);
  });

  it("nor, when it is over, a 503 of the app's own: it keeps its words and gets no Retry-After", async () => {
    await edge.stack.mustScript('maintenance.sh', 'off');
    await statusIs(200, 3);
    const reply = await askNow(edge.site, '/?status=503&body=own');
    assert.deepEqual([reply.status, reply.body], [503, 'own']);
    assert.deepEqual(valuesOf(reply, 'Retry-After'), []);
  });
});
