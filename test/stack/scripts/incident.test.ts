import assert from 'node:assert/strict';
import { chmodSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certify } from '../certified.ts';
import type { Deployment } from '../deployment.ts';
import { requireImages } from '../engine.ts';
import { folderOf, freshName, generate } from '../generated.ts';
import { siteOf } from '../production.ts';
import { logIn } from '../psql.ts';
import { must, run } from '../run.ts';
import { secretsIn, secretValues } from '../secretValues.ts';
import { ask } from '../site.ts';
import { kept, newest, unpack } from './evidenceArchive.ts';
import { StandInDocker } from './standInDocker.ts';

// Each character that sed, JSON, Compose or a URL treats in its own way.
const hostile = String.raw`p"a$s/w&o.r\d*[1]^<é>|{}%`;

describe('scripts: incident.sh, evidence.sh and review-logs.sh', () => {
  let stack: Deployment;
  let docker: StandInDocker;
  let database: string;
  const roles = [
    ['POSTGRES_PASSWORD', 'postgres'],
    ['DB_OWNER_PASSWORD', 'keeper_owner'],
    ['DB_PASSWORD', 'keeper'],
  ] as const;

  before(async () => {
    const name = freshName();
    database = name.replaceAll('-', '_');
    stack = await generate(name, folderOf(name), ['--db-user', 'keeper', '--secrets', 'env']);
    writeFileSync(join(stack.directory, '.env.app'), `MAIL_HOST=mail\nMAIL_PASSWORD='${hostile}'\n`);
    chmodSync(join(stack.directory, '.env.app'), 0o600);
    const git = ['-c', 'user.name=stack', '-c', 'user.email=stack@example.test', '-c', 'commit.gpgsign=false'];
    await must('git', ['init', '--quiet'], { cwd: stack.directory });
    await must('git', ['add', '--all'], { cwd: stack.directory });
    await must('git', [...git, 'commit', '--quiet', '--message', 'generated'], { cwd: stack.directory });
    await requireImages(await stack.images());
    docker = await StandInDocker.create(name);
    await certify(stack);
    await stack.mustScript('deploy.sh');
  });
  after(() => stack?.remove());

  const site = () => siteOf(stack, stack.read('ssl/fullchain.pem'));
  const incident = (...args: string[]) => docker.run(stack.directory, './scripts/incident.sh', ...args);
  /** What must not change: containers, secrets, certificate, evidence. */
  const state = async () => ({
    containers: (await stack.compose('ps', '--all', '--quiet')).stdout.split('\n').sort(),
    secrets: [...secretValues(stack)],
    certificate: stack.read('ssl/fullchain.pem'),
    kept: kept(stack, ''),
  });
  /** Prints into the log of the app, as the app itself would. */
  const log = (python: string) =>
    must(
      'docker',
      [
        ...['compose', '-f', 'docker-compose.prod.yml', '--env-file', '.env.production'],
        ...['exec', '-T', 'app', 'python', '-c', `import os\nout = open("/proc/1/fd/1", "w")\n${python}`],
      ],
      { cwd: stack.directory },
    );

  describe('before anything happens', () => {
    it('without a terminal it asks for --yes, and nothing is done', async () => {
      const before = await state();
      for (const kind of ['leaked-secrets', 'compromised']) {
        const { code, stderr } = await incident(kind);
        assert.equal(code, 2);
        assert.match(stderr, /there is no terminal to ask on/);
      }
      assert.deepEqual(await state(), before);
    });

    for (const [args, why] of [
      [[], /say what happened/],
      [['leaked-secrets', '--service', 'app'], /--service goes with compromised/],
      [['compromised', '--service', 'certbot', '--yes'], /takes app, nginx or db/],
    ] as const) {
      it(`refuses ${args.join(' ') || 'no argument'}`, async () => {
        const { code, stderr } = await incident(...args);
        assert.equal(code, 2);
        assert.match(stderr, why);
      });
    }

    for (const [args, steps] of [
      [
        ['leaked-secrets'],
        ['evidence.sh', 'rotate-secrets.sh --no-grace all', 'review-logs.sh', 'holds new values', 'audit.sh'],
      ],
      [
        ['compromised', '--service', 'nginx'],
        [
          'evidence.sh',
          'docker stop',
          'review-logs.sh',
          'rotate-secrets.sh',
          'pull --ignore-buildable',
          'docker rm',
          'deploy.sh --pull',
          'audit.sh',
        ],
      ],
    ] as const) {
      it(`--dry-run of ${args.join(' ')} prints the steps in order, and changes nothing`, async () => {
        const before = await state();
        const { code, all } = await incident(...args, '--dry-run');
        assert.equal(code, 0, all);
        const places = steps.map((step) => all.indexOf(step));
        assert.ok(!places.includes(-1), all);
        assert.deepEqual(
          places,
          [...places].sort((a, b) => a - b),
          all,
        );
        assert.deepEqual(await state(), before);
        assert.ok(!stack.has('incident'));
      });
    }
  });

  describe('on a terminal', () => {
    // exec: an interrupt reaches the shell that `script` starts too, and where that is dash its 130 would hide our code.
    const session =
      'script --quiet --return --echo never --command "exec ./scripts/incident.sh leaked-secrets" /dev/null';

    it('it asks; what is declined stays as it is, is noted, and the exit code is 1', async () => {
      const { kept: _, ...before } = await state();
      const { code, stdout } = await run('sh', ['-c', session], { cwd: stack.directory, input: 'n\n' });
      assert.equal(code, 1, stdout);
      assert.match(stdout, /Give every secret a new value\?.* \[y\/N\]/);
      const { kept: files, ...after } = await state();
      assert.deepEqual(after, before);
      assert.equal(files.length, 3);
      const report = stack.read(newest(stack, '-report.md'));
      assert.match(
        report,
        /^- \[ \] 1\. Rotate all secrets \(declined\): scripts\/rotate-secrets\.sh --no-grace all$/m,
      );
      // The pair is from a CA that is not Certbot's: only its issuer can revoke it.
      assert.match(report, /^- \[ \] 2\. .* \(left\): let the issuer revoke .* scripts\/certs\.sh install/m);
    });

    it('an interrupt in the middle of the rotation leaves the old secrets, a site that answers, and a report', async () => {
      const before = secretValues(stack);
      const typed = "printf 'y\\n'; until grep -qs started rotation.log; do sleep 0.2; done; sleep 1; printf '\\003'";
      const { code, stdout } = await run('sh', ['-c', `(${typed}) | ${session}`], { cwd: stack.directory });
      assert.equal(code, 1, stdout);
      assert.deepEqual(secretValues(stack), before);
      assert.match(stack.read(newest(stack, '-report.md')), /^- \[ \] 1\. .* \(failed\): interrupted/m);
      assert.match(stdout, /the old values are back and the stack works/);
      assert.equal((await ask(site(), '/health')).status, 200);
    });
  });

  describe('a disk that is full', () => {
    const onSmallDisk = (...args: string[]) => {
      const mount =
        'mkdir -p incident && mount -t tmpfs -o size=64k none incident && "$@"; code=$?; ls -A incident; cat incident/*.md; exit $code';
      const root = process.getuid?.() === 0 ? [] : ['--map-root-user'];
      return run('unshare', ['--mount', ...root, 'sh', '-c', mount, '-', ...args], { cwd: stack.directory });
    };

    it('evidence that cannot be written leaves nothing half, and nothing else is done', async () => {
      const before = await state();
      const { code, stdout, all } = await onSmallDisk('./scripts/incident.sh', 'compromised', '--yes');
      assert.equal(code, 1, all);
      assert.match(all, /the evidence cannot be written; nothing of it was kept/);
      assert.match(stdout, /^- \[ \] Nothing else was done\. Make room/m);
      assert.match(stdout, /^[0-9TZ]+-report\.md$/m);
      assert.doesNotMatch(stdout, /^\.part|\.tar\.gz/m);
      assert.deepEqual(await state(), before);
    });
  });

  describe('leaked-secrets', () => {
    let old: ReadonlyMap<string, string>;
    let archive: ReadonlyMap<string, string>;
    let output: string;

    before(async () => {
      rmSync(join(stack.directory, 'ssl/fullchain.pem'));
      rmSync(join(stack.directory, 'ssl/privkey.pem'));
      await stack.mustScript('certs.sh', 'init');
      // What the summary is to find: closed paths, a wrong password, an error, and two secrets in a log.
      assert.equal((await ask(site(), '/.env')).status, 404);
      assert.notEqual((await logIn(stack, 'keeper', 'wrong', database, 'SELECT 1')).code, 0);
      await log('out.write("first line\\n" + ("x" * 99 + "\\n") * 120_000)');
      await log(
        'out.write("Traceback (most recent call last):\\n" + os.environ["DB_PASSWORD"] + os.environ["MAIL_PASSWORD"] + "\\n")',
      );
      old = secretValues(stack);
      const { code, all } = await incident('leaked-secrets', '--yes');
      assert.equal(code, 0, all);
      output = all;
      archive = await unpack(stack, newest(stack, '.tar.gz'));
    });

    const report = () => stack.read(newest(stack, '-report.md'));

    it('keeps the evidence closed to others, with its checksum', async () => {
      assert.equal(statSync(join(stack.directory, 'incident')).mode & 0o777, 0o700);
      for (const path of kept(stack, '')) assert.equal(statSync(join(stack.directory, path)).mode & 0o777, 0o600, path);
      await must('sha256sum', ['--check', newest(stack, '.sha256').slice('incident/'.length)], {
        cwd: join(stack.directory, 'incident'),
      });
    });

    it('has the logs from their first line, rotated files too, and what is said of containers, images and sessions', () => {
      const [app] = [...archive].filter(([path]) => path.startsWith('logs/app.')).map(([, text]) => text);
      assert.ok((app ?? '').length > 12_000_000);
      assert.match(app ?? '', /^20\S+Z first line$/m);
      const paths = [...archive.keys()];
      for (const path of [
        ...[/^logs\/nginx\./, /^logs\/db\./, /^containers\/.*-app-1\/(inspect\.json)$/, /-db-1\/top\.txt$/],
        // From beside: nothing runs in a container that may have been taken over.
        ...[/-nginx-1\/memory\.txt$/, /-app-1\/connections\.txt$/],
        ...[
          /-nginx-1\/diff\.txt$/,
          /^images\/[0-9a-f]{64}\.json$/,
          /^images\.txt$/,
          /^networks\.json$/,
          /^volumes\.json$/,
        ],
        ...[/^compose\.txt$/, /^git\.txt$/, /^files\.txt$/, /^sha256\.txt$/, /^machine\.txt$/, /^events\.txt$/],
        ...[/^database\/(roles|sessions|settings|logins)\.csv$/],
      ]) {
        assert.ok(
          paths.some((found) => path.test(found) && archive.get(found) !== ''),
          String(path),
        );
      }
      const said = (path: RegExp) => archive.get(paths.find((found) => path.test(found)) ?? '') ?? '';
      assert.match(said(/-nginx-1\/memory\.txt$/), /^[0-9a-f]{64} {2}\/proc\/1\/root\/tmp\/nginx\.pid$/m);
      assert.match(said(/-app-1\/connections\.txt$/), /^ +\d+: [0-9A-F]{8}:1F40 /m);
      assert.match(archive.get('database/roles.csv') ?? '', /^keeper,f,f,f,t/m);
      assert.match(archive.get('sha256.txt') ?? '', /^[0-9a-f]{64} {2}\.\/docker-compose\.prod\.yml$/m);
      assert.doesNotMatch(archive.get('sha256.txt') ?? '', /\.env\.production/);
    });

    it('has no secret, old or new, anywhere; each is replaced by its name', () => {
      const now = secretValues(stack);
      const written = String(Buffer.from(hostile).toString('latin1'));
      const forms = [written, written.replaceAll('$', '$$$$'), JSON.stringify(written).slice(1, -1)];
      for (const [path, text] of archive) {
        assert.deepEqual([...secretsIn(text, old), ...secretsIn(text, now)], [], path);
        for (const form of forms) assert.ok(!text.includes(form), `${path} holds MAIL_PASSWORD`);
        // A part of it, as it stands in each form.
        assert.ok(!text.includes('*[1]^'), `${path} holds a part of MAIL_PASSWORD`);
      }
      for (const text of [report(), output]) assert.deepEqual([...secretsIn(text, old), ...secretsIn(text, now)], []);
      assert.ok(![report(), output].some((text) => text.includes('*[1]^')));
      const inspected = [...archive].find(([path]) => path.endsWith('-app-1/inspect.json'))?.[1] ?? '';
      assert.match(inspected, /"DB_PASSWORD=\[DB_PASSWORD\]"/);
      assert.match(inspected, /"MAIL_PASSWORD=\[MAIL_PASSWORD\]"/);
      assert.match(archive.get('compose.txt') ?? '', /POSTGRES_PASSWORD: '?\[POSTGRES_PASSWORD\]/);
    });

    it('a secret in a log is a finding', () => {
      assert.match(archive.get('findings.txt') ?? '', /^DB_PASSWORD stands in the log of app\..*, 1 lines$/m);
      assert.match(archive.get('findings.txt') ?? '', /^MAIL_PASSWORD stands in the log of app\./m);
      assert.match(report(), /^- \[ \] A secret is in a log: DB_PASSWORD/m);
    });

    for (const [secret, role] of roles) {
      it(`the old ${secret} is refused`, async () => {
        const refused = await logIn(stack, role, old.get(secret) ?? '', database, 'SELECT 1');
        assert.match(refused.stderr, /password authentication failed/);
      });
    }

    it('the certificate has another key, and the site answers with it', async () => {
      assert.equal((await ask(site(), '/health')).status, 200);
      assert.match(output, /rm -f -- ssl\/fullchain\.pem ssl\/privkey\.pem[\s\S]*nginx serves the new certificate/);
    });

    it('the report says what was done when and by whom, and what the logs say', () => {
      const text = report();
      assert.match(text, /^- begun 20\S+Z by \S+.* on \S+/m);
      for (const step of [0, 1, 2, 3, 4, 5]) {
        const [, part = ''] = new RegExp(`^### ${step}\\. ([\\s\\S]*?)(?=^##|$(?![\\s\\S]))`, 'm').exec(text) ?? [];
        assert.match(part, /\*\*done\*\*/, `step ${step}`);
      }
      assert.match(text, / 404 GET \/\.env$/m);
      assert.match(text, /password authentication failed for user "keeper", from \d/);
      assert.match(text, /keeper from \d+\.\d+\.\d+\.\d+$/m);
      assert.match(text, /1 {2}tracebacks$/m);
      assert.doesNotMatch(text, /OUTSIDE the backend network/);
      assert.match(text, /\.env\.app.*MAIL_HOST MAIL_PASSWORD/);
    });

    it('is not marked as changed by git', async () => {
      assert.equal((await must('git', ['status', '--porcelain'], { cwd: stack.directory })).stdout, '');
    });
  });

  describe('compromised', () => {
    it('stops the app, rotates, and deploys new containers from a new image', async () => {
      const [app, tag, old] = [await stack.inspect('app'), stack.env('APP_TAG'), secretValues(stack)];
      const { code, all } = await incident('compromised', '--yes');
      assert.equal(code, 0, all);
      // Between the stop and the new deployment the app does not run, and base images are asked for.
      assert.match(docker.calls, /^compose pull; runs: db nginx$/m);
      assert.match(docker.calls, /^build --pull; runs: db nginx$/m);
      assert.notEqual((await stack.inspect('app')).Id, app.Id);
      assert.notEqual(stack.env('APP_TAG'), tag);
      assert.equal((await stack.inspect('app')).State.Health?.Status, 'healthy');
      assert.equal((await ask(site(), '/health')).status, 200);
      const refused = await logIn(stack, 'keeper', old.get('DB_PASSWORD') ?? '', database, 'SELECT 1');
      assert.match(refused.stderr, /password authentication failed/);
      assert.deepEqual([...secretsIn(all, old), ...secretsIn(all, secretValues(stack))], []);
    });

    it('what fails is noted: without a rotation nothing is deployed, and a revoked certificate that stays is said', async () => {
      // A certificate of Certbot's, as far as can be seen from outside; it is revoked, and no new one comes.
      await certify(stack);
      const volume = `${stack.project}_letsencrypt`;
      await must('docker', ['volume', 'create', '--label', `com.docker.compose.project=${stack.project}`, volume]);
      const certs = stack.read('scripts/certs.sh');
      stack.edit('scripts/certs.sh', () => '#!/bin/sh\necho "$*" >>certs.calls\n[ "$1" = revoke ]\n');
      docker.refuse('exec -T db psql');
      const before = secretValues(stack);
      const { code, all } = await incident('compromised', '--service', 'app', '--service', 'nginx', '--yes');
      docker.refuse('');
      stack.edit('scripts/certs.sh', () => certs);
      assert.equal(code, 1, all);
      const report = stack.read(newest(stack, '-report.md'));
      assert.match(report, /^- \[ \] 3\. Rotate all secrets \(failed\)/m);
      assert.match(report, / {2}- rotate-secrets\.sh: the roles cannot be given their rights/);
      assert.match(report, /^- \[ \] 5\. Build and deploy anew \(left\)/m);
      assert.match(report, /^- \[ \] 6\. .* \(failed\): nginx serves the REVOKED certificate/m);
      assert.match(stack.read('certs.calls'), /^revoke --yes --reason keycompromise\nissue --production\n/);
      for (const service of ['app', 'nginx'])
        assert.equal((await stack.inspect(service)).State.Status, 'exited', service);
      assert.deepEqual(secretValues(stack), before);
    });
  });

  describe('evidence of what is left', () => {
    it('a stopped database, an image without a name, no certificate and no git are no reason to have none', async () => {
      await stack.compose('stop', 'db');
      await must('docker', ['image', 'rm', '--force', `${stack.project}:${stack.env('APP_TAG')}`]);
      rmSync(join(stack.directory, '.git'), { recursive: true });
      for (const file of readdirSync(join(stack.directory, 'ssl'))) rmSync(join(stack.directory, 'ssl', file));
      const { stdout } = await stack.mustScript('evidence.sh');
      const archive = await unpack(stack, stdout.trim());
      assert.match(archive.get('missing.txt') ?? '', /^database: it does not run/m);
      assert.match(archive.get('missing.txt') ?? '', /^git\.txt: this is not a git repository/m);
      assert.ok([...archive.keys()].some((path) => path.startsWith('logs/db.')));
      for (const [path, text] of archive) assert.deepEqual(secretsIn(text, secretValues(stack)), [], path);
    });

    it('without any container it says that the logs are gone', async () => {
      await stack.compose('down');
      const { stdout } = await stack.mustScript('evidence.sh');
      const archive = await unpack(stack, stdout.trim());
      assert.match(archive.get('missing.txt') ?? '', /^logs: there is no container of this project$/m);
      await stack.mustScript('review-logs.sh', stdout.trim());
    });

    it('an archive that was changed is not summed up', async () => {
      const path = newest(stack, '.tar.gz');
      writeFileSync(join(stack.directory, path), 'x', { flag: 'a' });
      const { code, stderr } = await stack.script('review-logs.sh', path);
      assert.equal(code, 1);
      assert.match(stderr, /does not fit its checksum/);
    });
  });
});
