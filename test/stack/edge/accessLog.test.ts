import assert from 'node:assert/strict';
import { askNow, valuesOf } from '../site.ts';
import { sleep } from '../sleep.ts';
import { logged, logLines } from './accessLog.ts';
import type { Edge } from './edge.ts';
import { main } from './edges.ts';
import { exchange } from './raw.ts';

describe('edge: access log', () => {
  let edge: Edge;
  before(async () => {
    edge = await main.start();
  });

  it('has one JSON object a line, whatever a client sends', async () => {
    const nasty = ['"}{"a":"b', 'x\ty', '\\', "'; DROP TABLE", '\u00e9\u00ff', '$request_id', '\x1b[31m'];
    for (const text of nasty) {
      const lines = ['GET /nasty HTTP/1.1', `Host: ${edge.site.domain}`, `User-Agent: ${text}`, 'Connection: close'];
      await exchange(edge.site, [...lines, '', ''].join('\r\n'));
      await exchange(edge.site, `GET /${encodeURIComponent(text)}%0a%22 HTTP/1.1\r\nHost: ${edge.site.domain}\r\n\r\n`);
    }
    await exchange(edge.site, 'GARBAGE"\\\r\n\r\n');
    await sleep(1500);
    const lines = await logLines(edge.stack);
    assert.ok(lines.length > nasty.length);
    for (const line of lines) assert.equal(typeof JSON.parse(line), 'object', line);
    const agents = lines.map((line) => (JSON.parse(line) as { user_agent: string }).user_agent);
    assert.ok(agents.includes('"}{"a":"b'));
  });

  it('knows a request by the id that the client got, and tells what became of it', async () => {
    const reply = await askNow(edge.site, '/some/path?status=404', { method: 'POST', body: 'x' });
    const line = await logged(edge.stack, reply);
    assert.deepEqual([line.request_id], valuesOf(reply, 'X-Request-ID'));
    assert.deepEqual(
      [line.method, line.uri, line.status, line.host, line.protocol, line.tls, line.upstream_status],
      ['POST', '/some/path', '404', edge.site.domain, 'HTTP/1.1', 'TLSv1.3', '404'],
    );
    assert.match(line.upstream_addr ?? '', /:8000$/);
    assert.ok(Number(line.request_time) < 5);
    assert.ok(!Number.isNaN(Date.parse(line.time ?? '')));
  });

  it('keeps no query, no cookie, no authorization, no referer', async () => {
    const secret = 'geheim123';
    const headers = {
      Cookie: `a=${secret}`,
      Authorization: `Bearer ${secret}`,
      Referer: `https://x.test/?t=${secret}`,
    };
    await logged(edge.stack, await askNow(edge.site, `/with?token=${secret}`, { headers }));
    for (const line of await logLines(edge.stack)) assert.ok(!line.includes(secret), line);
  });
});
