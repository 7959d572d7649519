import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { Deployment } from '../deployment.ts';
import { domain, folderOf, freshName, generate } from '../generated.ts';
import { publishedCommand } from '../published.ts';
import { must, run } from '../run.ts';

/** A pair that ended years ago, for the names of the site: signed by itself, with the dates that `openssl ca` takes. */
const endedPair = async (folder: string, names: readonly string[]): Promise<void> => {
  const settings = [
    ...['[ca]', 'default_ca=d', '[d]', 'dir=.', 'database=index.txt', 'serial=serial', 'new_certs_dir=.'],
    ...['default_md=sha256', 'policy=p', '[p]', 'commonName=supplied', '[e]'],
    `subjectAltName=${names.map((name) => `DNS:${name}`).join()}`,
  ];
  for (const [file, text] of [
    ['settings', settings.join('\n')],
    ['index.txt', ''],
    ['serial', '01\n'],
  ] as const) {
    writeFileSync(join(folder, file), text);
  }
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'key.pem'];
  await must('openssl', ['req', '-new', ...key, '-subj', '/CN=ended', '-out', 'request.pem'], { cwd: folder });
  const dates = ['-startdate', '20200101000000Z', '-enddate', '20200201000000Z'];
  const sign = ['ca', '-batch', '-config', 'settings', '-selfsign', '-keyfile', 'key.pem', '-in', 'request.pem'];
  await must('openssl', [...sign, ...dates, '-extensions', 'e', '-notext', '-out', 'ended.pem'], { cwd: folder });
};

describe('scripts: what was broken before is not blamed on the step', () => {
  let stack: Deployment;
  const other = `www.${domain}`;
  const answers = async (name = domain): Promise<string> => {
    const at = `${name}:${stack.env('HTTPS_PORT').replace(/.*:/, '')}`;
    const asked = [
      '--silent',
      '--insecure',
      '--max-time',
      '10',
      '--resolve',
      `${at}:127.0.0.3`,
      `https://${at}/health`,
    ];
    return (await run('curl', asked)).stdout;
  };
  before(async function () {
    this.timeout(400_000);
    const name = freshName();
    stack = await generate(name, folderOf(name), ['--redirect-names', other]);
    // An address of this machine that is not the usual one.
    stack.edit('.env.production', (text) => text.replace(/^(HTTPS?_PORT=)(\d+)$/gm, '$1127.0.0.3:$2'));
    await stack.mustScript('deploy.sh');
    const folder = folderOf(freshName());
    await endedPair(folder, [domain, other]);
    for (const [from, to] of [
      ['ended.pem', 'fullchain.pem'],
      ['key.pem', 'privkey.pem'],
    ]) {
      await must('sh', [
        '-c',
        'cat "$1" >"$2"',
        'sh',
        join(folder, from ?? ''),
        join(stack.directory, 'ssl', to ?? ''),
      ]);
    }
    await stack.compose('exec', '-T', 'nginx', 'nginx', '-s', 'reload');
  });
  after(() => stack?.remove());

  for (const [script, ...args] of [
    ['deploy.sh'],
    ['rotate-secrets.sh', 'DB_PASSWORD'],
    ['rollback.sh', 'previous'],
    ['restore.sh', '--yes'],
  ] as const) {
    it(`with an ended certificate ${script} does its work, and says what is left to do`, async () => {
      const dump = script === 'restore.sh' ? [(await stack.mustScript('backup.sh')).stdout] : [];
      const { stderr } = await stack.mustScript(script, ...dump, ...args);
      assert.match(stderr, /The certificate: it has ended, browsers refuse the site: scripts\/certs\.sh renew/);
      assert.equal(await answers(), '{"status":"ok"}');
    }).timeout(180_000);
  }

  it('what the script prints to be typed answers', async () => {
    const { stderr } = await stack.script('deploy.sh', '--dry-run');
    const [, command = ''] = /, and ask (curl .*)/.exec(stderr) ?? [];
    assert.equal((await run('sh', ['-c', command], { cwd: stack.directory })).stdout, '{"status":"ok"}');
  });

  it('a domain that the certificate is not for stops the deploy before anything is touched', async () => {
    const before = [stack.read('.yo-rc.json'), stack.env('APP_TAG')] as const;
    const moved = ['--yes', '--skip-install', '--domain', 'elsewhere.example.test'];
    const { code, all } = await run(await publishedCommand(), moved, { cwd: stack.directory });
    assert.equal(code, 0, all);
    try {
      const deploy = await stack.script('deploy.sh');
      assert.equal(deploy.code, 1);
      assert.match(deploy.stderr, /FAIL {2}the certificate is for the names of the site/);
      assert.match(deploy.stderr, /it is not for elsewhere\.example\.test, which this release would serve/);
      assert.match(deploy.stderr, /nothing was built, the running release is untouched/);
      assert.equal(await answers(), '{"status":"ok"}');
      assert.equal(stack.env('APP_TAG'), before[1]);
    } finally {
      await run(await publishedCommand(), ['--yes', '--skip-install', '--domain', domain], { cwd: stack.directory });
    }
  }).timeout(120_000);

  const variables: readonly (readonly [string, string])[] = [
    ['single quotes', 'A=\'pa$5w0rd$Xyz#1 "q"\''],
    ['an apostrophe in them', "A='it\\'s $five'"],
    ['UTF-8 and blanks', 'A="  größe ≠ 1  "'],
    ['a dollar sign that begins no name', 'A=cost$5'],
    ['an escaped one', 'A="a\\$b"'],
    ['lines', "A='one\ntwo $x\nthree'"],
    ['64 kB', `A='${'x$y '.repeat(16_384)}'`],
  ];
  const meant = [
    'pa$5w0rd$Xyz#1 "q"',
    "it's $five",
    '  größe ≠ 1  ',
    'cost$5',
    'a$b',
    'one\ntwo $x\nthree',
    'x$y '.repeat(16_384),
  ];
  it('variables of .env.app reach the app byte by byte', async () => {
    const file = variables.map(([, line], index) => line.replace('A=', `APP_${index}=`)).join('\n');
    writeFileSync(join(stack.directory, '.env.app'), `${file}\n`, { mode: 0o600 });
    const { code, all } = await stack.script('deploy.sh', '--dry-run');
    assert.equal(code, 0, all);
    const script = `import os,sys,json; json.dump([os.environ["APP_%d" % n] for n in range(${variables.length})], sys.stdout)`;
    const { stdout } = await stack.compose('run', '--rm', '--no-deps', '-T', 'app', 'python', '-c', script);
    const had = JSON.parse(stdout) as string[];
    for (const [index, [what]] of variables.entries()) assert.equal(had[index], meant[index], what);
  }).timeout(120_000);

  it('one that Compose would change stops each script that starts the app, with its name and without its value', async () => {
    const text = 'A=1\nMAIL_PASSWORD=pa$5w0rd$Xyzzy\nTWO="x\n$Yyy"\nTHREE=a$$b\nFOUR=${HOME}\n';
    writeFileSync(join(stack.directory, '.env.app'), text, { mode: 0o600 });
    const tag = stack.env('APP_TAG');
    const dump = (await stack.mustScript('backup.sh')).stdout;
    for (const [script, ...args] of [
      ['deploy.sh'],
      ['rotate-secrets.sh', 'DB_OWNER_PASSWORD'],
      ['rollback.sh', 'previous'],
      ['restore.sh', dump, '--yes'],
    ] as const) {
      const { code, all } = await stack.script(script, ...args);
      assert.equal(code, 1, script);
      for (const [line, name] of [
        [2, 'MAIL_PASSWORD'],
        [3, 'TWO'],
        [5, 'THREE'],
        [6, 'FOUR'],
      ]) {
        assert.ok(all.includes(`line ${line} of .env.app, ${name}: `), `${script}: ${all}`);
      }
      assert.doesNotMatch(all, /Xyzzy|5w0rd|Yyy/);
    }
    assert.equal(stack.env('APP_TAG'), tag);
    writeFileSync(join(stack.directory, '.env.app'), '', { mode: 0o600 });
  }).timeout(180_000);

  it('a port that somebody has is found before anything is built', async () => {
    const server = createServer().listen(0, '127.0.0.3');
    await new Promise((done) => server.once('listening', done));
    const { port } = server.address() as { port: number };
    const before = stack.read('.env.production');
    stack.edit('.env.production', (text) => text.replace(/^HTTP_PORT=.*/m, `HTTP_PORT=127.0.0.3:${port}`));
    try {
      const { code, all } = await stack.script('deploy.sh');
      assert.equal(code, 1);
      assert.ok(all.includes(`HTTP_PORT: a program of this machine listens at 127.0.0.3:${port}`), all);
      assert.match(all, /nothing was built/);
    } finally {
      writeFileSync(join(stack.directory, '.env.production'), before);
      server.close();
    }
  }).timeout(60_000);
});
