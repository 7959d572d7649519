import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { told, whileWritingCalmly } from '../client.ts';
import { type Fault, killed, withFault } from '../faults.ts';
import { domain } from '../generated.ts';
import { outage, underLoad } from '../load.ts';
import { nginxPids } from '../nginxPids.ts';
import { superuser } from '../psql.ts';
import { assertKept, assertSound, type Rotated, startRotated } from '../rotation/stack.ts';
import { must, type Outcome } from '../run.ts';
import { ask, valuesOf } from '../site.ts';

type Edit = readonly [file: string, change: (text: string) => string];

const wrongUpstream: Edit = ['nginx/snippets/proxy.conf', (text) => text.replace('server app:8000', 'server app:8001')];
/** Each would have the site dead, and each is found somewhere else. */
const wrong: readonly { readonly name: string; readonly edits: readonly Edit[]; readonly says: RegExp }[] = [
  {
    name: 'an upstream on a wrong port',
    edits: [wrongUpstream],
    says: /does not answer for app\.example\.test: .*502/,
  },
  {
    name: 'a file of headers with a wrong include',
    edits: [['nginx/snippets/security-headers.conf', (text) => `${text}include snippets/nobody.conf;\n`]],
    says: /FAIL {2}nginx takes its configuration[\s\S]*nobody\.conf/,
  },
  {
    name: 'a limit of 8 MB for nginx',
    edits: [['docker-compose.prod.yml', (text) => text.replace('memory: 256M', 'memory: 8M')]],
    says: /nginx does not run with the files of/,
  },
  {
    name: 'a mount that is missing',
    edits: [['docker-compose.prod.yml', (text) => text.replace('      - ./ssl:/etc/ssl/site:ro\n', '')]],
    says: /nginx does not run with the files of[\s\S]*fullchain\.pem/,
  },
  {
    name: 'logins without the app',
    edits: [['db/conf/pg_hba.conf', (text) => text.replace('"turner"', '"turnip"')]],
    says: /pg_hba\.conf does not let the app in: .*no pg_hba\.conf entry|pg_hba\.conf does not let the app in: .*rejects/,
  },
  {
    name: 'logins without the scripts',
    edits: [['db/conf/pg_hba.conf', (text) => `local all postgres reject\n${text}`]],
    says: /pg_hba\.conf: it does not let these scripts in/,
  },
  {
    name: 'a name without a certificate',
    edits: ['nginx/sites/site.conf', 'nginx/sites/http.conf', 'scripts/lib.sh'].map((file) => [
      file,
      (text: string) => text.replaceAll(domain, 'other.example.test'),
    ]),
    says: /./,
  },
];

const kills: readonly Fault[] = [
  { name: 'before the first file is replaced', at: 'mv *releases/live/*/.new-*', fault: killed },
  { name: 'between two files', at: 'mv *releases/live/*/.new-*', calls: [2, 2], fault: killed },
  { name: 'before the release is written down', at: 'mv *releases/live/RELEASE', fault: killed },
  { name: 'before the site has answered', at: 'mv * .env.production', fault: killed },
];

describe('deploys: what containers read belongs to the release, under a client that writes and reads', () => {
  let here: Rotated;
  before(async () => {
    here = await startRotated();
  });
  after(() => here?.stack.remove());

  const withEdits = async <Value>(edits: readonly Edit[], work: () => Promise<Value>): Promise<Value> => {
    const former = edits.map(([file]) => [file, here.stack.read(file)] as const);
    for (const [file, change] of edits) here.stack.edit(file, change);
    try {
      return await work();
    } finally {
      for (const [file, text] of former) here.stack.edit(file, () => text);
    }
  };
  /** What came of it, that no acknowledged row is lost, and how many requests failed, in words. */
  const loaded = async (name: string, work: () => Promise<Outcome>) => {
    const { value, seen } = await whileWritingCalmly(here.site, () => underLoad(here.site, '/api/comics', work));
    const { milliseconds } = outage(value.probes);
    console.log(`      measured: ${name}: ${told(seen)}, ${milliseconds / 1000} s down`);
    await assertKept(here, seen);
    assert.equal((await ask(here.site, '/health')).status, 200);
    return { outcome: value.value, failed: seen.failures.length };
  };
  const header = async (): Promise<string | undefined> => valuesOf(await ask(here.site, '/'), 'x-release')[0];
  const release = (): string => here.stack.env('APP_RELEASE');
  const refused = async (name: string, edits: readonly Edit[], says: RegExp, ...args: string[]): Promise<void> => {
    const [tag, before] = [here.stack.env('APP_TAG'), release()];
    const { outcome, failed } = await withEdits(edits, () =>
      loaded(name, () => here.stack.script('deploy.sh', ...args)),
    );
    assert.equal(outcome.code, 1, outcome.all);
    assert.match(outcome.stderr, says);
    assert.equal(failed, 0);
    assert.deepEqual([here.stack.env('APP_TAG'), release()], [tag, before]);
    await assertSound(here);
  };

  it('a stack that mounts the project itself keeps serving when its first such deploy is refused', () =>
    refused(
      'first deploy, an upstream on a wrong port',
      [wrongUpstream],
      /does not answer for .*502[\s\S]*Back on /,
      '--allow-restart',
    ));

  it('its first deploy that is right mounts what was kept', async () => {
    await here.stack.mustScript('deploy.sh', '--allow-restart');
    const { stdout } = await here.stack.compose('config', '--format', 'json');
    assert.match(stdout, /releases\/live\/nginx"/);
    assert.deepEqual(
      readdirSync(`${here.stack.directory}/releases`).filter((name) => name.startsWith('.')),
      [],
    );
    assert.match(
      here.stack.read('releases/live/RELEASE'),
      new RegExp(`^release=${release()}\n[\\s\\S]*^migration=`, 'm'),
    );
    await assertSound(here);
  });

  // The first with all that a deploy is; the others are found in the same places without a build.
  for (const [index, { name, edits, says }] of wrong.entries())
    it(`${name}: the former site serves throughout, and no row is lost`, () =>
      refused(name, edits, says, ...(index === 0 ? [] : ['--configuration', '--allow-restart'])));

  it('an edit reaches nobody by a reload; --configuration brings it, and the image stays', async () => {
    const { Id } = await here.stack.inspect('app');
    here.stack.edit('nginx/snippets/security-headers.conf', (text) => `${text}add_header X-Release two always;\n`);
    await must('bash', ['-c', '. scripts/lib.sh; reload_nginx'], { cwd: here.stack.directory });
    assert.equal(await header(), undefined);
    const { outcome } = await loaded('deploy.sh --configuration', () =>
      here.stack.script('deploy.sh', '--configuration'),
    );
    assert.equal(outcome.code, 0, outcome.all);
    assert.equal(await header(), 'two');
    assert.equal((await here.stack.inspect('app')).Id, Id);
  });

  it('so do the rights of the roles: an edit reaches them by a deploy, goes with one that fails, and by rollback.sh', async () => {
    const limit = () => superuser(here.stack, "SELECT rolconnlimit FROM pg_roles WHERE rolname = 'turner'");
    const former = await limit();
    const rights: Edit = [
      'db/init/20-rights.sql',
      (text) => text.replace(/CONNECTION LIMIT \d+;/, 'CONNECTION LIMIT 9;'),
    ];
    await withEdits([rights], async () => {
      await here.stack.mustScript('rotate-secrets.sh', '--repair');
      assert.equal(await limit(), former);
      await refused('a limit of connections', [wrongUpstream], /does not answer for .*502/, '--configuration');
      assert.equal(await limit(), former);
      await here.stack.mustScript('deploy.sh', '--configuration');
      assert.equal(await limit(), '9');
    });
    await here.stack.mustScript('rollback.sh', 'previous');
    assert.equal(await limit(), former);
  });

  it('rollback.sh goes back over it and forth again: it says what differs, nothing fails, the files here stay', async () => {
    const newest = release();
    const files = here.stack.read('nginx/snippets/security-headers.conf');
    for (const [args, served] of [
      [['previous'], undefined],
      [['image', newest], 'two'],
      [['previous', '--only', 'configuration'], undefined],
      [['image', newest], 'two'],
    ] as const) {
      const { outcome, failed } = await loaded(`rollback.sh ${args.join(' ')}`, () =>
        here.stack.script('rollback.sh', ...args),
      );
      assert.equal(outcome.code, 0, outcome.all);
      assert.match(outcome.stderr, /change for the containers[^\n]*:\n {2}nginx\/snippets\/security-headers\.conf\n/);
      assert.equal(await header(), served);
      assert.equal(failed, 0);
      assert.equal(/The files here are others/.test(outcome.stderr), served === undefined);
    }
    assert.equal(here.stack.read('nginx/snippets/security-headers.conf'), files);
  });

  it('a limit of 8 MB for the database: the former settings are back, and the next deploy works', async () => {
    const limit: Edit = [
      'docker-compose.prod.yml',
      (text) => text.replace(/(\n {2}db:\n[\s\S]*?memory: )\d+M/, (_, before: string) => `${before}8M`),
    ];
    const { outcome } = await withEdits([limit], () =>
      loaded('a limit of 8 MB for the database', () =>
        here.stack.script('deploy.sh', '--configuration', '--allow-restart'),
      ),
    );
    assert.equal(outcome.code, 1, outcome.all);
    await assertSound(here);
    await here.stack.mustScript('deploy.sh', '--configuration', '--allow-restart');
  });

  for (const [number, fault] of kills.entries())
    it(`killed (-9) ${fault.name}: the site answers, and the next deploy works`, async () => {
      const edits: Edit[] = ['security-headers', 'header-values', 'clients'].map((name) => [
        `nginx/snippets/${name}.conf`,
        (text: string) => `${text}# ${number}\n`,
      ]);
      for (const [file, change] of edits) here.stack.edit(file, change);
      const before = release();
      const { outcome } = await loaded(`killed ${fault.name}`, () =>
        withFault(here.stack, fault, 'deploy.sh', '--configuration'),
      );
      assert.equal(outcome.code, -1, outcome.all);
      assert.equal(release(), before);
      // Whatever script comes next puts back what was served.
      await must('bash', ['-c', '. scripts/lib.sh; lock'], { cwd: here.stack.directory });
      assert.equal(here.stack.read('releases/live/RELEASE'), here.stack.read(`releases/${before}/RELEASE`));
      assert.equal((await nginxPids(here.stack)).length > 0, true);
      await here.stack.mustScript('deploy.sh', '--configuration');
      assert.match(here.stack.read('releases/live/nginx/snippets/clients.conf'), new RegExp(`# ${number}\n$`));
      await assertSound(here);
    });

  it('--keep bounds what was kept, and an image stays while one of these has it', async () => {
    await here.stack.mustScript('deploy.sh', '--configuration', '--keep', '2');
    const { stdout, stderr } = await here.stack.mustScript('rollback.sh', 'list');
    const names = readdirSync(`${here.stack.directory}/releases`).filter((name) => /^\d{8}T/.test(name));
    assert.equal(names.length, 2, stdout);
    assert.match(stderr, /in releases\//);
    await here.stack.mustScript('rollback.sh', 'previous');
    await assertSound(here);
  });
});
