import assert from 'node:assert/strict';
import { burst, shown, tally } from '../burst.ts';
import { differing, promisedBy } from '../securityHeaders.ts';
import { askNow, type Site, valuesOf } from '../site.ts';
import { allLogged } from './accessLog.ts';
import type { Edge } from './edge.ts';
import { singlePage } from './edges.ts';

const promised = promisedBy(singlePage.answers);
const page = /<title>single page<\/title>/;

describe('edge: a single-page app', () => {
  let edge: Edge;
  let site: Site;
  before(async () => {
    edge = await singlePage.start();
    ({ site } = edge);
  });
  after(() => edge?.stack.remove());
  beforeEach(() => edge.app.forget());
  const asked = async () => (await edge.app.seen()).requests.map(({ target }) => target);

  for (const path of ['/', '/index.html', '/users/17/edit', '/apis', '/a/b/']) {
    it(`${path} is its page, asked for each time, with all headers`, async () => {
      const reply = await askNow(site, path);
      assert.equal(reply.status, 200);
      assert.match(reply.body, page);
      assert.deepEqual(valuesOf(reply, 'Content-Type'), ['text/html; charset=utf-8']);
      assert.deepEqual(valuesOf(reply, 'Cache-Control'), ['no-cache']);
      assert.deepEqual(differing(reply, promised), []);
      assert.deepEqual(await asked(), []);
    });
  }

  for (const [path, caching] of [
    ['/assets/index-DiwrgTda.js', 'public, max-age=31536000, immutable'],
    ['/favicon.ico', 'public, max-age=3600'],
  ] as const) {
    it(`${path} is a file, kept: ${caching}`, async () => {
      const reply = await askNow(site, path);
      assert.equal(reply.status, 200);
      assert.doesNotMatch(reply.body, page);
      assert.deepEqual(valuesOf(reply, 'Cache-Control'), [caching]);
      assert.deepEqual(differing(reply, promised), []);
    });
  }

  for (const path of ['/assets/index-00000000.js', '/missing.png', '/users/missing.css']) {
    it(`${path} is missing: 404, no page, kept by no cache`, async () => {
      const reply = await askNow(site, path);
      assert.equal(reply.status, 404);
      assert.doesNotMatch(reply.body, page);
      assert.deepEqual(valuesOf(reply, 'Cache-Control'), ['no-store']);
    });
  }

  for (const path of ['/api', '/api/', '/api/users/1.json?x=y', '/auth/me', '/health', '/static/x.css']) {
    it(`${path} is the app's`, async () => {
      const reply = await askNow(site, path);
      assert.equal(reply.status, 200);
      assert.deepEqual(await asked(), [path]);
      assert.deepEqual(valuesOf(reply, 'Cache-Control'), []);
    });
  }

  for (const path of ['/.env', '/docs', '/openapi.json', '/api/openapi.json', '/assets/.git/config']) {
    it(`${path} stays closed`, async () => {
      const reply = await askNow(site, path);
      assert.equal(reply.status, 404);
      assert.doesNotMatch(reply.body, page);
      assert.deepEqual(await asked(), []);
    });
  }

  it('a folder of it is not listed', async () => {
    assert.doesNotMatch((await askNow(site, '/assets/')).body, /DiwrgTda/);
  });

  it('a form that is sent to a page is 405', async () => {
    assert.equal((await askNow(site, '/users', { method: 'POST' })).status, 405);
  });

  it('http3=on: every answer says where it is to be had, and the port is open for UDP', async () => {
    for (const path of ['/', '/api/x', '/.env']) {
      assert.deepEqual(valuesOf(await askNow(site, path), 'Alt-Svc'), ['h3=":443"; ma=86400'], path);
    }
    assert.deepEqual(valuesOf(await askNow(site, '/', { plain: true }), 'Alt-Svc'), []);
    const { Ports } = (await edge.stack.inspect('nginx')).NetworkSettings;
    assert.equal(Ports['8443/udp']?.[0]?.HostPort, String(site.httpsPort));
  });

  it('limits that are only tried refuse nobody; the log says who would have been', async () => {
    for (const path of ['/api/x', '/api/login']) {
      const replies = await burst(site, 60, path);
      const counts = tally(replies);
      assert.deepEqual([...counts.keys()], [200], shown(counts));
      for (const reply of replies) assert.deepEqual(valuesOf(reply, 'Retry-After'), []);
      const verdicts = (await allLogged(edge.stack, replies)).map(({ limit_req_status }) => limit_req_status);
      assert.ok(verdicts.includes('REJECTED_DRY_RUN'), verdicts.join());
      assert.ok(verdicts.includes('PASSED'), verdicts.join());
    }
  });
});
