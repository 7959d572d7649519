import assert from 'node:assert/strict';
import { images } from '../../../src/policy/images.ts';
import type { Deployment } from '../deployment.ts';
import { eventually } from '../eventually.ts';
import { nginxPids } from '../nginxPids.ts';
import { production } from '../production.ts';
import { must } from '../run.ts';
import { ask, type Reply, type Site, sendJson, valuesOf } from '../site.ts';

describe('production: recovery', () => {
  let site: Site;
  let stack: Deployment;
  before(async () => {
    ({ site, stack } = await production());
  });

  const health = () => ask(site, '/health');
  const isBack = () =>
    eventually('/health answers 200', 60, async () => {
      const reply = await health();
      return reply.status === 200 ? reply : undefined;
    });
  it('/health fails while the app is stopped, and works again after a start, without a reload of nginx', async () => {
    const [before, { State }] = [await nginxPids(stack), await stack.inspect('nginx')];
    assert.ok(before.length >= 2, before.join());
    await stack.compose('stop', 'app');
    const down: Reply = await health();
    assert.ok([502, 503, 504].includes(down.status), String(down.status));
    assert.match(down.body, /"request_id"/);
    assert.equal(valuesOf(down, 'Strict-Transport-Security').length, 1);
    await stack.compose('start', 'app');
    await isBack();
    assert.deepEqual(await nginxPids(stack), before);
    assert.equal((await stack.inspect('nginx')).State.StartedAt, State.StartedAt);
  });

  it('new containers of the app, with other addresses, are found without a reload of nginx', async () => {
    const before = await nginxPids(stack);
    const edge = `${stack.project}_edge`;
    const addresses = async (): Promise<string[]> => {
      const { stdout } = await stack.compose('ps', '--quiet', 'app');
      const format = `{{(index .NetworkSettings.Networks "${edge}").IPAddress}}`;
      return (
        await must('docker', ['inspect', '--format', format, ...stdout.split('\n').filter(Boolean)])
      ).stdout.split('\n');
    };
    const old = await addresses();
    assert.equal(old.length, 2);
    await stack.compose('rm', '--stop', '--force', 'app');
    // Something else takes the addresses that became free.
    const squat = [
      '--detach',
      '--network',
      edge,
      '--user',
      '101',
      '--entrypoint',
      'sleep',
      images('3.13').nginx,
      '120',
    ];
    const squatters: string[] = [];
    try {
      for (const _ of old) squatters.push((await must('docker', ['run', '--rm', ...squat])).stdout.trim());
      await stack.compose('up', '-d', '--wait', '--no-deps', 'app');
      const now = await addresses();
      assert.deepEqual(
        now.filter((address) => old.includes(address)),
        [],
      );
    } finally {
      await must('docker', ['rm', '--force', ...squatters]);
    }
    await isBack();
    assert.deepEqual(await nginxPids(stack), before);
  });

  it('/health is 503 while the database is stopped, and works again when it is back', async () => {
    await stack.compose('stop', 'db');
    const down = await health();
    assert.deepEqual([down.status, JSON.parse(down.body)], [503, { status: 'unavailable' }]);
    await stack.compose('start', 'db');
    await isBack();
  });

  it('a row survives down and up', async () => {
    const title = `kept ${Date.now()}`;
    assert.equal((await sendJson(site, '/api/comics', { title })).status, 201);
    await stack.compose('down');
    await stack.up();
    const { status, body } = await ask(site, '/api/comics?limit=100');
    assert.equal(status, 200);
    assert.ok((JSON.parse(body) as { title: string }[]).some((row) => row.title === title));
  });
});
