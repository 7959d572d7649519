import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { describeIn, folderOf } from '../cases/languages.ts';

const openssl = (cwd: string, ...args: string[]) => execFileSync('openssl', args, { cwd, stdio: 'pipe' });

/** A key and a certificate in `ssl`, for these names; it ends so many days from now. */
const issue = (folder: string, days: number, ...names: readonly string[]): void => {
  const ssl = join(folder, 'ssl');
  mkdirSync(ssl, { recursive: true });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-keyout', 'privkey.pem'];
  openssl(ssl, 'req', '-new', ...key, '-subj', '/CN=test', '-out', 'csr');
  writeFileSync(join(ssl, 'ext'), `subjectAltName=${names.map((name) => `DNS:${name}`).join()}\n`);
  const signed = ['-signkey', 'privkey.pem', '-days', String(days), '-extfile', 'ext', '-out', 'fullchain.pem'];
  openssl(ssl, 'x509', '-req', '-in', 'csr', ...signed);
};

/** Puts another private key beside the certificate. */
const otherKey = (folder: string): string => {
  const key = openssl(join(folder, 'ssl'), 'genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256');
  writeFileSync(join(folder, 'ssl/privkey.pem'), key);
  return folder;
};

/** A project that Compose does not run: its nginx is what `listen` starts. */
const project = (names: readonly string[], days = 30): string => {
  const folder = folderOf('scripts/lib.sh');
  issue(folder, days, ...names);
  mkdirSync(join(folder, 'nginx/sites'), { recursive: true });
  writeFileSync(
    join(folder, 'nginx/sites/site.conf'),
    `server {\n    server_name ${names.join('\n        ')}; # names\n}\n`,
  );
  return folder;
};

/** Answers in place of nginx as these names, and refuses the handshake of any other, as `ssl_reject_handshake` does. */
const listen = async (folder: string, names: readonly string[], host = '127.0.0.1'): Promise<Server> => {
  const pair = {
    key: readFileSync(join(folder, 'ssl/privkey.pem')),
    cert: readFileSync(join(folder, 'ssl/fullchain.pem')),
  };
  const server = createServer(
    {
      SNICallback: (name, done) =>
        names.includes(name) ? done(null, createSecureContext(pair)) : done(new Error('unrecognized name')),
    },
    (_, response) => response.end('{}'),
  );
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  writeFileSync(join(folder, '.env.production'), `HTTPS_PORT=${host.includes(':') ? `[${host}]` : host}:${port}\n`);
  return server;
};

/** Lines after lib.sh, on a machine without the engine; nginx counts as running. */
const say = async (cwd: string, lines: string) => {
  const script = `. scripts/lib.sh; compose() { return 1; }; running() { return 0; }; exec 2>&1; ${lines}`;
  const child = spawn('bash', ['-c', script], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, text };
};

describeIn('bash', 'whether the site answers', () => {
  before(function () {
    if (spawnSync('curl', ['--version']).status !== 0 && !process.env.CI) this.skip();
  });
  const servers: Server[] = [];
  const served = async (...given: Parameters<typeof listen>): Promise<void> =>
    void servers.push(await listen(...given));
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });
  const [one, two] = ['a.example.test', 'b.example.test'] as const;

  it('is no question of the certificate: one that has ended, for another name, from nobody, will do', async () => {
    const folder = project([one]);
    issue(folder, -1, 'other.example.test');
    await served(folder, [one]);
    assert.deepEqual(await say(folder, 'site_answers 1'), { code: 0, text: '' });
  });

  it('but of its key', async () => {
    const folder = project([one]);
    await served(folder, [one]);
    issue(folder, 30, one);
    const { code, text } = await say(folder, 'site_answers 1');
    assert.deepEqual([code, /another key than that of ssl\/fullchain\.pem/.test(text)], [1, true], text);
  });

  it('is asked as each name, and says which is silent', async () => {
    const folder = project([one, two]);
    await served(folder, [one]);
    const { code, text } = await say(folder, 'site_answers 2');
    assert.equal(code, 1);
    assert.match(text, /^no good answer as b\.example\.test: nginx has no server of this name/);
  });

  it('is asked of the configuration that serves, not of the files here', async () => {
    const folder = project([one]);
    mkdirSync(join(folder, 'releases/live'), { recursive: true });
    mkdirSync(join(folder, 'releases/live/nginx/sites'), { recursive: true });
    copyFileSync(join(folder, 'nginx/sites/site.conf'), join(folder, 'releases/live/nginx/sites/site.conf'));
    writeFileSync(join(folder, 'nginx/sites/site.conf'), `server { server_name ${two}; }\n`);
    assert.equal((await say(folder, 'site_names')).text, `${one}\n`);
  });

  for (const host of ['127.0.0.3', '::1'])
    it(`is asked at ${host} where nginx is published there; the command that is shown works in a shell`, async () => {
      const folder = project([one]);
      await served(folder, [one], host);
      assert.deepEqual(await say(folder, 'site_answers 1'), { code: 0, text: '' });
      const { text } = await say(folder, 'health_command');
      assert.deepEqual(await say(folder, text), { code: 0, text: '{}' });
    });

  it('takes nothing for an address that is none', async () => {
    const folder = project([one]);
    for (const value of ['none', '127.0.0.1:', "'$(id):443'", '']) {
      writeFileSync(join(folder, '.env.production'), `HTTPS_PORT=${value}\n`);
      const { code, text } = await say(folder, 'edge_port HTTPS_PORT 8443');
      assert.deepEqual([code, /as in 443, 127\.0\.0\.1:8443 or \[::1\]:8443/.test(text)], [1, true], text);
    }
  });

  it('as little as before is not blamed on the run; less is', async () => {
    const folder = project([one, two]);
    await served(folder, [one]);
    const same = await say(folder, 'sleep() { :; }; look_before; answers_as_before');
    assert.equal(same.code, 0, same.text);
    assert.match(same.text, /as before this run, which is not the cause/);
    const less = `sleep() { :; }; look_before; sed -i 's/^HTTPS_PORT=.*/HTTPS_PORT=127.0.0.1:9/' .env.production; answers_as_before`;
    assert.equal((await say(folder, less)).code, 1);
  });
});

describeIn('bash', 'what is found about the certificate', () => {
  const [one, two] = ['app.example.com', 'new.example.com'] as const;
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });
  const found = async (folder: string, names: string = one) =>
    say(folder, `read -r -a SITE_NAMES <<<'${names}'; certificate_findings`);
  /** Of an issuer, as one of a CA is. */
  const signed = (days: number, ...names: readonly string[]): string => {
    const folder = project(names, days);
    const ssl = join(folder, 'ssl');
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'];
    openssl(ssl, 'req', '-x509', ...key, '-keyout', 'ca.key', '-subj', '/CN=ca', '-out', 'ca.pem');
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', String(days)];
    openssl(ssl, 'x509', '-req', '-in', 'csr', ...by, '-extfile', 'ext', '-out', 'fullchain.pem');
    return folder;
  };

  it('nothing of one that is good', async () => assert.deepEqual(await found(signed(60, one)), { code: 0, text: '' }));
  for (const [what, make, words, code] of [
    ['has ended', () => signed(-1, one), /^it has ended, .*scripts\/certs\.sh renew/, 0],
    ['ends soon', () => signed(5, one), /^it ends in [45] days: scripts\/certs\.sh renew/, 0],
    ['nobody has signed', () => project([one]), /^it is self-signed, .*scripts\/certs\.sh issue --production/, 0],
    ['has another key', () => otherKey(signed(60, one)), /is not the key of/, 1],
  ] as const)
    it(`of one that ${what}, a line with its command`, async () => {
      const outcome = await found(make());
      assert.deepEqual([outcome.code, words.test(outcome.text)], [code, true], outcome.text);
      assert.equal(outcome.text.trim().split('\n').length, 1, outcome.text);
    });

  it('a name that it does not cover stops a deploy only where nginx does not serve that name already', async () => {
    const folder = signed(60, one);
    servers.push(await listen(folder, [one]));
    const fresh = await found(folder, `${one} ${two}`);
    assert.equal(fresh.code, 1, fresh.text);
    assert.match(fresh.text, /^it is not for new\.example\.com, a name that is new here: .*scripts\/certs\.sh/);
    servers.push(await listen(folder, [one, two]));
    const old = await found(folder, `${one} ${two}`);
    assert.equal(old.code, 0, old.text);
    assert.match(old.text, /^it is not for new\.example\.com, browsers refuse it there/);
  });
});
