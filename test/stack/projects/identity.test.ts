import assert from 'node:assert/strict';
import { cpSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Deployment } from '../deployment.ts';
import { folderOf, freshName, generate } from '../generated.ts';
import { freePort } from '../ports.ts';
import { siteOf } from '../production.ts';
import { run } from '../run.ts';
import { ask } from '../site.ts';

/** What each script is asked to do by somebody who takes this directory for the deployment. */
const everyScript: Readonly<Record<string, readonly string[]>> = {
  'audit.sh': ['--live', '--allow-self-signed'],
  'backup.sh': [],
  'certs.sh': ['renew'],
  'deploy.sh': [],
  'evidence.sh': [],
  'firewall.sh': ['install'],
  'incident.sh': ['leaked-secrets', '--yes', '--without-evidence'],
  'logs.sh': [],
  'maintenance.sh': ['on'],
  'pitr.sh': ['on'],
  'restore.sh': ['--test'],
  'rollback.sh': ['previous'],
  'rotate-secrets.sh': ['DB_PASSWORD'],
  'status.sh': [],
  'upgrade-postgres.sh': ['postgres:17-alpine', '--yes'],
};
/** What touches no deployment: files of the directory, lines on stdin, units of systemd that name it; and what is only sourced. */
const ofTheDirectory =
  'backup-sets.sh generate-secrets.sh lib.sh new-database.sh preflight.sh redact.sh releases.sh requests.sh review-logs.sh scan.sh schema.sh timers.sh';

const docker = async (...args: string[]): Promise<string> => (await run('docker', args)).stdout;

/** All that Docker has of a project: when each container started, and since when each volume is there. */
const ledger = async (project: string): Promise<string> => {
  const label = `label=com.docker.compose.project=${project}`;
  const containers = (await docker('ps', '--all', '--quiet', '--filter', label)).split('\n').filter(Boolean);
  const volumes = (await docker('volume', 'ls', '--quiet', '--filter', label)).split('\n').filter(Boolean);
  return [
    await docker('inspect', '--format', '{{.Id}} {{.State.StartedAt}} {{.RestartCount}}', ...containers),
    await docker('volume', 'inspect', '--format', '{{.Name}} {{.CreatedAt}}', ...volumes),
  ].join('\n');
};

describe('project beside project: a deployment is its directory, its name and its engine', () => {
  let first: Deployment;
  let second: Deployment;
  const deployed = async (): Promise<Deployment> => {
    const name = freshName();
    const stack = await generate(name, folderOf(name), []);
    await stack.mustScript('deploy.sh');
    return stack;
  };
  before(async function () {
    this.timeout(600_000);
    first = await deployed();
    second = await deployed();
  });
  after(() => {
    first?.remove();
    second?.remove();
  });

  /** Another directory with files of the first one, and ports that are free. */
  const other = async (of: Deployment, keep: (path: string) => boolean = () => true): Promise<Deployment> => {
    const directory = folderOf(freshName());
    cpSync(of.directory, directory, { recursive: true, filter: (path) => keep(path.slice(of.directory.length + 1)) });
    const copy = new Deployment(of.project, directory);
    if (copy.has('.env.production')) {
      const [http, https] = [await freePort(), await freePort()];
      copy.edit('.env.production', (text) =>
        text.replace(/^HTTP_PORT=.*/m, `HTTP_PORT=${http}`).replace(/^HTTPS_PORT=.*/m, `HTTPS_PORT=${https}`),
      );
    }
    return copy;
  };
  const local = /^(?:\.env\.production|\.lock|audit\.log|backups|ssl|secrets)(?:\/|$)/;

  it('every script is in one of the two lists', () => {
    const scripts = readdirSync(join(first.directory, 'scripts')).filter((name) => name.endsWith('.sh'));
    assert.deepEqual(scripts.sort(), [...Object.keys(everyScript), ...ofTheDirectory.split(' ')].sort());
  });

  it('each of two works, and leaves the other as it is', async () => {
    for (const [mine, theirs] of [
      [first, second],
      [second, first],
    ] as const) {
      const before = await ledger(theirs.project);
      for (const [name, ...args] of [
        ['backup.sh'],
        ['restore.sh', '--test'],
        ['rotate-secrets.sh', 'DB_PASSWORD'],
        ['deploy.sh'],
        ['rollback.sh', 'previous'],
        ['certs.sh', 'init'],
        ['firewall.sh', 'install', '--dry-run'],
        ['evidence.sh'],
        ['logs.sh', '--last', '5m'],
      ] as const) {
        const { code, all } = await mine.script(name, ...args);
        if (name !== 'logs.sh') assert.equal(code, 0, `${name}: ${all}`);
        assert.equal(await ledger(theirs.project), before, name);
      }
      for (const stack of [mine, theirs]) {
        const certificate = stack.read('ssl/fullchain.pem');
        assert.equal((await ask(siteOf(stack, certificate), '/health')).status, 200);
      }
    }
  }).timeout(600_000);

  const refusesAll = async (copy: Deployment, scripts: Readonly<Record<string, readonly string[]>>): Promise<void> => {
    const before = await ledger(first.project);
    for (const [name, args] of Object.entries(scripts)) {
      const { code, all } = await copy.script(name, ...args);
      assert.ok(code !== 0, `${name}: ${all}`);
      assert.ok(
        all.includes(`${first.project} on this engine is the deployment in ${first.directory}`),
        `${name}: ${all}`,
      );
      assert.equal(await ledger(first.project), before, `${name}: ${all}`);
    }
  };

  it('from a copy, with other ports, every script refuses', async () => {
    const copy = await other(first);
    await refusesAll(copy, everyScript);
    // The rules in the firewall go by the name.
    await refusesAll(copy, { 'firewall.sh': ['remove'] });
    for (const what of ['init', 'status']) await refusesAll(copy, { 'certs.sh': [what] });
    assert.equal((await first.script('maintenance.sh', 'status')).code, 0);
  }).timeout(180_000);

  it('through a link to its directory it is the same deployment: nothing would be started anew', async () => {
    const link = join(folderOf(freshName()), 'link');
    symlinkSync(first.directory, link);
    const { code, all } = await new Deployment(first.project, link).script('deploy.sh', '--configuration', '--dry-run');
    assert.equal(code, 0, all);
  });

  it('under another answer for its name, every script refuses', async () => {
    const name = freshName();
    const renamed = await other(first);
    const labels = [`comicpile.directory=${renamed.directory}`, `com.docker.compose.project=${name}`];
    await run('docker', ['volume', 'create', '--label', labels[0] ?? '', `${name}_deployment`]);
    const { stdout: image } = await run('docker', [
      'inspect',
      '--format',
      '{{.Image}}',
      (await first.inspect('nginx')).Id,
    ]);
    await run('docker', ['create', '--name', name, '--label', labels[1] ?? '', image.trim()]);
    try {
      renamed.edit('scripts/lib.sh', (text) => text.replace(/^APP_NAME=.*/m, `APP_NAME='${name}-anew'`));
      for (const [script, ...args] of [
        ['backup.sh'],
        ['deploy.sh', '--dry-run'],
        ['status.sh'],
        ['maintenance.sh', 'on'],
      ] as const) {
        const { code, stderr } = await renamed.script(script, ...args);
        assert.equal(code, 1, stderr);
        assert.ok(
          stderr.includes(`this directory is the deployment ${name}, and these files are of ${name}-anew`),
          stderr,
        );
      }
    } finally {
      await run('docker', ['rm', name]);
      await run('docker', ['volume', 'rm', `${name}_deployment`]);
    }
  }).timeout(60_000);

  it('from a fresh clone with secrets of its own, too', async () => {
    const clone = await other(first, (path) => !local.test(path));
    await clone.mustScript('generate-secrets.sh');
    const { code, all } = await clone.script('deploy.sh', '--dry-run');
    assert.equal(code, 1, all);
    await refusesAll(clone, { 'deploy.sh': [], 'rotate-secrets.sh': ['all'], 'backup.sh': [] });
  }).timeout(180_000);

  it('under another name for Compose nothing is done', async () => {
    const before = await ledger(first.project);
    const named = await run('env', ['COMPOSE_PROJECT_NAME=elsewhere', './scripts/deploy.sh'], { cwd: first.directory });
    assert.equal(named.code, 1);
    assert.match(named.stderr, /COMPOSE_PROJECT_NAME is elsewhere, but this deployment is stack-/);
    const env = first.read('.env.production');
    first.edit('.env.production', (text) => `${text}COMPOSE_PROJECT_NAME=elsewhere\n`);
    try {
      const { code, stderr } = await first.script('backup.sh');
      assert.equal(code, 1);
      assert.match(stderr, /COMPOSE_PROJECT_NAME is elsewhere/);
    } finally {
      writeFileSync(join(first.directory, '.env.production'), env);
    }
    assert.equal(await ledger(first.project), before);
  });

  it('docker compose -p has volumes of its own, and a second server cannot have that of the first', async () => {
    const { stdout } = await first.compose('--project-name', 'elsewhere', 'config', '--volumes', '--format', 'json');
    assert.ok(!stdout.includes(first.project), stdout);
    const { code, all } = await run(
      'docker',
      [
        ...[
          'compose',
          '-f',
          'docker-compose.prod.yml',
          '--env-file',
          '.env.production',
          '--project-name',
          `${first.project}-p`,
        ],
        ...[
          'run',
          '--rm',
          '--no-deps',
          '-T',
          '-v',
          `${first.project}_db-data:/var/lib/postgresql/data`,
          'db',
          'postgres',
        ],
      ],
      { cwd: first.directory },
    );
    try {
      assert.ok(code !== 0 && !all.includes('ready to accept connections'), all);
    } finally {
      await run('docker', ['compose', '--project-name', `${first.project}-p`, 'down', '--volumes']);
    }
    const volume = ['--volume', `${first.project}_db-data:/var/lib/postgresql/data:rw`, '--user', '70:70'];
    const [entry = '', option = '', script = ''] = JSON.parse(
      await docker('inspect', '--format', '{{json .Config.Entrypoint}}', `${first.project}-db-1`),
    ) as string[];
    const image = await docker('inspect', '--format', '{{.Config.Image}}', `${first.project}-db-1`);
    const again = await run('docker', [
      ...['run', '--rm', ...volume, '--entrypoint', entry, image, option, script, 'db', 'postgres'],
    ]);
    assert.equal(again.code, 1, again.all);
    assert.match(again.all, /another PostgreSQL is at work on this volume/);
  }).timeout(120_000);

  it('a volume that .env.production names is not one of docker compose -p, whether its database runs or not', async () => {
    const named = '.env.production.named';
    const volume = `${first.project}_db-data-20260101T000000Z`;
    writeFileSync(join(first.directory, named), `${first.read('.env.production')}\nDB_VOLUME=${volume}\n`);
    const compose = ['compose', '-f', 'docker-compose.prod.yml', '--env-file', named, '-p', `${first.project}-p`];
    try {
      // With the bridge of another one, as Docker would stop here while the first one runs.
      const bridge = `BACKEND_BRIDGE=test-${first.project.slice(-8)}`;
      const start = [bridge, 'docker', ...compose, 'run', '--rm', '--no-deps', '-T', 'db', 'postgres'];
      const { code, all } = await run('env', start, { cwd: first.directory });
      assert.equal(code, 1, all);
      assert.ok(all.includes(`DB_VOLUME in .env.production is of ${first.project},`), all);
    } finally {
      rmSync(join(first.directory, named));
      await run('docker', ['compose', '--project-name', `${first.project}-p`, 'down', '--volumes']);
      await run('docker', ['volume', 'rm', volume]);
    }
  }).timeout(120_000);

  it('of two first deploys of one name at once, one is refused', async () => {
    const name = freshName();
    const one = await generate(name, folderOf(name), []);
    const two = await other(one);
    try {
      const ends = await Promise.all([one.script('deploy.sh'), two.script('deploy.sh')]);
      const [lost] = ends.filter(({ code }) => code !== 0);
      const [winner = one, loser = two] = ends[0]?.code === 0 ? [one, two] : [two, one];
      assert.equal(ends.filter(({ code }) => code === 0).length, 1, ends.map(({ all }) => all).join('\n────\n'));
      assert.ok(lost?.all.includes(`${name} on this engine is the deployment in ${winner.directory}`), lost?.all);
      assert.equal((await ask(siteOf(winner, winner.read('ssl/fullchain.pem')), '/health')).status, 200);
      assert.ok(!loser.has('releases/live'), 'the one that was refused has made nothing live');
    } finally {
      one.remove();
      two.remove();
    }
  }).timeout(300_000);

  it('with only its volumes left, it is still not that of a clone; moved, it is taken over by a word, with its data', async () => {
    await first.inside('db', [
      'psql',
      '-U',
      'postgres',
      '-d',
      first.project.replaceAll('-', '_'),
      '-c',
      'CREATE TABLE kept AS SELECT 42 AS n',
    ]);
    await first.compose('down');
    const clone = await other(first, (path) => !local.test(path));
    await clone.mustScript('generate-secrets.sh');
    const refused = await clone.script('deploy.sh');
    assert.equal(refused.code, 1);
    assert.ok(refused.all.includes(`is the deployment in ${first.directory}`), refused.all);

    const place = `${first.directory}-moved`;
    renameSync(first.directory, place);
    const moved = new Deployment(first.project, place);
    const before = await moved.script('deploy.sh');
    assert.equal(before.code, 1, before.all);
    assert.match(before.all, /which is gone; nothing was touched\n.*deploy\.sh --moved/);
    await moved.mustScript('deploy.sh', '--moved');
    const { stdout } = await moved.inside('db', [
      'psql',
      '-U',
      'postgres',
      '-d',
      first.project.replaceAll('-', '_'),
      '-Atc',
      'SELECT n FROM kept',
    ]);
    assert.equal(stdout, '42');
    await moved.mustScript('backup.sh');
    renameSync(place, first.directory);
    await first.mustScript('deploy.sh', '--moved');
  }).timeout(300_000);

  it('an engine that is not that of the deployment is told', async () => {
    const known = first.read('.lock/engine');
    writeFileSync(join(first.directory, '.lock/engine'), 'another-engine\n');
    try {
      const { code, all } = await first.script('backup.sh');
      assert.equal(code, 1);
      assert.match(all, /this deployment is on another Docker engine/);
    } finally {
      writeFileSync(join(first.directory, '.lock/engine'), known);
    }
  });

  it('volumes from before the mark, without containers, are not taken by who never deployed', async () => {
    await second.compose('down');
    await run('docker', ['volume', 'rm', `${second.project}_deployment`]);
    const clone = await other(second, (path) => !local.test(path));
    await clone.mustScript('generate-secrets.sh');
    const { code, all } = await clone.script('deploy.sh');
    assert.equal(code, 1);
    assert.match(all, /this engine has volumes of a deployment stack-\w+ that was not made from this directory/);
    rmSync(clone.directory, { recursive: true });
    await second.mustScript('deploy.sh');
  }).timeout(180_000);
});
