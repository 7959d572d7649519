import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:http2';
import { get } from 'node:https';
import type { Readable } from 'node:stream';
import { askNow, type Site } from '../site.ts';
import { received } from './app.ts';
import type { Edge } from './edge.ts';
import { main } from './edges.ts';
import { dial } from './raw.ts';

// When each event of a stream arrived, in milliseconds after the first.
const arrivals = async (stream: Readable): Promise<number[]> => {
  const times: number[] = [];
  stream.on('data', (chunk: Buffer) => {
    for (const _ of chunk.toString().matchAll(/^data: /gm)) times.push(Date.now());
  });
  await once(stream, 'end');
  return times.map((time) => time - (times[0] ?? 0));
};

const overHttp1 = async (site: Site, path: string): Promise<number[]> => {
  const options = { host: '127.0.0.1', port: site.httpsPort, servername: site.domain, ca: site.ca, agent: false };
  const request = get({ ...options, path, headers: { Host: site.domain, 'Accept-Encoding': 'gzip' } });
  const [response] = (await once(request, 'response')) as [Readable];
  return arrivals(response);
};

const overHttp2 = async (site: Site, path: string): Promise<number[]> => {
  const options = { ca: site.ca, host: '127.0.0.1', servername: site.domain };
  const session = connect(`https://${site.domain}:${site.httpsPort}`, options);
  const times = await arrivals(session.request({ ':path': path, 'accept-encoding': 'gzip' }));
  session.close();
  return times;
};

const handshake = (site: Site, key: string, path = '/socket'): string =>
  [
    `GET ${path} HTTP/1.1`,
    `Host: ${site.domain}`,
    'Upgrade: WebSocket',
    'Connection: keep-alive, Upgrade',
    `Sec-WebSocket-Key: ${key}`,
    'Sec-WebSocket-Version: 13',
    '',
    '',
  ].join('\r\n');

const frame = (text: string): Buffer => {
  const mask = randomBytes(4);
  const content = Buffer.from(text).map((byte, at) => byte ^ (mask[at % 4] ?? 0));
  return Buffer.concat([Buffer.from([0x81, 0x80 | content.length]), mask, content]);
};

describe('edge: streams', () => {
  let edge: Edge;
  let site: Site;
  before(async () => {
    edge = await main.start();
    ({ site } = edge);
  });
  beforeEach(() => edge.app.forget());

  for (const [what, send] of [
    ['HTTP/1.1', overHttp1],
    ['HTTP/2', overHttp2],
  ] as const) {
    it(`events arrive one by one, as the app sends them, over ${what}`, async () => {
      const times = await send(site, '/events?events=4');
      assert.equal(times.length, 4);
      for (const [index, time] of times.entries()) {
        assert.ok(Math.abs(time - 500 * index) < 400, `event ${index} after ${time} ms`);
      }
    });
  }

  it('a WebSocket is opened, and frames go both ways', async () => {
    const key = randomBytes(16).toString('base64');
    const socket = await dial(site);
    socket.write(handshake(site, key));
    const [head] = (await once(socket, 'data')) as [Buffer];
    assert.match(head.toString(), /^HTTP\/1\.1 101 /);
    assert.match(head.toString(), /Sec-WebSocket-Accept: /i);
    for (const text of ['hello', 'again']) {
      socket.write(frame(text));
      const [answer] = (await once(socket, 'data')) as [Buffer];
      assert.equal(answer.subarray(2).toString(), text);
    }
    socket.destroy();
    const [request] = (await edge.app.seen()).requests;
    assert.ok(request);
    assert.deepEqual([received(request, 'Upgrade'), received(request, 'Connection')], [['websocket'], ['upgrade']]);
    assert.deepEqual(received(request, 'Sec-WebSocket-Key'), [key]);
  });

  it('a WebSocket on a closed path stays closed', async () => {
    const socket = await dial(site);
    socket.write(handshake(site, 'x'.repeat(22), '/.git/socket'));
    const [head] = (await once(socket, 'data')) as [Buffer];
    assert.match(head.toString(), /^HTTP\/1\.1 404 /);
    assert.equal((await edge.app.seen()).requests.length, 0);
    socket.destroy();
  });

  it('a WebSocket that says nothing for twelve seconds stays open', async () => {
    const socket = await dial(site);
    socket.write(handshake(site, randomBytes(16).toString('base64')));
    await once(socket, 'data');
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    socket.write(frame('still here'));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    assert.equal(answer.subarray(2).toString(), 'still here');
    socket.destroy();
  });

  it('connections to the app are kept: forty requests of forty clients use few', async () => {
    for (let count = 0; count < 40; count++) assert.equal((await askNow(site, '/')).status, 200);
    const { connections, requests } = await edge.app.seen();
    assert.equal(requests.length, 40);
    const used = new Set(requests.map(({ connection }) => connection)).size;
    assert.ok(connections <= 8 && used <= 8, `${connections} opened, ${used} used`);
    for (const request of requests) assert.deepEqual(received(request, 'Connection'), []);
  });

  it('a large answer arrives whole, by a client that reads slowly too', async () => {
    const { body } = await askNow(site, '/?size=30000000');
    assert.equal(body.length, 30_000_000);
  });
});
