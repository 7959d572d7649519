import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment } from '../deployment.ts';
import { eventually } from '../eventually.ts';
import { domain, folderOf, freshName, generate } from '../generated.ts';
import { must, run } from '../run.ts';

/** Another certificate of the same key, that an issuer signed and that ended yesterday; nginx takes it at its next reload. */
const endCertificate = async (stack: Deployment): Promise<void> => {
  const cwd = folderOf(freshName());
  const path = (file: string) => join(stack.directory, 'ssl', file);
  writeFileSync(join(cwd, 'ext'), `subjectAltName=DNS:${domain}\n`);
  const ca = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-keyout', 'ca.key'];
  await must('openssl', ['req', '-x509', ...ca, '-subj', '/CN=stack test', '-out', 'ca.pem'], { cwd });
  await must('openssl', ['req', '-new', '-key', path('privkey.pem'), '-subj', `/CN=${domain}`, '-out', 'csr'], { cwd });
  const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '-1', '-extfile', 'ext'];
  await must('openssl', ['x509', '-req', '-in', 'csr', ...by, '-out', 'leaf'], { cwd });
  writeFileSync(
    path('fullchain.pem'),
    ['leaf', 'ca.pem'].map((file) => readFileSync(join(cwd, file), 'utf8')).join(''),
  );
  await stack.compose('exec', '-T', 'nginx', 'nginx', '-s', 'reload');
};

describe('rotation: with a certificate that has ended, on an address of its own', () => {
  let stack: Deployment;
  let address: string;
  before(async () => {
    const name = freshName();
    stack = await generate(name, folderOf(name), ['--db-user', 'turner']);
    address = `127.0.0.3:${stack.env('HTTPS_PORT')}`;
    stack.edit('.env.production', (text) => text.replace(/^HTTPS_PORT=.*/m, `HTTPS_PORT=${address}`));
    const { all } = await stack.mustScript('deploy.sh');
    const [, command = ''] = /^This answers: (.*)$/m.exec(all) ?? assert.fail(all);
    assert.equal((await must('bash', ['-c', command], { cwd: stack.directory })).stdout !== '', true);
    await endCertificate(stack);
  });
  after(() => stack?.remove());

  const worksAndTells = async (script: string, ...args: string[]): Promise<void> => {
    const { code, all } = await stack.script(script, ...args);
    assert.equal(code, 0, all);
    assert.match(all, /^The certificate: it has ended, browsers refuse it: scripts\/certs\.sh renew/m);
  };

  it('is refused by whoever looks at the certificate', async () => {
    const [host = '', port = ''] = address.split(':');
    const to = ['--resolve', `${domain}:${port}:${host}`, '--cacert', 'ssl/fullchain.pem'];
    await eventually('nginx serves it', 20, async () => {
      const { stderr } = await run('curl', ['-sS', ...to, `https://${domain}:${port}/health`], {
        cwd: stack.directory,
      });
      return /certificate has expired/.test(stderr) || undefined;
    });
  });

  it('a rotation does its work', () => worksAndTells('rotate-secrets.sh', 'all'));
  it('the same configuration is deployed', () => worksAndTells('deploy.sh'));
  it('a rollback goes back', () => worksAndTells('rollback.sh', 'previous'));
  it('a dump is restored', async () => {
    const { stdout } = await stack.mustScript('backup.sh', '--local');
    await worksAndTells('restore.sh', stdout, '--yes');
  });

  describe('and while nginx sends requests to a wrong place', () => {
    const upstream = () => `${stack.has('releases/live') ? 'releases/live/' : ''}nginx/snippets/proxy.conf`;
    let dump: string;
    const point = async (from: string, to: string): Promise<void> => {
      stack.edit(upstream(), (text) => text.replaceAll(from, to));
      await stack.compose('exec', '-T', 'nginx', 'nginx', '-s', 'reload');
    };
    before(async () => {
      dump = (await stack.mustScript('backup.sh', '--local')).stdout;
      await point('app:8000', 'app:8001');
    });
    after(() => point('app:8001', 'app:8000'));

    const isNotBlamed = async (script: string, ...args: string[]): Promise<void> => {
      const { code, all } = await stack.script(script, ...args);
      assert.equal(code, 0, all);
      assert.match(all, /^That is from before this run, which has changed nothing yet\.$/m);
      assert.match(all, /^as before this run, which is not the cause/m);
    };
    it('a rotation is not blamed for it', () => isNotBlamed('rotate-secrets.sh', 'all'));
    it('a restore is not blamed for it, and stays', () => isNotBlamed('restore.sh', dump, '--yes'));
    it('a repair says that it is nginx', async () => {
      const { code, all } = await stack.script('rotate-secrets.sh', '--repair');
      assert.equal(code, 0, all);
      assert.match(all, /^The app is healthy with what is written, so it is nginx/m);
    });
  });
});
