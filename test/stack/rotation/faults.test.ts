import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { told, whileWritingCalmly } from '../client.ts';
import { eventually } from '../eventually.ts';
import { choice, chosen, type Fault, full, killed, withFault } from '../faults.ts';
import { superuser } from '../psql.ts';
import { type Outcome, run } from '../run.ts';
import { secretValues } from '../secretValues.ts';
import { ask } from '../site.ts';
import { assertKept, assertSound, credentialsOf, type Rotated, rotated, tryAll } from './stack.ts';

const up = 'docker compose *--scale app=*';
// The first call sets the rights of the roles, before anything is rotated.
const alter = 'docker compose *exec -T db psql *';
const kills: readonly Fault[] = [
  { name: 'before the new values are renamed into place', at: 'mv *', fault: killed },
  { name: 'when they are written', at: 'sync -- .', fault: killed },
  { name: 'while the new app starts', at: up, fault: '(sleep 1.5; kill -KILL 0) &' },
  { name: 'when the new app is healthy', at: 'docker stop *', fault: killed },
  { name: 'when the old app is stopped', at: 'docker rm *', fault: killed },
  { name: 'before the first ALTER ROLE', at: alter, calls: [2, 2], fault: killed },
  { name: 'before the last ALTER ROLE', at: alter, calls: [4, 4], fault: killed },
  { name: 'before the old passwords are tried', at: 'docker compose *exec -T db sh *', calls: [7, 7], fault: killed },
];
const compose = 'docker compose *docker-compose.prod.yml --env-file .env.production';
const databaseKilled = `${compose} exec -T db sh -c 'kill -KILL $(head -n 1 /var/lib/postgresql/data/postmaster.pid)'`;
const appsKilled = `for id in $(${compose} ps --quiet app); do docker exec "$id" sh -c 'kill -KILL -1' || :; done`;

describe('rotation: what goes wrong in the middle', () => {
  let here: Rotated;
  before(async () => {
    console.log(`      killed in some of the places: ${choice}`);
    here = await rotated();
  });

  // Either the values from before are the set that works, or others are; never both, never none.
  const assertOneSet = async (before: ReadonlyMap<string, string>): Promise<void> => {
    await assertSound(here);
    const now = secretValues(here.stack);
    const stale = credentialsOf(before).filter(([, password]) => ![...now.values()].includes(password));
    assert.deepEqual(await tryAll(here, stale), { accepted: 0, refused: stale.length });
  };
  const rotateWith = (fault: Fault): Promise<Outcome> => withFault(here.stack, fault, 'rotate-secrets.sh', 'all');
  // After something crashed, the engine starts it anew, and that takes a moment.
  const answersAgain = () =>
    eventually('the site answers', 60, async () =>
      (await ask(here.site, '/health')).status === 200 ? true : undefined,
    );

  for (const [index, fault] of chosen([...kills.entries()])) {
    // The next rotation does the same by itself; it takes longer, so it is tried once.
    const command = index === 2 ? 'all' : '--repair';
    it(`killed (-9) ${fault.name}: the site serves on, and \`rotate-secrets.sh ${command}\` mends the rest`, async () => {
      const before = secretValues(here.stack);
      const { seen } = await whileWritingCalmly(here.site, async () => {
        const { code } = await rotateWith(fault);
        assert.equal(code, -1, 'the script was not killed');
        assert.equal(await superuser(here.stack, 'SELECT 1'), '1');
        await here.stack.mustScript('rotate-secrets.sh', command);
      });
      assert.equal(seen.failures.length, 0, told(seen));
      await assertKept(here, seen);
      await assertOneSet(before);
    });
  }

  it('killed, and then deployed: deploy.sh finishes the rotation', async () => {
    const before = secretValues(here.stack);
    await rotateWith({ name: '', at: alter, calls: [2, 2], fault: killed });
    assert.notDeepEqual(await tryAll(here, credentialsOf(secretValues(here.stack))), { accepted: 3, refused: 0 });
    await here.stack.mustScript('deploy.sh', '--allow-restart');
    assert.match(here.stack.read('rotation.log'), / repaired [^\n]*\n$/);
    await assertOneSet(before);
  });

  for (const fault of [
    { name: 'the database, before ALTER ROLE', at: alter, calls: [2, 2], fault: databaseKilled },
    { name: 'the database, while the new app starts', at: up, fault: databaseKilled },
    { name: 'the app, before the new one starts', at: up, fault: appsKilled },
    { name: 'both apps, before the old one is stopped', at: 'docker stop *', fault: appsKilled },
  ] satisfies Fault[]) {
    it(`a crash (kill -9) of ${fault.name}: the rotation ends well, or the old values come back`, async () => {
      const before = secretValues(here.stack);
      const { value, seen } = await whileWritingCalmly(here.site, () => rotateWith(fault));
      console.log(`      measured: exit code ${value.code}; ${told(seen)}`);
      const rotated = secretValues(here.stack).get('DB_PASSWORD') !== before.get('DB_PASSWORD');
      assert.equal(value.code, rotated ? 0 : 1, value.all);
      await answersAgain();
      await assertKept(here, seen);
      await assertOneSet(before);
    });
  }

  describe('that cannot be written', () => {
    const assertUntouched = async (before: ReadonlyMap<string, string>, { code, stderr }: Outcome): Promise<void> => {
      assert.equal(code, 1, stderr);
      assert.match(stderr, /the old values are back and the stack works/);
      assert.deepEqual(secretValues(here.stack), before);
      await assertOneSet(before);
    };

    it('a full disk: nothing is changed', async () => {
      const before = secretValues(here.stack);
      const outcome = await rotateWith({ name: '', at: 'mktemp *', calls: [1, 9], fault: full });
      assert.match(outcome.stderr, /No space left on device/);
      await assertUntouched(before, outcome);
    });

    it('a read-only .env.production: nothing is changed', async () => {
      const before = secretValues(here.stack);
      const cwd = here.stack.directory;
      if (process.getuid?.() === 0) {
        const mounts = 'mount --bind .env.production .env.production && mount -o remount,bind,ro .env.production';
        const script = `${mounts} && exec ./scripts/rotate-secrets.sh all`;
        await assertUntouched(before, await run('unshare', ['--mount', 'sh', '-c', script], { cwd }));
      } else {
        chmodSync(cwd, 0o555);
        const outcome = await here.stack.script('rotate-secrets.sh', 'all');
        chmodSync(cwd, 0o755);
        await assertUntouched(before, outcome);
      }
    });

    it('a new app that does not start, and then a full disk: the new values stay, and work', async () => {
      const before = secretValues(here.stack);
      const fault = `case $0 in */docker) exit 1 ;; *) ${full} ;; esac`;
      const outcome = await rotateWith({ name: '', at: `@(${up}|mktemp *)`, calls: [2, 3], fault });
      assert.equal(outcome.code, 1);
      assert.match(outcome.stderr, /the new ones stay; the stack works with them/);
      assert.notDeepEqual(secretValues(here.stack), before);
      await assertOneSet(before);
    });
  });

  it('a new app that does not become healthy: the old values come back, without a failed request', async () => {
    const before = secretValues(here.stack);
    const { value, seen } = await whileWritingCalmly(here.site, () =>
      rotateWith({ name: '', at: up, fault: 'exit 1' }),
    );
    assert.equal(value.code, 1);
    assert.match(value.stderr, /the old values are back and the stack works/);
    assert.deepEqual(secretValues(here.stack), before);
    assert.equal(seen.failures.length, 0, told(seen));
    await assertOneSet(before);
  });

  it('no value is in the log of rotations', () => {
    const lines = here.stack.read('rotation.log').trimEnd().split('\n');
    for (const line of lines)
      assert.match(line, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ (?:started|rotated|failed|repaired)(?: [A-Z_]+)+$/);
  });
});
