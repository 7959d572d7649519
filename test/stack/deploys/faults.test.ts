import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { told, whileWritingCalmly } from '../client.ts';
import { eventually } from '../eventually.ts';
import { choice, chosen, type Fault, killed, withFault } from '../faults.ts';
import { superuser } from '../psql.ts';
import { assertKept, assertSound, type Rotated, startRotated } from '../rotation/stack.ts';
import { must, type Outcome } from '../run.ts';
import { ask } from '../site.ts';
import { addMigration, dropMigration, retitle, versionsDuring } from './release.ts';

const migrate = 'docker compose *run --rm --no-deps -T migrate*';
const start = 'docker start *';
/** In the order of the deploy; before the switch only the old version answers, in the middle of it both may. */
const kills: readonly (Fault & { readonly switching?: true })[] = [
  { name: 'before the build', at: 'docker build *', fault: killed },
  { name: 'in the build', at: 'docker build *', fault: '(sleep 0.5; kill -KILL 0) &' },
  { name: 'when the dump is about to get its name', at: 'mv *backups/*.dump', fault: killed },
  { name: 'before the migration', at: migrate, fault: killed },
  { name: 'in the migration', at: migrate, fault: '(sleep 1; kill -KILL 0) &' },
  { name: 'while the new app starts', at: start, fault: '(sleep 1.5; kill -KILL 0) &' },
  { name: 'before nginx finds the new app', at: 'docker network connect --alias app *', fault: killed },
  { name: 'when the new app is healthy', at: 'docker stop *', fault: killed, switching: true },
  { name: 'when the old app is stopped', at: 'docker rm *', fault: killed, switching: true },
  { name: 'before the new tag is written', at: 'mv * .env.production', fault: killed, switching: true },
];

const ofApp = ({ stack }: Rotated): string[] => [
  '--filter',
  `label=com.docker.compose.project=${stack.project}`,
  '--filter',
  'label=com.docker.compose.service=app',
];

describe('deploys: what goes wrong in the middle, under a client that writes and reads', () => {
  let here: Rotated;
  let [number, migrations] = [0, 1];
  const next = (): string => {
    number += 1;
    retitle(here.stack, `release ${number}`);
    return `release ${number}`;
  };
  const hook = (name: string, text: string): void => {
    const folder = join(here.stack.directory, 'ops/hooks');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  let present: string;
  before(async () => {
    console.log(`      killed in some of the places: ${choice}`);
    here = await startRotated();
    present = next();
    await here.stack.mustScript('deploy.sh', '--allow-restart');
  });
  after(() => here?.stack.remove());

  /** Deploys under load: what came of it, which versions answered, and that no request failed. */
  const deploy = async (work: () => Promise<Outcome>): Promise<{ outcome: Outcome; versions: ReadonlySet<string> }> => {
    const { value, seen } = await whileWritingCalmly(here.site, () => versionsDuring(here.site, work));
    assert.equal(seen.failures.length, 0, told(seen));
    await assertKept(here, seen);
    return { outcome: value.value, versions: value.versions };
  };
  const deployed = async (): Promise<void> => {
    const { outcome, versions } = await deploy(() => here.stack.script('deploy.sh'));
    assert.equal(outcome.code, 0, outcome.all);
    present = `release ${number}`;
    assert.ok(versions.has(present), [...versions].join(', '));
    await assertSound(here);
  };

  for (const [what, from, to, says] of [
    [
      'whose health check fails',
      'async def health(',
      'async def health_moved(',
      /health check, exit code 1:\n[\s\S]*HTTP Error 404[\s\S]*its last lines:/,
    ],
    [
      'whose container exits at once',
      'from app.routes import comics, health',
      'raise SystemExit("broken on purpose")',
      // Docker starts it again and again: it is seen when it has ended, or when it begins anew.
      /(?:exit code 1|running, starting, [1-9]\d* restarts)[\s\S]*its last lines:[\s\S]*broken on purpose/,
    ],
  ] as const) {
    it(`a version ${what}: the old one serves throughout, and the reason is shown`, async () => {
      const file = what.includes('health') ? 'app/routes/health.py' : 'app/main.py';
      const text = here.stack.read(file);
      next();
      here.stack.edit(file, (now) =>
        what.includes('health') ? now.replace(/"\/health"/, '"/moved"') : now.replace(from, to),
      );
      const { outcome, versions } = await deploy(() => here.stack.script('deploy.sh'));
      here.stack.edit(file, () => text);
      assert.equal(outcome.code, 1, outcome.all);
      assert.match(outcome.stderr, says);
      assert.deepEqual([...versions], [present]);
      assert.match(here.stack.read('audit.log'), / deploy failed [^\n]* step=switch\n$/);
      await assertSound(here);
    });
  }

  it('a version whose migration fails: the old one serves throughout', async () => {
    next();
    addMigration(here.stack, migrations + 1, 'raise RuntimeError("no")');
    const { outcome, versions } = await deploy(() => here.stack.script('deploy.sh'));
    dropMigration(here.stack, migrations + 1);
    assert.equal(outcome.code, 1);
    assert.match(outcome.stderr, /RuntimeError: no[\s\S]*the migration failed; the former release still runs/);
    assert.deepEqual([...versions], [present]);
    assert.match(here.stack.read('audit.log'), / deploy failed [^\n]* step=migrate\n$/);
  });

  it('after these, the next deploy works', deployed);

  for (const { switching, ...fault } of chosen(kills)) {
    it(`killed (-9) ${fault.name}: what ran serves on, and the next deploy works`, async () => {
      const title = next();
      migrations += 1;
      addMigration(here.stack, migrations);
      const { outcome, versions } = await deploy(() => withFault(here.stack, fault, 'deploy.sh'));
      assert.equal(outcome.code, -1, `the script was not killed: ${outcome.all}`);
      const foreign = [...versions].filter((version) => version !== present && !(switching && version === title));
      assert.deepEqual(foreign, []);
      // It says what runs, whatever is written.
      const ids = (await must('docker', ['ps', '--quiet', ...ofApp(here)])).stdout.split('\n').filter(Boolean);
      const { stdout: images } = await must('docker', ['inspect', '--format', '{{.Config.Image}}', ...ids]);
      const strange = images.split('\n').filter((image) => image && !image.endsWith(here.stack.env('APP_TAG'))).length;
      const status = await here.stack.script('status.sh');
      assert.equal(
        /(\d) of its containers run another image/.exec(status.all)?.[1],
        strange > 0 ? String(strange) : undefined,
      );
      if (strange > 0) assert.equal(status.code, 1);
      await deployed();
      const { stdout } = await here.stack.mustScript('rollback.sh', 'list');
      const ok = here.stack.read('audit.log').matchAll(/ deploy ok [^\n]*release=(\S+)/g);
      const well = new Set([...ok].map(([, release]) => release));
      for (const [, release = ''] of stdout.matchAll(/(\d{8}T\S+)/g))
        assert.ok(well.has(release), `${release} never ran`);
    });
  }

  describe('what it says afterwards is what it has changed, and nothing else', () => {
    const words = {
      image: /the image is another/,
      configuration: /the configuration is another/,
      migration: /the schema is migrated/,
      dump: /a dump was made/,
      rights: /the rights of the release that failed/,
    } as const;
    type Kind = keyof typeof words;
    const failures: readonly (Fault & { readonly changes: readonly Kind[] })[] = [
      { name: 'build', at: 'docker build *', fault: 'exit 1', changes: [] },
      { name: 'dump', at: 'mv *backups/*.dump', fault: 'exit 1', changes: [] },
      { name: 'migration before it begins', at: migrate, fault: 'exit 1', changes: ['dump'] },
      { name: 'migration at its end', at: migrate, fault: 'docker "$@"; exit 1', changes: ['dump', 'migration'] },
      { name: 'start of the app', at: start, fault: 'exit 1', changes: ['dump', 'migration'] },
      {
        name: 'way to nginx',
        at: 'docker network connect --alias app *',
        fault: 'exit 1',
        changes: ['dump', 'migration'],
      },
      {
        name: 'last line',
        at: 'mv * .env.production',
        fault: 'exit 1',
        changes: ['dump', 'migration'],
      },
    ];
    const facts = async (): Promise<Readonly<Record<Kind, string>>> => ({
      image: (await here.stack.inspect('app')).Image,
      configuration: here.stack.read('releases/live/RELEASE'),
      migration: await superuser(here.stack, 'SELECT version_num FROM alembic_version', here.database),
      dump: readdirSync(join(here.stack.directory, 'backups'))
        .filter((name) => name.endsWith('.dump'))
        .join(),
      rights: await superuser(here.stack, "SELECT rolconnlimit FROM pg_roles WHERE rolname = 'turner'"),
    });
    for (const { changes, ...fault } of failures)
      it(`after a failure of the ${fault.name}: ${changes.join(', ') || 'nothing'}`, async () => {
        const edited = ['nginx/snippets/clients.conf', 'db/init/20-rights.sql'] as const;
        const former = edited.map((file) => here.stack.read(file));
        next();
        here.stack.edit(edited[0], (text) => `${text}# ${number}\n`);
        here.stack.edit(edited[1], (text) => text.replace(/CONNECTION LIMIT \d+;/, 'CONNECTION LIMIT 9;'));
        addMigration(here.stack, migrations + 1);
        const before = await facts();
        const { code, stderr } = await withFault(here.stack, fault, 'deploy.sh');
        const after = await facts();
        for (const [index, file] of edited.entries()) here.stack.edit(file, () => former[index] ?? '');
        if (before.migration === after.migration) dropMigration(here.stack, migrations + 1);
        else migrations += 1;
        assert.equal(code, 1, stderr);
        const kinds = Object.keys(words) as Kind[];
        const changed = kinds.filter((kind) => before[kind] !== after[kind]);
        assert.deepEqual(
          kinds.filter((kind) => words[kind].test(stderr)),
          changed,
          stderr,
        );
        assert.deepEqual([...changed].sort(), [...changes].sort());
        assert.equal((await ask(here.site, '/health')).status, 200);
      });
    it('and the next deploy works', deployed);
  });

  describe('hooks', () => {
    it('run in their order, with the release in their environment and no secret', async () => {
      for (const name of ['pre-build', 'pre-deploy', 'post-deploy'])
        hook(name, `echo "${name} $RELEASE" >>hooks-ran; env >>hooks-env`);
      next();
      await deployed();
      const release = here.stack.env('APP_TAG');
      const ran = here.stack.read('hooks-ran').trimEnd().split('\n');
      assert.deepEqual(
        ran,
        ['pre-build', 'pre-deploy', 'post-deploy'].map((name) => `${name} ${release}`),
      );
      const environment = here.stack.read('hooks-env');
      for (const name of ['DB_PASSWORD', 'POSTGRES_PASSWORD', 'SECRET_KEY', 'DB_OWNER_PASSWORD'])
        assert.ok(!environment.includes(here.stack.env(name)), name);
    });

    it('one that fails before the dump stops the deploy, and deploy-failed hears of it', async () => {
      hook('pre-deploy', 'exit 3');
      hook('deploy-failed', 'echo "$STEP" >failed-at');
      next();
      const { outcome, versions } = await deploy(() => here.stack.script('deploy.sh'));
      hook('pre-deploy', 'exit 0');
      assert.equal(outcome.code, 1);
      assert.match(outcome.stderr, /ops\/hooks\/pre-deploy stopped the deploy/);
      assert.deepEqual([...versions], [present]);
      assert.equal(here.stack.read('failed-at'), 'pre-deploy\n');
    });

    it('one that nobody may run is said, not passed over', async () => {
      chmodSync(join(here.stack.directory, 'ops/hooks/pre-build'), 0o644);
      const { code, stderr } = await here.stack.script('deploy.sh');
      chmodSync(join(here.stack.directory, 'ops/hooks/pre-build'), 0o755);
      assert.equal(code, 1);
      assert.match(stderr, /chmod \+x ops\/hooks\/pre-build/);
    });
  });

  describe('before anything is done', () => {
    const unchanged = async (work: () => Promise<Outcome>): Promise<Outcome> => {
      const before = [here.stack.env('APP_TAG'), (await here.stack.inspect('app')).Id];
      const outcome = await work();
      assert.deepEqual([here.stack.env('APP_TAG'), (await here.stack.inspect('app')).Id], before);
      return outcome;
    };

    it('every problem is listed at once, with what to do', async () => {
      chmodSync(join(here.stack.directory, '.env.production'), 0o644);
      const conf = here.stack.read('nginx/nginx.conf');
      here.stack.edit('nginx/nginx.conf', (text) => text.replace('worker_processes auto;', 'worker_processes auto'));
      const { code, stderr } = await unchanged(() => here.stack.script('deploy.sh'));
      here.stack.edit('nginx/nginx.conf', () => conf);
      chmodSync(join(here.stack.directory, '.env.production'), 0o600);
      assert.equal(code, 1);
      assert.match(stderr, /FAIL {2}only the owner reads \.env\.production[\s\S]*chmod 600[\s\S]*FAIL {2}nginx takes/);
      assert.match(stderr, /not in order: 2/);
    });

    it('--dry-run says what it would do, and does nothing', async () => {
      const log = here.stack.read('audit.log');
      const { code, stderr } = await unchanged(() => here.stack.script('deploy.sh', '--dry-run'));
      assert.equal(code, 0, stderr);
      assert.match(stderr, /would build [\s\S]*would dump the database[\s\S]*would replace/);
      assert.equal(here.stack.read('audit.log'), log);
    });

    it('who is at work is said, and the exit code is 75', async () => {
      // The first one has the lock, and keeps it until the second one has met it.
      hook(
        'pre-build',
        'touch ops/at-work; for n in $(seq 600); do [ ! -e ops/go-on ] || exit 0; sleep 0.1; done; exit 1',
      );
      const first = here.stack.script('deploy.sh');
      await eventually('the first deploy is at work', 60, async () => here.stack.has('ops/at-work') || undefined);
      const second = await here.stack.script('deploy.sh', '--dry-run');
      writeFileSync(join(here.stack.directory, 'ops/go-on'), '');
      const { code, all } = await first;
      hook('pre-build', 'exit 0');
      assert.equal(code, 0, all);
      assert.equal(second.code, 75, second.all);
      assert.match(second.stderr, /at work: deploy\.sh of \S+@\S+ since \d{4}-\d\d-\d\dT/);
      assert.ok(!here.stack.has('.lock/by'));
    });
  });
});
