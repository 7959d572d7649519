import assert from 'node:assert/strict';
import { images } from '../../../src/policy/images.ts';
import { eventually } from '../eventually.ts';
import { nginxPids } from '../nginxPids.ts';
import { must } from '../run.ts';
import { differing, promisedBy } from '../securityHeaders.ts';
import { askNow, type Reply } from '../site.ts';
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

  describe('and comes back at another address', () => {
    let down: Reply;
    let next: App;
    let pids: readonly string[];
    let old: string;
    const squatter = () => `${edge.stack.project}-squatter`;
    const addressOf = async (container: string): Promise<string> => {
      const format = `{{(index .NetworkSettings.Networks "${edge.stack.project}_edge").IPAddress}}`;
      return (await must('docker', ['inspect', '--format', format, container])).stdout;
    };
    const isBack = () =>
      eventually('it answers', 5, async () => ((await askNow(edge.site, '/')).status === 200 ? true : undefined));

    before(async () => {
      const { stack } = edge;
      pids = await nginxPids(stack);
      old = await addressOf(edge.app.container);
      await edge.app.remove();
      down = await askNow(edge.site, '/');
      // Something else takes the address that became free.
      const network = ['--network', `${stack.project}_edge`, '--label', `com.docker.compose.project=${stack.project}`];
      const idle = [images('3.13').python, 'sleep', '120'];
      await must('docker', ['run', '--detach', '--rm', '--init', '--name', squatter(), ...network, ...idle]);
      next = await App.start(stack, 'second');
    });
    after(async () => {
      await must('docker', ['rm', '--force', squatter()]);
      await next.remove();
      // Other files go on with the app that they know.
      await edge.app.restart();
      await isBack();
    });

    it('is 502 or 504 in JSON meanwhile, with all headers', () => {
      assert.ok([502, 504].includes(down.status), String(down.status));
      assert.match(down.body, /^\{"detail":"(?:Bad Gateway|Gateway Timeout)","request_id":"[0-9a-f]{32}"\}\n$/);
      assert.deepEqual(differing(down, promised), []);
    });

    it('is found within five seconds, without a reload of nginx', async () => {
      const start = Date.now();
      assert.notEqual(await addressOf(next.container), old);
      await isBack();
      console.log(`      measured: ${Date.now() - start} ms`);
      assert.deepEqual(await nginxPids(edge.stack), pids);
    });
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
