import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ConnectionOptions, connect, type SecureVersion, type TLSSocket } from 'node:tls';
import { tlsProfiles } from '../../../src/policy/tls.ts';
import { eventually } from '../eventually.ts';
import type { Site } from '../site.ts';
import { main, proxied } from './edges.ts';

// What a handshake ends with: the connection, or the code of the error.
const handshake = async (site: Site, options: ConnectionOptions = {}): Promise<TLSSocket | string> => {
  const base = { host: '127.0.0.1', port: site.httpsPort, servername: site.domain, ca: site.ca };
  const socket = connect({ ...base, ...options });
  try {
    await once(socket, 'secureConnect');
    socket.on('error', () => {});
    return socket;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
};

const told = async <Value>(
  site: Site,
  options: ConnectionOptions,
  ask: (socket: TLSSocket) => Value,
): Promise<Value | string> => {
  const socket = await handshake(site, options);
  if (typeof socket === 'string') return socket;
  const value = ask(socket);
  socket.destroy();
  return value;
};

const exactly = (version: SecureVersion): ConnectionOptions => ({
  minVersion: version,
  maxVersion: version,
  // So that it is the server that refuses an old version, not this client.
  ...(version === 'TLSv1' || version === 'TLSv1.1' ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
});
const refusedVersion = 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION';

describe('edge: TLS', () => {
  let site: Site;
  before(async () => {
    ({ site } = await main.start());
  });
  const version = (socket: TLSSocket) => socket.getProtocol();
  const protocol = (socket: TLSSocket) => socket.alpnProtocol;

  for (const [offered, agreed] of [
    ['TLSv1.3', 'TLSv1.3'],
    ['TLSv1.2', 'TLSv1.2'],
    ['TLSv1.1', refusedVersion],
    ['TLSv1', refusedVersion],
  ] as const) {
    it(`a client of ${offered} alone gets ${agreed}`, async () => {
      assert.equal(await told(site, exactly(offered), version), agreed);
    });
  }

  for (const [offered, agreed] of [
    [['h2', 'http/1.1'], 'h2'],
    [['http/1.1', 'h2'], 'h2'],
    [['http/1.1'], 'http/1.1'],
    [[], false],
    [['spdy/3', 'gopher'], 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL'],
  ] as const) {
    it(`ALPN: who offers ${offered.join(', ') || 'nothing'} gets ${agreed || 'no protocol named'}`, async () => {
      const options = offered.length === 0 ? {} : { ALPNProtocols: [...offered] };
      assert.equal(await told(site, options, protocol), agreed);
    });
  }

  it('TLS 1.2: each cipher of the profile that fits the key works; those without forward secrecy or AEAD are refused', async () => {
    const offers = tlsProfiles.intermediate.ciphers.filter((cipher) => cipher.includes('ECDSA'));
    assert.equal(offers.length, 3);
    for (const ciphers of offers) {
      const name = (socket: TLSSocket) => socket.getCipher().name;
      assert.equal(await told(site, { ...exactly('TLSv1.2'), ciphers }, name), ciphers);
    }
    for (const ciphers of ['AES128-GCM-SHA256', 'ECDHE-ECDSA-AES128-SHA', 'ECDHE-ECDSA-AES256-SHA384', 'AES256-SHA']) {
      const options = { ...exactly('TLSv1.2'), ciphers: `${ciphers}:@SECLEVEL=0` };
      assert.equal(await told(site, options, () => 'agreed'), 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', ciphers);
    }
  });

  it('no session ticket is given in TLS 1.2', async () => {
    assert.equal(await told(site, exactly('TLSv1.2'), (socket) => socket.getTLSTicket()?.length ?? 0), 0);
  });

  it('a session of TLS 1.2 is resumed from the memory of the server', async () => {
    const session = await told(site, exactly('TLSv1.2'), (socket) => socket.getSession());
    assert.ok(Buffer.isBuffer(session));
    // A worker of nginx puts it there after its last word to the client, who may be back with another worker by then.
    const options = { ...exactly('TLSv1.2'), session };
    await eventually('the session is resumed', 5, async () =>
      (await told(site, options, (socket) => socket.isSessionReused())) === true ? true : undefined,
    );
  });

  it('a client cannot renegotiate', async () => {
    const socket = await handshake(site, exactly('TLSv1.2'));
    assert.ok(typeof socket !== 'string');
    const refused = new Promise((resolve) => {
      socket.once('close', () => resolve('closed'));
      socket.renegotiate({}, (error) => resolve(error === null ? 'done' : 'refused'));
    });
    assert.notEqual(await refused, 'done');
    socket.destroy();
  });

  it('plain HTTP on the TLS port gets 400, and nothing of the app', async () => {
    const answer = await fetch(`http://127.0.0.1:${site.httpsPort}/`);
    assert.equal(answer.status, 400);
    assert.equal(answer.headers.get('server'), 'nginx');
  });
});

describe('edge: TLS of the modern profile', () => {
  let site: Site;
  before(async () => {
    ({ site } = await proxied.start());
  });

  it('speaks TLS 1.3', async () => {
    assert.equal(await told(site, {}, (socket) => socket.getProtocol()), 'TLSv1.3');
  });

  it('refuses TLS 1.2', async () => {
    assert.equal(await told(site, exactly('TLSv1.2'), () => 'agreed'), refusedVersion);
  });
});
