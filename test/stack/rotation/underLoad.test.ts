import assert from 'node:assert/strict';
import { type Seen, told, whileWriting } from '../client.ts';
import { superuser } from '../psql.ts';
import { secretValues } from '../secretValues.ts';
import { assertKept, assertSound, type Credential, credentialsOf, type Rotated, rotated, tryAll } from './stack.ts';

/** ROTATIONS=50 takes a quarter of an hour; CI has fewer. */
const rotations = Number(process.env.ROTATIONS ?? 3);

describe(`rotation: ${rotations} in a row under a client that writes and reads`, () => {
  let here: Rotated;
  let checksum: string;
  let startedBefore: readonly string[];
  let seen: Seen;
  const former: Credential[] = [];
  const seeded = "SELECT md5(string_agg(c::text, '|' ORDER BY id)) FROM comics c WHERE title LIKE 'before %'";
  const unmoved = async () => [(await here.stack.inspect('db')).Id, (await here.stack.inspect('nginx')).Id];

  before(async () => {
    here = await rotated();
    const rows = "INSERT INTO comics (title, issue) SELECT 'before ' || n, n FROM generate_series(1, 10000) n";
    await superuser(here.stack, rows, here.database);
    checksum = await superuser(here.stack, seeded, here.database);
    startedBefore = await unmoved();
  });

  it('all of them end well', async function () {
    // One took 24 seconds on two busy cores.
    this.timeout(rotations * 80_000);
    ({ seen } = await whileWriting(here.site, async (logInAnew) => {
      for (let turn = 0; turn < rotations; turn += 1) {
        former.push(...credentialsOf(secretValues(here.stack)));
        await here.stack.mustScript('rotate-secrets.sh', 'all');
        logInAnew();
      }
    }));
    console.log(`      measured: ${told(seen)}`);
  });

  it('no request failed', () => {
    assert.ok(seen.requests > rotations * 20, told(seen));
    assert.equal(seen.failures.length, 0, told(seen));
  });

  it('every row that was acknowledged is there, and those from before are as they were', async () => {
    await assertKept(here, seen);
    assert.equal(await superuser(here.stack, seeded, here.database), checksum);
  });

  it('every former password is refused, the present ones open', async () => {
    assert.equal(new Set(former.map(([, password]) => password)).size, rotations * 3);
    assert.deepEqual(await tryAll(here, former), { accepted: 0, refused: rotations * 3 });
    await assertSound(here);
  });

  it('neither the database nor nginx was restarted', async () => assert.deepEqual(await unmoved(), startedBefore));

  it('a deploy after it restarts neither of them, too', async () => {
    await here.stack.mustScript('deploy.sh', '--allow-restart');
    assert.deepEqual(await unmoved(), startedBefore);
    await assertSound(here);
  });
});
