import assert from 'node:assert/strict';
import { images } from '../../../src/policy/images.ts';
import { eventually } from '../eventually.ts';
import { must } from '../run.ts';
import { askNow, type Site } from '../site.ts';
import { sleep } from '../sleep.ts';
import { App } from './app.ts';
import type { Edge } from './edge.ts';
import { main } from './edges.ts';

describe('edge: replicas of the app', () => {
  let edge: Edge;
  let site: Site;
  before(async () => {
    edge = await main.start();
    ({ site } = edge);
  });
  beforeEach(() => edge.app.forget());

  const replicaOf = async (path: string): Promise<string | undefined> => {
    const { status, body } = await askNow(site, path);
    return status === 200 ? (JSON.parse(body) as { replica: string }).replica : undefined;
  };

  describe('one that hangs up without an answer, beside one that works', () => {
    let closer: App;
    before(async () => {
      closer = await App.start(edge.stack, 'closer');
      await eventually('nginx uses it', 10, async () => ((await replicaOf('/warm')) === 'closer' ? true : undefined));
    });
    after(() => closer.remove());
    beforeEach(() => closer.forget());

    // Until it was the failing one's turn; after a failure it is left alone for four seconds.
    const untilItsTurn = async (method: string): Promise<readonly (readonly [string, number])[]> => {
      const asked: (readonly [string, number])[] = [];
      for (let turn = 0; turn < 60 && (await closer.seen()).requests.length === 0; turn++) {
        const path = `/${method.toLowerCase()}/${turn}`;
        const body = method === 'GET' || method === 'DELETE' ? {} : { body: 'once' };
        asked.push([path, (await askNow(site, `${path}?close=closer`, { method, ...body })).status]);
        await sleep(150);
      }
      assert.equal((await closer.seen()).requests.length, 1, 'it was its turn');
      return asked;
    };
    const received = async (path: string): Promise<string[]> => {
      const requests = [...(await closer.seen()).requests, ...(await edge.app.seen()).requests];
      return requests.filter(({ target }) => target.startsWith(`${path}?`)).map(({ replica }) => replica);
    };

    for (const method of ['GET', 'PUT', 'DELETE']) {
      it(`${method} is tried on the other one, and the client sees no failure`, async () => {
        await sleep(2100);
        const asked = await untilItsTurn(method);
        for (const [path, status] of asked) assert.equal(status, 200, path);
        assert.deepEqual(await received(asked.at(-1)?.[0] ?? ''), ['closer', 'first']);
      });
    }

    for (const method of ['POST', 'PATCH']) {
      it(`${method} is not repeated: 502, and the app saw it exactly once`, async () => {
        await sleep(2100);
        const asked = await untilItsTurn(method);
        assert.equal(asked.at(-1)?.[1], 502);
        for (const [path] of asked) assert.equal((await received(path)).length, 1, path);
      });
    }
  });

  it('one that refuses connections: each POST goes to the one that works, once', async () => {
    const name = `${edge.stack.project}-deaf`;
    const network = ['--network', `${edge.stack.project}_edge`, '--network-alias', 'app'];
    const label = ['--label', `com.docker.compose.project=${edge.stack.project}`];
    const sleeper = [images('3.13').python, 'sleep', '60'];
    await must('docker', ['run', '--detach', '--rm', '--init', '--name', name, ...network, ...label, ...sleeper]);
    try {
      // It is known to nginx after two seconds at the latest.
      await sleep(2500);
      await edge.app.forget();
      for (let count = 0; count < 30; count++) {
        assert.equal((await askNow(site, `/${count}`, { method: 'POST', body: 'x' })).status, 200);
        await sleep(100);
      }
      const targets = (await edge.app.seen()).requests.map(({ target }) => target);
      assert.deepEqual(
        targets,
        Array.from({ length: 30 }, (_, count) => `/${count}`),
      );
    } finally {
      await must('docker', ['rm', '--force', name]);
    }
  });

  it('one that is added is used within five seconds, and one that is removed is not missed', async () => {
    const added = await App.start(edge.stack, 'added');
    try {
      await eventually('the new one answers', 5, async () => ((await replicaOf('/')) === 'added' ? true : undefined));
    } finally {
      await added.remove();
    }
    for (let count = 0; count < 20; count++) {
      assert.equal(await replicaOf('/'), 'first');
      await sleep(100);
    }
  });
});
