import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { engines } from '../../../src/policy/engines.ts';
import { broken, type Found, foundIn, runAudit } from '../audit/runAudit.ts';
import { authority } from '../certified.ts';
import { Deployment } from '../deployment.ts';
import { retitle } from '../deploys/release.ts';
import { requireImages } from '../engine.ts';
import { domain, folderOf, freshName, generate } from '../generated.ts';
import { must } from '../run.ts';
import { Debian13, needTestbed } from './debian13.ts';

const git = 'git -c user.name=stack -c user.email=stack@example.test -c commit.gpgsign=false';
const commit = `git init --quiet; git add --all; ${git} commit --quiet --message`;

/** How each check ended, and how many ended so. */
const verdicts = (found: ReadonlyMap<string, Found>) =>
  Object.fromEntries([...found.values()].map(({ id, verdict }) => [id, verdict]));
const counted = (found: ReadonlyMap<string, Found>): string => {
  const count = (wanted: string) => [...found.values()].filter(({ verdict }) => verdict === wanted).length;
  return `${count('ok')} passed, ${count('skip')} skipped, ${count('FAIL')} failed`;
};

describe('debian13: the oldest engine and Compose', () => {
  let machine: Debian13;
  let old: Deployment;
  /** The same project, byte for byte, on the engine of the other suites. */
  let newest: Deployment;
  let ca: string;
  let pair: readonly [string, string];
  let dump: string;

  const script = (name: string, ...args: string[]) => machine.must(old.directory, `scripts/${name}`, ...args);
  const sql = async (text: string): Promise<string> => {
    const compose = ['docker', 'compose', '-f', 'docker-compose.prod.yml', '--env-file', '.env.production'];
    const psql = ['psql', '-XqAt', '-U', 'postgres', '-d', old.project.replaceAll('-', '_'), '-c', text];
    return (await machine.must(old.directory, ...compose, 'exec', '-T', 'db', ...psql)).stdout;
  };
  const add = (title: string) => sql(`INSERT INTO comics (title, issue) VALUES ('${title}', 1)`);
  const titles = async () => (await sql('SELECT title FROM comics ORDER BY id')).split('\n');
  const page = async (path = '/'): Promise<string> => {
    const at = `${domain}:${old.env('HTTPS_PORT')}`;
    const curl = ['curl', '--silent', '--fail', '--cacert', ca, '--resolve', `${at}:127.0.0.1`, `https://${at}${path}`];
    return (await machine.must(old.directory, ...curl)).stdout;
  };

  /** On the newest engine, as far as the old one is when it is audited. */
  const deployed = async (): Promise<void> => {
    await newest.mustScript('certs.sh', 'install', ...pair);
    await newest.mustScript('deploy.sh');
    await newest.mustScript('backup.sh');
    await newest.mustScript('restore.sh', '--test');
    await newest.guard();
  };

  before(async function () {
    this.timeout(300_000);
    const testbed = needTestbed(this);
    const name = freshName();
    const directory = folderOf(name);
    const flags = ['--ipv6', 'off', '--db-user', 'keeper', '--security-contact', 'security@example.test'];
    old = await generate(name, directory, flags);
    await must('bash', ['-c', `${commit} one`], { cwd: directory });
    const copy = `${directory}-newest`;
    await must('cp', ['-a', directory, copy]);
    newest = new Deployment(name, copy);
    const trusted = await authority();
    const { chain, key } = await trusted.issue(domain, name);
    pair = [chain, key];
    ca = join(directory, '..', `${name}-ca.pem`);
    writeFileSync(ca, trusted.certificate);
    const images = await old.images();
    await requireImages(images);
    [machine] = await Promise.all([Debian13.boot(testbed, images), deployed()]);
  });
  after(() => {
    newest?.remove();
    old?.remove();
    machine?.remove();
  });

  it('are the least that the scripts take', async () => {
    const { stdout: engine } = await machine.must('/', 'docker', 'version', '--format', '{{.Server.Version}}');
    const { stdout: compose } = await machine.must('/', 'docker', 'compose', 'version', '--short');
    assert.ok(engine.startsWith(`${engines.leastEngine}.`), engine);
    assert.ok(compose.startsWith(`${engines.leastCompose}.`), compose);
  });

  it('a project with IPv6 is refused before anything is built, with what helps', async () => {
    const name = freshName();
    const { directory } = await generate(name, folderOf(name));
    const { code, stderr } = await machine.try(directory, ['scripts/deploy.sh']);
    assert.equal(code, 1, stderr);
    assert.match(
      stderr,
      /FAIL {2}Docker gives IPv6 addresses\n.*is too old for IPv6\n *next: Docker 27 or newer, or: yo comicpile --ipv6 off/,
    );
    assert.match(stderr, /not in order: 1, see above; nothing was built/);
    assert.equal((await machine.must('/', 'docker', 'image', 'ls', '--quiet', name)).stdout, '');
  });

  it('a deploy', async () => {
    await script('certs.sh', 'install', ...pair);
    await script('deploy.sh');
    assert.equal(await page('/health'), '{"status":"ok"}');
  });

  it('a backup, and the drill of it', async () => {
    await add('in the dump');
    await script('backup.sh');
    await script('restore.sh', '--test');
    dump = (await machine.must(old.directory, 'sh', '-c', 'ls backups/*.dump | tail -n 1')).stdout;
  });

  it('the audit says the same as on the newest engine, check by check', async () => {
    await script('firewall.sh', 'install');
    const flags = ['--live', '--allow-self-signed'];
    const there = await runAudit(newest.directory, flags);
    const { stdout, stderr } = await machine.try(old.directory, ['scripts/audit.sh', ...flags, '--json']);
    assert.match(stdout, /^\{/, stderr);
    const here = foundIn(stdout);
    console.log(`      measured: here ${counted(here)}; on the newest engine ${counted(there)}`);
    assert.deepEqual([broken(here), broken(there)], [[], []]);
    assert.deepEqual(verdicts(here), verdicts(there));
  });

  it('the audit reads the compose files of monitoring too', async () => {
    const name = freshName();
    const { directory } = await generate(name, folderOf(name), ['--ipv6', 'off', '--monitoring', 'on']);
    const { stdout } = await machine.must(directory, 'scripts/audit.sh', '--only', 'svc-*', '--json');
    const found = foundIn(stdout);
    assert.ok(found.size > 20, String(found.size));
    assert.deepEqual(new Set(Object.values(verdicts(found))), new Set(['ok']));
  });

  it('a secret is rotated', async () => {
    await script('rotate-secrets.sh', 'all');
    assert.equal(await page('/health'), '{"status":"ok"}');
  });

  it('a second release, and back', async () => {
    const before = await page();
    retitle(old, 'The second release');
    await script('deploy.sh');
    assert.match(await page(), /<title>The second release</);
    await script('rollback.sh', 'previous', '--yes');
    assert.equal(await page(), before);
  });

  it('the database as it was at a moment', async () => {
    await script('pitr.sh', 'on');
    await add('before the moment');
    const moment = await sql(
      "SELECT pg_sleep(1.1); SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
    );
    await sql('SELECT pg_sleep(1.1)');
    await add('after the moment');
    await script('pitr.sh', 'restore', '--to', moment.trim(), '--yes');
    assert.deepEqual(await titles(), ['in the dump', 'before the moment']);
  });

  it('the database of the dump', async () => {
    await script('restore.sh', dump, '--yes');
    assert.deepEqual(await titles(), ['in the dump']);
    assert.equal(await page('/health'), '{"status":"ok"}');
  });
});
