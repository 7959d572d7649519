import assert from 'node:assert/strict';
import { execa } from 'execa';
import { connections } from '../../../src/policy/connections.ts';
import { type Production, production } from '../production.ts';
import { superuser } from '../psql.ts';
import { sleep } from '../sleep.ts';

const { app: limit, overlap, pools, maximum } = connections({ appIsNew: true, hasOwnerRole: true });

// Past nginx and its rate limit: what gets to the app is what its pools are for. Each container of the app that Docker's
// DNS names gets its part. It ends with its stdin, and tells how many replies of each status there were.
const load = `
import asyncio, collections, json, random, socket, sys

seen, running = collections.Counter(), True

async def ask():
    while running:
        try:
            address = random.choice(socket.getaddrinfo("app", 8000, socket.AF_INET, socket.SOCK_STREAM))[4]
            reader, writer = await asyncio.wait_for(asyncio.open_connection(*address), 3)
            writer.write(b"GET /api/comics?limit=1 HTTP/1.1\\r\\nHost: app\\r\\nConnection: close\\r\\n\\r\\n")
            line = await reader.readline()
            seen[line.split()[1].decode() if line else "closed"] += 1
            writer.close()
        except OSError:
            # A container that is just stopping: nginx asks the other one then.
            seen["unreachable"] += 1
            await asyncio.sleep(0.1)

async def main():
    global running
    asks = [asyncio.create_task(ask()) for _ in range(60)]
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    running = False
    await asyncio.gather(*asks)
    print(json.dumps(seen))

asyncio.run(main())
`;

// The table is locked, free for a moment, and locked again: whoever asks for rows meanwhile sits on a connection. Two
// containers have 20 for the 60 that ask, so nobody waits longer than three turns: far from the five seconds of
// pool_timeout, on a busy machine too. (With 100 and longer turns CI saw a few 500 for that reason alone.)
const hold = 'BEGIN; LOCK TABLE comics IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(0.2); COMMIT; SELECT pg_sleep(0.1);\n';

type Measured = {
  /** Connections of the app's role at the same time. */
  readonly peak: number;
  readonly replies: Readonly<Record<string, number>>;
  readonly databaseLog: string;
};

describe('scripts: connections to the database', () => {
  let here: Production;
  before(async () => {
    here = await production();
    // The first one mounts what is kept of the release, and starts the database anew for it.
    await here.stack.mustScript('deploy.sh', '--allow-restart');
  });

  const setLimit = (count: number) =>
    superuser(here.stack, `ALTER ROLE "${here.roles.user}" CONNECTION LIMIT ${count}`);

  /** What the database and the visitors see while every pool is asked for more than it has. */
  const atFullConcurrency = async (work: () => Promise<unknown>): Promise<Measured> => {
    const { stack, roles } = here;
    const since = new Date().toISOString();
    const network = ['--network', `${stack.project}_edge`, '--name', `${stack.project}-load`];
    const python = ['--entrypoint', 'python', `${stack.project}:${stack.env('APP_TAG')}`, '-c', load];
    const asking = execa('docker', ['run', '--rm', '--interactive', ...network, ...python], { reject: false });
    let peak = 0;
    let busy = true;
    const watch = async () => {
      const count = `SELECT count(*) FROM pg_stat_activity WHERE usename = '${roles.user}'`;
      while (busy) peak = Math.max(peak, Number(await superuser(stack, count)));
    };
    const keepLocking = async () => {
      const psql = ['psql', '-XqAt', '-U', 'postgres', '-d', roles.database];
      while (busy) await stack.inside('db', psql, hold.repeat(10));
    };
    const beside = Promise.all([watch(), keepLocking()]);
    try {
      await work();
    } finally {
      busy = false;
      asking.stdin.end();
    }
    await beside;
    const { stdout, stderr } = await asking;
    assert.notEqual(stdout, '', stderr);
    const databaseLog = (await stack.compose('logs', '--no-color', '--since', since, 'db')).all;
    return { peak, replies: JSON.parse(stdout) as Record<string, number>, databaseLog };
  };
  const refusals = (log: string) =>
    log.match(/too many (?:connections|clients)|remaining connection slots/g)?.length ?? 0;

  it(`are ${maximum}, of which the app's role may have ${limit}`, async () => {
    assert.equal(await superuser(here.stack, 'SHOW max_connections'), String(maximum));
    const sql = `SELECT rolconnlimit FROM pg_roles WHERE rolname = '${here.roles.user}'`;
    assert.equal(await superuser(here.stack, sql), String(limit));
  });

  it('are enough for a release beside the old one, with all pools of both full', async () => {
    const { peak, replies, databaseLog } = await atFullConcurrency(() =>
      here.stack.mustScript('deploy.sh', '--allow-restart'),
    );
    console.log(`      measured: ${peak} connections of the app at once; ${JSON.stringify(replies)}`);
    assert.ok(peak > overlap * pools - 5, `the load filled only ${peak} of ${overlap * pools}`);
    assert.ok(peak <= overlap * pools, `${peak} connections, where the pools have ${overlap * pools}`);
    assert.equal(refusals(databaseLog), 0);
    const served = Object.keys(replies).filter((status) => status !== 'unreachable' && status !== 'closed');
    assert.deepEqual(served, ['200'], JSON.stringify(replies));
  });

  it('that are too few are told by the database and by the check; a backup still gets one', async () => {
    await setLimit(12);
    try {
      const { replies, databaseLog } = await atFullConcurrency(async () => {
        await sleep(3000);
        await here.stack.mustScript('backup.sh');
      });
      assert.ok(refusals(databaseLog) > 0, JSON.stringify(replies));
      assert.ok((replies[500] ?? 0) > 0, JSON.stringify(replies));
      await setLimit(-1);
      const { stdout } = await here.stack.script('audit.sh', '--live', '--only', 'db-*');
      assert.match(stdout, /^FAIL +db-spare /m);
      assert.match(stdout, /^FAIL +db-pools /m);
    } finally {
      await setLimit(limit);
    }
  });
});
