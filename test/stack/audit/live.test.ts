import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { certify } from '../certified.ts';
import { folderOf, freshName, generate } from '../generated.ts';
import { superuser } from '../psql.ts';
import { publishedCommand } from '../published.ts';
import { must, run } from '../run.ts';
import { workshop } from '../scratch.ts';
import { itFinds } from './itFinds.ts';
import { type Live, liveSeeds, rogue } from './liveSeeds.ts';
import { broken, type Found, runAudit } from './runAudit.ts';
import { Place } from './seed.ts';
import { whileTakenOver } from './taken.ts';

/** Deployed as a user does it: generated, committed, a certificate, scripts/deploy.sh, a backup. */
const deploy = async (): Promise<Live> => {
  const name = freshName();
  const directory = folderOf(name);
  const stack = await generate(name, directory, ['--db-user', 'keeper', '--security-contact', 'security@example.test']);
  const place = new Place(directory);
  await certify(stack);
  await place.sh(
    'git init --quiet; git add --all; git -c user.name=a -c user.email=a@example.test commit --quiet -m one',
  );
  await stack.mustScript('deploy.sh');
  await stack.mustScript('backup.sh');
  await stack.guard();
  const shadow = join(workshop, `shadow-${name}`);
  mkdirSync(shadow);
  return { stack, place, shadow };
};

// The name of the suite leads nowhere: that is what --allow-self-signed says beside the certificate.
const flags = ['--live', '--allow-self-signed'];
const look = ({ stack, shadow }: Live, more = flags): Promise<ReadonlyMap<string, Found>> =>
  runAudit(stack.directory, more, `${shadow}:${process.env.PATH}`);

describe('audit: the running stack', () => {
  let live: Live;
  let kept: string;

  before(async () => {
    live = await deploy();
    kept = join(workshop, `kept-${live.stack.project}`);
    await must('cp', ['-a', live.stack.directory, kept]);
  });
  after(
    () =>
      live && run('docker', ['rm', '--force', rogue(live), `${rogue(live)}-again`, `${live.stack.project}-stranger`]),
  );

  it('is without fault as it was deployed', async () => {
    const found = await look(live);
    assert.deepEqual(broken(found), []);
    const count = [...found.values()].filter(({ verdict }) => verdict === 'ok').length;
    assert.ok(count > 140, `${count} were tested`);
  });

  it('is so for `comicpile audit --live` too, which brings its own judge', async () => {
    const { stdout, code } = await run(await publishedCommand(), ['audit', ...flags, '--json'], {
      cwd: live.stack.directory,
    });
    const { checks } = JSON.parse(stdout) as { checks: readonly Found[] };
    assert.deepEqual(broken(new Map(checks.map((each) => [each.id, each]))), []);
    assert.equal(code, 0);
    assert.equal(checks.find(({ id }) => id === 'cert-served')?.verdict, 'ok');
  });

  it('believes nothing of what code in the container of the app writes, and computes none of it', async () => {
    const canary = join(workshop, `canary-${freshName()}`);
    const command = `$(touch ${canary})`;
    const lines = [
      `a[${command}]`,
      command,
      '0',
      'Uid:\t0\t0\t0\t0',
      'CapEff:\tffffffffffffffff',
      'DB_POOL_SIZE 999',
      '\u001b[2J',
    ];
    const verdicts = (found: ReadonlyMap<string, Found>) =>
      [...found.values()].map(({ id, verdict }) => `${id} ${verdict}`);
    const before = verdicts(await look(live));
    const { result, wrote } = await whileTakenOver(live.stack, lines, () => look(live));
    assert.ok(wrote > 0, 'nothing was written');
    assert.ok(!existsSync(canary), 'a command was run on the host');
    assert.deepEqual(broken(result), []);
    assert.deepEqual(verdicts(result), before);
  });

  it('sees a process that came later and may do more, where the first may not', async () => {
    const { Id } = await live.stack.inspect('app');
    await must('docker', ['exec', '--detach', '--user', '0', '--privileged', Id, 'sleep', '300']);
    const found = broken(await look(live)).map((line) => line.replace(/:.*: /, ': '));
    assert.deepEqual(
      found.map((line) => line.split(':')[0]).filter((id) => id?.startsWith('run-')),
      ['run-user', 'run-capabilities'],
    );
    await must('docker', ['restart', '--timeout', '3', Id]);
    await live.stack.compose('up', '-d', '--wait', '--no-deps', 'app');
  });

  /** All files as they were, the containers as the files say, what was changed in the database changed back. */
  const mend = async (): Promise<void> => {
    const { stack, shadow } = live;
    await run('docker', ['rm', '--force', rogue(live), `${rogue(live)}-again`, `${stack.project}-stranger`]);
    const { Id } = await stack.inspect('nginx');
    await run('docker', ['network', 'disconnect', `${stack.project}_backend`, Id]);
    await stack.guard();
    for (const name of readdirSync(shadow)) rmSync(join(shadow, name));
    // In their places: nginx has the folders themselves.
    await live.place.sh(`
      comm -13 <(cd ${kept} && find . | LC_ALL=C sort) <(find . | LC_ALL=C sort) | tac | while read -r path; do rm -rf "$path"; done
      cp -a ${kept}/. .`);
    await superuser(stack, 'DROP ROLE IF EXISTS second');
    const rights = '/docker-entrypoint-initdb.d/20-rights.sql';
    const database = `here=${stack.project.replaceAll('-', '_')}`;
    const psql = ['psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-U', 'postgres', '-v', database, '-f', rights];
    const { code, stderr } = await stack.inside('db', psql);
    assert.equal(code, 0, stderr);
    await stack.compose('exec', '-T', 'nginx', 'nginx', '-s', 'reload');
    await stack.compose('up', '-d', '--wait', '--no-deps', 'app');
  };

  for (const [set, seeds] of Object.entries(liveSeeds)) {
    describe(set, () => {
      let found: ReadonlyMap<string, Found>;
      before(async () => {
        for (const { make } of seeds) await make(live);
        found = await look(live, set === 'an older deployment' ? ['--live'] : flags);
      });
      after(mend);

      itFinds(seeds, () => found);
    });
  }
});
