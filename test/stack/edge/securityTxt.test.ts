import assert from 'node:assert/strict';
import { differing, promisedBy } from '../securityHeaders.ts';
import { askNow, valuesOf } from '../site.ts';
import type { Edge } from './edge.ts';
import { main, redirecting, served, singlePage } from './edges.ts';

const path = '/.well-known/security.txt';

/** Its fields, as RFC 9116 has them read. */
const fieldsOf = (text: string): Map<string, string> =>
  new Map(
    text
      .split(/\r?\n/)
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line): [string, string] => {
        const [, name = '', value = ''] = /^([A-Za-z-]+): (\S+)$/.exec(line) ?? assert.fail(`${line} is no field`);
        return [name, value];
      }),
  );

for (const [what, { answers, start }, contact] of [
  ['beside closed paths', main, 'mailto:security@example.test'],
  ['beside a single-page app', singlePage, 'https://example.test/report'],
] as const) {
  describe(`edge: security.txt ${what}`, () => {
    let edge: Edge;
    before(async () => {
      edge = await start();
    });

    it('is plain text over HTTPS, with all headers, and never the app’s', async () => {
      await edge.app.forget();
      const reply = await askNow(edge.site, path);
      assert.equal(reply.status, 200);
      assert.deepEqual(valuesOf(reply, 'Content-Type'), ['text/plain; charset=utf-8']);
      assert.deepEqual(differing(reply, promisedBy(answers)), []);
      assert.equal(reply.body, edge.stack.read('nginx/well-known/security.txt'));
      assert.deepEqual((await edge.app.seen()).requests, []);
    });

    it('says who, where, and until when: within a year', async () => {
      const fields = fieldsOf((await askNow(edge.site, path)).body);
      assert.equal(fields.get('Contact'), contact);
      assert.equal(fields.get('Canonical'), `https://${edge.site.domain}${path}`);
      const left = Date.parse(fields.get('Expires') ?? '') - Date.now();
      assert.ok(left > 360 * 86_400_000 && left < 366 * 86_400_000, fields.get('Expires'));
    });

    it('answers HEAD; its folder and what is beside it are closed', async () => {
      assert.equal((await askNow(edge.site, path, { method: 'HEAD' })).status, 200);
      assert.notEqual((await askNow(edge.site, '/well-known/security.txt')).body.includes('Contact:'), true);
      assert.notEqual((await askNow(edge.site, `${path}/../../nginx.conf`)).body.includes('worker_processes'), true);
    });
  });
}

describe('edge: security.txt under other names', () => {
  let edge: Edge;
  before(async () => {
    edge = await main.start();
  });
  it('is there under every name that is served; plain HTTP and names that redirect lead to it', async () => {
    const other = await askNow(edge.site, path, { servername: served, headers: { Host: served } });
    assert.equal(other.status, 200);
    const there = `https://${edge.site.domain}${path}`;
    const [name] = redirecting;
    for (const ask of [{ plain: true }, { servername: name, headers: { Host: name } }]) {
      const reply = await askNow(edge.site, path, ask);
      assert.deepEqual([reply.status, valuesOf(reply, 'Location')], [301, [there]]);
    }
  });
});
