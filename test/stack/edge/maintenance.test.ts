import assert from 'node:assert/strict';
import { eventually } from '../eventually.ts';
import { nginxPids } from '../nginxPids.ts';
import { differing, promisedBy } from '../securityHeaders.ts';
import { type Ask, askNow, type Reply, valuesOf } from '../site.ts';
import { sleep } from '../sleep.ts';
import type { Edge } from './edge.ts';
import { main, redirecting } from './edges.ts';

const promised = promisedBy(main.answers);

describe('edge: maintenance', () => {
  let edge: Edge;
  let pids: readonly string[];
  const statusIs = (status: number, seconds: number): Promise<Reply> =>
    eventually(`/ is ${status}`, seconds, async () => {
      const reply = await askNow(edge.site, '/');
      return reply.status === status ? reply : undefined;
    });

  before(async () => {
    edge = await main.start();
    pids = await nginxPids(edge.stack);
    // A path that was asked for before: what nginx keeps in mind must not delay the switch.
    await statusIs(200, 3);
    await edge.stack.mustScript('maintenance.sh', 'on');
    // Each worker of nginx remembers for two seconds that there was no flag; after that none answers otherwise.
    await sleep(2500);
    for (let turn = 0; turn < 12; turn += 1) assert.equal((await askNow(edge.site, '/')).status, 503);
    await edge.app.forget();
  });
  after(() => edge.stack.mustScript('maintenance.sh', 'off'));

  const asked: readonly (readonly [string, string, Ask])[] = [
    ['a browser', '/', { headers: { Accept: 'text/html,application/xhtml+xml' } }],
    ['a program', '/api/x', { headers: { Accept: 'application/json' } }],
    ['a POST', '/api/x', { method: 'POST', body: 'x' }],
    ['a HEAD', '/', { method: 'HEAD' }],
    ['a file', '/static/site.css', {}],
  ];
  for (const [what, path, options] of asked) {
    it(`${what} gets 503 with Retry-After and all headers, and does not reach the app`, async () => {
      const reply = await askNow(edge.site, path, options);
      assert.equal(reply.status, 503);
      assert.deepEqual(valuesOf(reply, 'Retry-After'), ['300']);
      assert.deepEqual(differing(reply, promised), []);
      assert.deepEqual((await edge.app.seen()).requests, []);
    });
  }

  it('a browser gets the page of the project, a program JSON, and no cache keeps either', async () => {
    const page = await askNow(edge.site, '/', { headers: { Accept: 'text/html' } });
    assert.equal(page.body, edge.stack.read('nginx/pages/maintenance.html'));
    assert.match(valuesOf(page, 'Content-Type').join(), /^text\/html/);
    const json = await askNow(edge.site, '/api/x');
    assert.ok(JSON.parse(json.body));
    assert.match(valuesOf(json, 'Content-Type').join(), /^application\/json/);
    for (const reply of [page, json]) assert.deepEqual(valuesOf(reply, 'Cache-Control'), ['no-store']);
  });

  it('the health check is still answered by the app', async () => {
    assert.equal((await askNow(edge.site, '/health')).status, 200);
    assert.equal((await edge.app.seen()).requests.at(-1)?.target, '/health');
  });

  it('nobody gets the page by its own path, as a 200', async () => {
    assert.equal((await askNow(edge.site, '/@maintenance/maintenance.html')).status, 404);
    assert.ok((await edge.app.seen()).requests.every(({ target }) => target === '/health'));
  });

  it('where to report a vulnerability is still told', async () => {
    assert.equal((await askNow(edge.site, '/.well-known/security.txt')).status, 200);
  });

  it('challenges of the certificate authority and redirects go on', async () => {
    assert.equal((await askNow(edge.site, '/.well-known/acme-challenge/none', { plain: true })).status, 404);
    assert.equal((await askNow(edge.site, '/', { plain: true })).status, 301);
    const [name] = redirecting;
    assert.equal((await askNow(edge.site, '/', { servername: name, headers: { Host: name } })).status, 301);
  });

  it('the script says that it is on, by its exit code too', async () => {
    const { code, stdout } = await edge.stack.script('maintenance.sh', 'status');
    assert.deepEqual([code, stdout], [1, 'on']);
  });

  it('off: the site is back within three seconds; nginx was neither reloaded nor restarted', async () => {
    await edge.stack.mustScript('maintenance.sh', 'off');
    const reply = await statusIs(200, 3);
    assert.deepEqual(valuesOf(reply, 'Retry-After'), []);
    assert.deepEqual(await nginxPids(edge.stack), pids);
    assert.equal((await edge.stack.script('maintenance.sh', 'status')).code, 0);
  });
});
