import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { burst } from '../burst.ts';
import { run } from '../run.ts';
import { askNow, valuesOf } from '../site.ts';
import { allLogged, logged, logLines } from './accessLog.ts';
import type { Edge } from './edge.ts';
import { limited } from './edges.ts';

describe('edge: scripts/logs.sh', () => {
  let edge: Edge;
  before(async () => {
    edge = await limited.start();
  });
  const lines = async (...args: string[]) =>
    (await edge.stack.mustScript('logs.sh', '--since', '10m', ...args)).stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Readonly<Record<string, string>>);

  it('finds a request by the id that its reply has, and nothing else', async () => {
    const reply = await askNow(edge.site, '/logs-by-id?token=secret');
    await logged(edge.stack, reply);
    const id = valuesOf(reply, 'X-Request-ID').join();
    const found = await lines('--id', id);
    assert.deepEqual(
      found.map(({ request_id, uri }) => [request_id, uri]),
      [[id, '/logs-by-id']],
    );
  });

  it('finds by path, status, zone and client, all at once', async () => {
    const reply = await askNow(edge.site, '/.git/logs-by-status');
    const { remote_addr: client = '' } = await logged(edge.stack, reply);
    const found = await lines('--path', 'logs-by-status', '--status', '4xx', '--client', client, '--suspicious');
    assert.deepEqual(
      found.map(({ status }) => status),
      ['404'],
    );
    assert.deepEqual(await lines('--path', 'logs-by-status', '--status', '200'), []);
    assert.deepEqual(await lines('--path', 'logs-by-status', '--client', '192.0.2.1'), []);
    assert.deepEqual(await lines('--path', 'logs-by-status', '--zone', 'nobody'), []);
  });

  it('a summary counts what was refused for its rate and what scanners ask for', async () => {
    const replies = await burst(edge.site, 30, '/login', () => ({ method: 'POST' }));
    const refused = replies.filter(({ status }) => status === 429);
    assert.ok(refused.length > 0, 'nothing was refused');
    const probes = await Promise.all(
      ['/wp-login.php', '/.env', '/%2e%2e/etc/passwd'].map((path) => askNow(edge.site, path)),
    );
    await allLogged(edge.stack, [...refused.slice(-1), ...probes.slice(0, 2)]);
    const { stdout } = await edge.stack.mustScript('logs.sh', '--since', '10m', 'summary');
    const count = (title: RegExp) => Number(new RegExp(`^  ${title.source}[^:]*: (\\d+)`, 'm').exec(stdout)?.[1] ?? 0);
    assert.ok(count(/over a rate limit/) >= refused.length, stdout);
    assert.ok(count(/for what only scanners ask for/) >= 2, stdout);
    assert.equal((await lines('--limited', '--path', '/login')).length >= refused.length, true);
  });

  it('reads a log that was kept, from a file and from standard input, and says the same', async () => {
    const kept = (await logLines(edge.stack)).join('\n');
    writeFileSync(join(edge.stack.directory, 'kept.log'), `${kept}\n`);
    const cwd = edge.stack.directory;
    const [fromFile, fromInput] = await Promise.all([
      run('./scripts/logs.sh', ['--file', 'kept.log', 'summary'], { cwd }),
      run('./scripts/logs.sh', ['--file', '-', 'summary'], { cwd, input: `${kept}\n` }),
    ]);
    assert.deepEqual([fromFile.code, fromInput.code], [0, 0]);
    assert.match(fromFile.stdout, /requests by address: \d/);
    assert.equal(fromInput.stdout, fromFile.stdout);
  });
});
