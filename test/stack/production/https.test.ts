import assert from 'node:assert/strict';
import { connect as connectTls } from 'node:tls';
import { askHttp2 } from '../http2.ts';
import { production } from '../production.ts';
import { ask, type Site, sendJson, valuesOf } from '../site.ts';

const handshake = (site: Site, options: { servername?: string; maxVersion?: 'TLSv1.1' | 'TLSv1.2' }): Promise<string> =>
  new Promise((resolve) => {
    const socket = connectTls({
      host: '127.0.0.1',
      port: site.httpsPort,
      servername: site.domain,
      ca: site.ca,
      // So that it is the server that refuses an old version, not this client.
      ...(options.maxVersion === 'TLSv1.1' ? { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
      ...options,
    });
    socket.once('secureConnect', () => {
      resolve(socket.getProtocol() ?? '');
      socket.destroy();
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });

describe('production: HTTPS', () => {
  let site: Site;
  before(async () => {
    ({ site } = await production());
  });

  it('gives 200 on /health and the API, with the certificate of the private CA verified', async () => {
    const health = await ask(site, '/health');
    assert.deepEqual([health.status, JSON.parse(health.body)], [200, { status: 'ok' }]);
    const list = await ask(site, '/api/comics');
    assert.equal(list.status, 200);
    assert.ok(Array.isArray(JSON.parse(list.body)));
  });

  it('is refused by a client that does not trust that CA', async () => {
    await assert.rejects(ask({ ...site, ca: undefined }, '/health'), /self.signed certificate|unable to/i);
  });

  it('stores what the API is sent', async () => {
    const added = await sendJson(site, '/api/comics', { title: 'Saga', issue: 7 });
    assert.equal(added.status, 201, added.body);
    const { body } = await ask(site, '/api/comics?limit=100');
    assert.ok((JSON.parse(body) as { title: string }[]).some(({ title }) => title === 'Saga'));
  });

  it('negotiates HTTP/2', async () => {
    assert.equal((await askHttp2(site, '/health')).status, 200);
  });

  it('speaks TLS 1.3 and 1.2, and nothing older', async () => {
    assert.equal(await handshake(site, {}), 'TLSv1.3');
    assert.equal(await handshake(site, { maxVersion: 'TLSv1.2' }), 'TLSv1.2');
    assert.equal(await handshake(site, { maxVersion: 'TLSv1.1' }), 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
  });

  it('ends the handshake for a name that is not served, and refuses a foreign Host after a good one', async () => {
    assert.equal(await handshake(site, { servername: 'evil.example.org' }), 'ERR_SSL_TLSV1_UNRECOGNIZED_NAME');
    assert.equal((await ask(site, '/health', { headers: { Host: 'evil.example.org' } })).status, 421);
  });

  it('tells no version and no app server', async () => {
    for (const path of ['/health', '/.env', '/api/comics?limit=0']) {
      const reply = await ask(site, path);
      assert.deepEqual(valuesOf(reply, 'Server'), ['nginx'], path);
      assert.deepEqual(valuesOf(reply, 'X-Powered-By'), []);
      assert.doesNotMatch(reply.body, /nginx\/|uvicorn|openresty/i);
    }
  });
});
