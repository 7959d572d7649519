import assert from 'node:assert/strict';
import { once } from 'node:events';
import { symlinkSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { askNow, type Site, valuesOf } from '../site.ts';
import type { Edge } from './edge.ts';
import { main } from './edges.ts';
import { css, prepared } from './webFiles.ts';

// The bytes of a compressed file.
const compressed = async (site: Site, path: string): Promise<{ response: IncomingMessage; text: string }> => {
  const options = { host: '127.0.0.1', port: site.httpsPort, servername: site.domain, ca: site.ca, agent: false };
  const asked = request({ ...options, path, headers: { Host: site.domain, 'Accept-Encoding': 'gzip' } }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { response, text: gunzipSync(Buffer.concat(chunks)).toString() };
};

const forever = 'public, max-age=31536000, immutable';
const hour = 'public, max-age=3600';

describe('edge: files of the project', () => {
  let edge: Edge;
  let site: Site;
  before(async () => {
    edge = await main.start();
    ({ site } = edge);
    await edge.app.forget();
  });

  for (const [path, type, caching] of [
    ['/static/site.css', 'text/css; charset=utf-8', hour],
    ['/static/app.1a2b3c4d.js', 'text/javascript; charset=utf-8', forever],
    ['/static/page.html', 'text/html; charset=utf-8', 'no-cache'],
    ['/static/logo.svg', 'image/svg+xml', hour],
    ['/static/data.bin', 'application/octet-stream', hour],
    ['/static/folder/inside.txt', 'text/plain; charset=utf-8', hour],
  ] as const) {
    it(`${path} is ${type}, and kept: ${caching}`, async () => {
      const reply = await askNow(site, path);
      assert.equal(reply.status, 200);
      assert.deepEqual(valuesOf(reply, 'Content-Type'), [type]);
      assert.deepEqual(valuesOf(reply, 'Cache-Control'), [caching]);
      assert.equal(valuesOf(reply, 'ETag').length, 1);
    });
  }

  it('a file that was compressed before is sent to who takes gzip, and the plain one to others; caches are told', async () => {
    const { response, text } = await compressed(site, '/static/site.css');
    assert.equal(text, prepared);
    assert.equal(response.headers['content-encoding'], 'gzip');
    assert.equal(response.headers.vary, 'Accept-Encoding');
    assert.ok(response.headers['content-length']);
    const plain = await askNow(site, '/static/site.css');
    assert.equal(plain.body, css);
    assert.deepEqual(valuesOf(plain, 'Content-Encoding'), []);
    assert.deepEqual(valuesOf(plain, 'Vary'), ['Accept-Encoding']);
  });

  it('one that was not is compressed on the way', async () => {
    const { response, text } = await compressed(site, '/static/plain.css');
    assert.equal(text, css);
    assert.equal(response.headers['content-encoding'], 'gzip');
  });

  it('an unchanged file is 304 without a body, by its ETag and by its date', async () => {
    const first = await askNow(site, '/static/site.css');
    const [[etag = ''], [date = '']] = [valuesOf(first, 'ETag'), valuesOf(first, 'Last-Modified')];
    for (const headers of [{ 'If-None-Match': etag }, { 'If-Modified-Since': date }]) {
      const reply = await askNow(site, '/static/site.css', { headers });
      assert.deepEqual([reply.status, reply.body], [304, '']);
      assert.deepEqual(valuesOf(reply, 'Cache-Control'), [hour]);
    }
  });

  it('a part of a file is sent', async () => {
    const reply = await askNow(site, '/static/site.css', { headers: { Range: 'bytes=0-9' } });
    assert.deepEqual([reply.status, reply.body], [206, css.slice(0, 10)]);
  });

  it('a missing file is 404 in JSON that no cache keeps, without asking the app', async () => {
    const reply = await askNow(site, '/static/nothing.1a2b3c4d.js');
    assert.equal(reply.status, 404);
    assert.deepEqual(valuesOf(reply, 'Cache-Control'), ['no-store']);
    assert.match(reply.body, /"detail":"Not Found"/);
  });

  for (const path of ['/static/', '/static/folder/']) {
    it(`the folder ${path} is not listed`, async () => {
      const reply = await askNow(site, path);
      assert.ok([403, 404].includes(reply.status), String(reply.status));
      assert.doesNotMatch(reply.body, /site\.css|inside/);
    });
  }

  it('a folder without its slash leads to itself, on our name and port', async () => {
    const reply = await askNow(site, '/static/folder');
    assert.equal(reply.status, 301);
    assert.deepEqual(valuesOf(reply, 'Location'), ['/static/folder/']);
  });

  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
    it(`${method} on a file is 405, and does not reach the app`, async () => {
      const reply = await askNow(site, '/static/site.css', { method });
      assert.equal(reply.status, 405);
      assert.deepEqual(valuesOf(reply, 'Cache-Control'), ['no-store']);
    });
  }

  it('a link that leads out of the folder gives no file of the container', async () => {
    symlinkSync('/etc/nginx/nginx.conf', join(edge.stack.directory, 'public', 'link.txt'));
    const { status, body } = await askNow(site, '/static/link.txt');
    assert.doesNotMatch(body, /worker_processes/);
    assert.ok([403, 404].includes(status), String(status));
  });

  it('none of it reached the app', async () => {
    assert.deepEqual((await edge.app.seen()).requests, []);
  });
});
