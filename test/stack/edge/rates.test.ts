import assert from 'node:assert/strict';
import { burst, shown, tally } from '../burst.ts';
import { differing, promisedBy } from '../securityHeaders.ts';
import { type Ask, ask, askNow, calm, type Reply, type Site, valuesOf } from '../site.ts';
import { sleep } from '../sleep.ts';
import { logged } from './accessLog.ts';
import type { Edge } from './edge.ts';
import { limited, main, redirecting } from './edges.ts';
import { exchange, parse } from './raw.ts';

const promised = promisedBy(limited.answers);

const refused = (replies: readonly Reply[]): number => tally(replies).get(429) ?? 0;

/** One after the other, at once: how many pass until the first is refused. */
const untilRefused = async (site: Site, path: string, options: Ask = {}): Promise<{ passed: number; last: Reply }> => {
  for (let passed = 0; ; passed++) {
    const last = await askNow(site, path, options);
    if (last.status === 429 || passed === 40) return { passed, last };
  }
};

describe('edge: rate limits', () => {
  let edge: Edge;
  let site: Site;
  before(async () => {
    edge = await limited.start();
    ({ site } = edge);
  });
  beforeEach(() => edge.app.forget());

  it('a burst of 60 on one path: the app sees just what was not refused; a refusal is JSON with all headers', async () => {
    const replies = await burst(site, 60, '/');
    const counts = tally(replies);
    assert.deepEqual([...counts.keys()].sort(), [200, 429], shown(counts));
    assert.equal((await edge.app.seen()).requests.length, counts.get(200));
    const reply = replies.find(({ status }) => status === 429);
    assert.ok(reply);
    const body = JSON.parse(reply.body) as { detail: string; request_id: string };
    assert.deepEqual([body.detail, [body.request_id]], ['Too Many Requests', valuesOf(reply, 'X-Request-ID')]);
    assert.deepEqual(valuesOf(reply, 'Retry-After'), ['1']);
    assert.deepEqual(differing(reply, promised), []);
  });

  it('the log has the verdict and the zone of a refused request and of one that passed', async () => {
    await calm();
    const replies = await burst(site, 60, '/');
    const [good, bad] = [200, 429].map((wanted) => replies.find(({ status }) => status === wanted));
    assert.ok(good && bad);
    const [passed, rejected] = [await logged(edge.stack, good), await logged(edge.stack, bad)];
    assert.deepEqual([passed.limit_req_status, passed.rate_zone, passed.status], ['PASSED', 'api', '200']);
    assert.deepEqual([rejected.limit_req_status, rejected.rate_zone, rejected.status], ['REJECTED', 'api', '429']);
    assert.equal(rejected.upstream_addr, '');
  });

  it('many paths are one limit, whatever the method and version of HTTP', async () => {
    await calm();
    const replies = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        askNow(site, `/p/${index}`, { method: ['GET', 'POST', 'HEAD', 'DELETE'][index % 4] ?? 'GET' }),
      ),
    );
    assert.ok(refused(replies) > 10, shown(tally(replies)));
  });

  it('a login lets six through, then asks to wait six seconds; who guesses passwords may still read', async () => {
    await calm();
    const { passed, last } = await untilRefused(site, '/login', { method: 'POST' });
    assert.ok(passed >= 6 && passed <= 7, String(passed));
    assert.deepEqual(valuesOf(last, 'Retry-After'), ['6']);
    assert.equal((await logged(edge.stack, last)).rate_zone, 'auth');
    assert.equal((await ask(site, '/')).status, 200);
  });

  it('a new address in X-Forwarded-For, X-Real-IP or Forwarded is no new limit', async () => {
    let refused = 0;
    for (let count = 0; count < 12; count++) {
      const address = `198.51.100.${count}`;
      const headers = { 'X-Forwarded-For': address, 'X-Real-IP': address, Forwarded: `for=${address}` };
      if ((await askNow(site, '/login', { headers })).status === 429) refused++;
    }
    assert.ok(refused >= 4, String(refused));
  });

  it('150 files at once are not refused, and do not use up what the API may', async () => {
    for (const path of ['/static/x.css', '/assets/x.js']) {
      const replies = await burst(site, 75, path);
      assert.equal(refused(replies), 0, shown(tally(replies)));
    }
    assert.equal((await askNow(site, '/')).status, 200);
  });

  it('a row with methods: these are limited by its rate and burst, the others by that of all', async () => {
    await calm();
    const { passed, last } = await untilRefused(site, '/reports', { method: 'POST' });
    assert.ok(passed >= 3 && passed <= 4, String(passed));
    assert.deepEqual(valuesOf(last, 'Retry-After'), ['1']);
    assert.match((await logged(edge.stack, last)).rate_zone ?? '', /^endpoint_/);
    assert.equal((await askNow(site, '/reports')).status, 200);
    const below = await untilRefused(site, '/reports/2026?x', { method: 'POST' });
    assert.ok(below.passed <= 2, `below it is the same bucket: ${below.passed}`);
    assert.equal((await askNow(site, '/reports-of-mine', { method: 'POST' })).status, 200);
  });

  for (const [path, size, status] of [
    ['/upload', 12 * 1024 * 1024, 200],
    ['/upload/deep/er', 12 * 1024 * 1024, 200],
    ['/upload', 14 * 1024 * 1024, 413],
    ['/uploads', 12 * 1024 * 1024, 413],
    ['/upload/avatar', 4096, 200],
    ['/upload/avatar', 4097, 413],
  ] as const) {
    it(`a row with a body: ${size} bytes to ${path} get ${status}`, async () => {
      const reply = await ask(site, path, { method: 'POST', body: 'x'.repeat(size) });
      assert.equal(reply.status, status);
      assert.deepEqual(differing(reply, promised), []);
      assert.deepEqual(
        (await edge.app.seen()).requests.map(({ length }) => length),
        status === 200 ? [size] : [],
      );
    });
  }

  it('a row with a timeout: what takes longer is 504 in JSON; elsewhere it may', async () => {
    const start = Date.now();
    const reply = await askNow(site, '/slow?sleep=6');
    assert.equal(reply.status, 504);
    assert.ok(Date.now() - start < 5500, `${Date.now() - start} ms`);
    assert.equal((JSON.parse(reply.body) as { detail: string }).detail, 'Gateway Timeout');
    await sleep(2500);
    assert.equal((await askNow(site, '/other?sleep=6')).status, 200);
  });

  it('a hundred connections at once from one client are served, more are refused with 429', async () => {
    const replies = await Promise.all(
      Array.from({ length: 110 }, (_, index) => askNow(site, `/static/${index}?sleep=4`)),
    );
    const counts = tally(replies);
    assert.deepEqual([...counts.keys()].sort(), [200, 429], shown(counts));
    assert.ok((counts.get(429) ?? 0) >= 5 && (counts.get(200) ?? 0) >= 90, shown(counts));
    const bad = replies.find(({ status }) => status === 429);
    assert.ok(bad);
    assert.equal((await logged(edge.stack, bad)).limit_conn_status, 'REJECTED');
    assert.equal(valuesOf(bad, 'Retry-After').length, 1);
  });

  it('the limit forgets: three seconds later the same client is served', async () => {
    await burst(site, 60, '/');
    await calm();
    assert.equal((await askNow(site, '/')).status, 200);
  });
});

/** Requests of one client that come one after the other on few connections, as fast as it gets answers. */
const many = async (site: Site, count: number, path: string, options: Ask = {}): Promise<readonly Reply[]> => {
  const replies: Reply[] = [];
  for (let left = count; left > 0; left -= 30) {
    replies.push(...(await burst(site, Math.min(left, 30), path, () => options)));
  }
  return replies;
};

// Each of these was answered three hundred times of three hundred while `return` spoke before the limits.
describe('edge: rate limits of what nginx answers itself', () => {
  const [www] = redirecting;
  let edge: Edge;
  let site: Site;
  before(async () => {
    edge = await limited.start();
    ({ site } = edge);
  });
  after(() => edge?.stack.remove());
  beforeEach(() => Promise.all([calm(), edge.app.forget()]));

  for (const [what, status, path, options] of [
    ['a path that is closed', 404, '/docs', {}],
    ['a dotfile', 404, '/.env', {}],
    ['the way to HTTPS', 301, '/', { plain: true }],
    ['a path of port 80', 301, '/docs', { plain: true, method: 'POST' }],
    ['a redirect of another name', 301, '/', { servername: www, headers: { Host: www } }],
    ['a foreign Host', 421, '/', { headers: { Host: 'evil.example.org' } }],
    ['a path that is none', 400, '/a%00b', {}],
    ['the same on port 80', 400, '/a%00b', { plain: true }],
    ['a body that is too large', 413, '/', { method: 'POST', headers: { 'Content-Length': '99999999' } }],
    ['a method that nginx does not know', 405, '/', { method: 'TRACE' }],
  ] as const) {
    it(`300 requests for ${what}: most get 429, in JSON with all headers`, async () => {
      const replies = await many(site, 300, path, options);
      const counts = tally(replies);
      assert.deepEqual([...counts.keys()].sort(), [status, 429].sort(), shown(counts));
      assert.ok((counts.get(429) ?? 0) > 100 && (counts.get(status) ?? 0) >= 20, shown(counts));
      const last = replies.findLast((reply) => reply.status === 429) ?? assert.fail();
      const isPlain = 'plain' in options;
      assert.deepEqual(differing(last, promised), isPlain ? ['Strict-Transport-Security: []'] : []);
      assert.equal((JSON.parse(last.body) as { detail: string }).detail, 'Too Many Requests');
      assert.deepEqual(valuesOf(last, 'Retry-After'), ['1']);
      const { limit_req_status, rate_zone } = await logged(edge.stack, last);
      assert.deepEqual([limit_req_status, rate_zone], ['REJECTED', 'api']);
      assert.deepEqual((await edge.app.seen()).requests, []);
    });
  }

  it('the redirect of port 80 counts as one of the requests at once too', async () => {
    const reply = await askNow(site, '/', { plain: true });
    const { limit_req_status, limit_conn_status } = await logged(edge.stack, reply);
    assert.deepEqual([reply.status, limit_req_status, limit_conn_status], [301, 'PASSED', 'PASSED']);
  });

  it('the challenges of a certificate for a hundred names, at once', async () => {
    const replies = await burst(site, 99, '/.well-known/acme-challenge/none', () => ({ plain: true }));
    assert.deepEqual([...tally(replies).keys()], [404]);
  });

  it('maintenance: who asks too often for its page gets 429 as well', async () => {
    await edge.stack.mustScript('maintenance.sh', 'on');
    await sleep(2500);
    const replies = await many(site, 120, '/');
    await edge.stack.mustScript('maintenance.sh', 'off');
    await sleep(2500);
    assert.deepEqual([...tally(replies).keys()].sort(), [429, 503], shown(tally(replies)));
    const last = replies.findLast(({ status }) => status === 429) ?? assert.fail();
    assert.equal((JSON.parse(last.body) as { detail: string }).detail, 'Too Many Requests');
    assert.deepEqual(differing(last, promised), []);
  });

  // All of them are one bucket, which takes a minute to be empty.
  it('a login is one by each of its names, and whatever is put around it', async () => {
    await untilRefused(site, '/login', { method: 'POST' });
    for (const path of [
      '/LOGIN',
      '/logon',
      '/users/sign-in',
      '/users/sign_in/',
      '/auth/reset-password',
      '/otp',
      '/mfa/verify',
      '/api/auth/callback/credentials',
      '/login%0a',
      '/x%0a/login',
      '/%0a/login',
      '/log%69n',
      '/login;x=1',
      '/login/',
      '//login',
      '/x/../login',
      '/./login',
      '/login%2f',
      '/static%2f..%2flogin',
      '/assets/login',
    ]) {
      const bytes = [`POST ${path} HTTP/1.1`, `Host: ${site.domain}`, 'Content-Length: 0', 'Connection: close', '', ''];
      const reply = parse((await exchange(site, bytes.join('\r\n'))).text);
      assert.deepEqual([path, reply.status, valuesOf(reply, 'Retry-After')], [path, 429, ['6']]);
    }
    for (const path of ['/auth/session', '/blog/login-design', '/static/login/site.css']) {
      assert.equal((await ask(site, path)).status, 200, path);
    }
  });
});

describe('edge: networks without limits', () => {
  it('are not refused anything, at logins neither', async () => {
    const { site, stack } = await main.start();
    for (const path of ['/', '/login']) {
      const replies = await burst(site, 60, path);
      assert.deepEqual(tally(replies), new Map([[200, 60]]), path);
      const [reply] = replies;
      assert.ok(reply);
      assert.notEqual((await logged(stack, reply)).limit_req_status, 'REJECTED');
    }
  });
});
