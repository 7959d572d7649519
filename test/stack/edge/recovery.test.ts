import assert from 'node:assert/strict';
import { images } from '../../../src/policy/images.ts';
import { eventually } from '../eventually.ts';
import { must } from '../run.ts';
import { differing, promisedBy } from '../securityHeaders.ts';
import { askNow, valuesOf } from '../site.ts';
import { sleep } from '../sleep.ts';
import { App } from './app.ts';
import type { Edge } from './edge.ts';
import { main } from './edges.ts';

const promised = promisedBy(main.answers);

describe('edge: an app that is gone', () => {
  let edge: Edge;
  before(async () => {
    edge = await main.start();
  });

  it('is 502 in JSON with all headers, and its successor at another address is found within five seconds, without a reload', async () => {
    const { stack, site } = edge;
    const pids = async () =>
      (await stack.inside('nginx', ['sh', '-c', 'grep -l "^nginx: " /proc/[0-9]*/cmdline'])).stdout;
    const address = async (container: string): Promise<string> =>
      (
        await must('docker', [
          'inspect',
          '--format',
          '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}',
          container,
        ])
      ).stdout;
    const [before, old] = [await pids(), await address(edge.app.container)];
    await edge.app.remove();
    const down = await askNow(site, '/');
    assert.equal(down.status, 502);
    assert.equal((JSON.parse(down.body) as { detail: string }).detail, 'Bad Gateway');
    assert.deepEqual(differing(down, promised), []);
    assert.deepEqual(valuesOf(down, 'Cache-Control'), []);

    // Something else takes the address that became free.
    const squatter = `${stack.project}-squatter`;
    const network = ['--network', `${stack.project}_edge`, '--label', `com.docker.compose.project=${stack.project}`];
    const idle = [images('3.13').python, 'sleep', '120'];
    await must('docker', ['run', '--detach', '--rm', '--init', '--name', squatter, ...network, ...idle]);
    const next = await App.start(stack, 'second');
    try {
      const start = Date.now();
      assert.notEqual(await address(next.container), old);
      await eventually('the new one answers', 5, async () =>
        (await askNow(site, '/')).status === 200 ? true : undefined,
      );
      console.log(`      measured: ${Date.now() - start} ms`);
      assert.equal(await pids(), before);
    } finally {
      await must('docker', ['rm', '--force', squatter]);
      // Other files go on with the app that they know.
      await next.remove();
      await edge.app.restart();
      await eventually('the first one is back', 10, async () =>
        (await askNow(site, '/')).status === 200 ? true : undefined,
      );
    }
  });

  it('a reply that takes longer than the health check may is 504 there, and 200 elsewhere', async () => {
    const [health, other] = await Promise.all([
      askNow(edge.site, '/health?sleep=12'),
      askNow(edge.site, '/elsewhere?sleep=12'),
    ]);
    assert.deepEqual([health.status, other.status], [504, 200]);
    assert.deepEqual(differing(health, promised), []);
    // An app that was silent is left alone for two seconds.
    await sleep(2500);
  });
});
