import assert from 'node:assert/strict';
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { images } from '../../../src/policy/images.ts';
import { Authority } from '../authority.ts';
import type { Deployment } from '../deployment.ts';
import { requireImages } from '../engine.ts';
import { domain, folderOf, freshName, generate } from '../generated.ts';
import { must } from '../run.ts';
import { Server } from './server.ts';

const { nginx, certbot } = images('3.13');
const pieces = ['cert', 'chain', 'fullchain', 'privkey'] as const;

// What Certbot keeps of a certificate that it got; this CA does not exist, so nothing can be renewed for real.
const renewal = `version = 5.0.0
archive_dir = /etc/letsencrypt/archive/${domain}
${pieces.map((piece) => `${piece} = /etc/letsencrypt/live/${domain}/${piece}.pem`).join('\n')}

[renewalparams]
account = 0123456789abcdef0123456789abcdef
authenticator = webroot
webroot_path = /var/www/acme,
server = https://acme.invalid/directory
key_type = ecdsa
`;

describe('timers.sh: the renewal, in its sandbox, against the running nginx', () => {
  const name = freshName();
  const service = `${name}-renew.service`;
  let server: Server;
  let stack: Deployment;
  let authority: Authority;
  let folder: string;
  let project: string;

  before(async () => {
    const directory = folderOf(name);
    folder = folderOf(`${name}-ca`);
    [server, stack, authority] = await Promise.all([
      Server.boot(),
      generate(name, directory),
      Authority.create(folder),
    ]);
    await requireImages([nginx, certbot]);
    await server.letDeployUseDocker();
    project = join(server.volume, 'my comics');
    await server.put(directory, project);
    await server.must(['scripts/certs.sh', 'init'], project);
    const compose = ['docker', 'compose', '-f', 'docker-compose.prod.yml', '--env-file', '.env.production'];
    await server.must([...compose, 'up', '-d', '--no-deps', 'nginx'], project);
    // Due every hour, and the database does not run.
    await server.replaceJob(`${name}-backup.service`, 'true');
    await server.must(['scripts/timers.sh', 'install'], project);
  });
  after(async () => {
    stack?.remove();
    await server?.try(['scripts/firewall.sh', 'remove'], project);
    await server?.remove();
  });

  /** A certificate that Certbot's volume holds from now on, as its own `archive` and `live` have it. */
  const certbotHas = async (number: number): Promise<void> => {
    const { chain, key } = await authority.issue(domain, `certbot${number}`);
    const tree = join(folder, 'letsencrypt');
    const [archive, live] = [join(tree, 'archive', domain), join(tree, 'live', domain)];
    for (const path of [archive, live, join(tree, 'renewal')]) mkdirSync(path, { recursive: true });
    writeFileSync(join(tree, 'renewal', `${domain}.conf`), renewal);
    const sources = {
      cert: chain.replace('chain', 'leaf'),
      chain: join(folder, 'ca.pem'),
      fullchain: chain,
      privkey: key,
    };
    for (const piece of pieces) {
      cpSync(sources[piece], join(archive, `${piece}${number}.pem`));
      rmSync(join(live, `${piece}.pem`), { force: true });
      symlinkSync(`../../archive/${domain}/${piece}${number}.pem`, join(live, `${piece}.pem`));
    }
    const helper = `${name}-certbot`;
    await must('docker', ['create', '--name', helper, '--volume', `${name}_letsencrypt:/etc/letsencrypt`, certbot]);
    await must('docker', ['cp', '--quiet', `${tree}/.`, `${helper}:/etc/letsencrypt`]);
    await must('docker', ['rm', helper]);
  };
  const fingerprint = async (file: string): Promise<string> =>
    (await must('openssl', ['x509', '-noout', '-fingerprint', '-in', file])).stdout;
  const installed = async (): Promise<string> =>
    (await server.must(['openssl', 'x509', '-noout', '-fingerprint', '-in', 'ssl/fullchain.pem'], project)).stdout;
  const start = async (): Promise<{ code: number; result: string; log: string }> => {
    const { code } = await server.try(['systemctl', 'start', service]);
    const { stdout: result } = await server.must(['systemctl', 'show', '--value', '--property=Result', service]);
    return { code, result, log: await server.news(service) };
  };

  it('has nothing to do, and does not fail, while Certbot has no certificate', async () => {
    const { code, result, log } = await start();
    assert.deepEqual([code, result], [0, 'exec-condition'], log);
    const status = await server.try(['scripts/timers.sh', 'status'], project);
    assert.equal(status.code, 0, status.all);
    assert.match(status.stdout, /^renew +ok +had nothing to do/m);
  });

  it('brings what Certbot has to nginx, written by deploy in the sandbox', async () => {
    await certbotHas(1);
    const { code, result, log } = await start();
    assert.deepEqual([code, result], [0, 'success'], log);
    assert.match(log, /nginx serves the new certificate/);
    assert.equal(await installed(), await fingerprint(join(folder, 'certbot1.chain.pem')));
    const { stdout } = await server.must(['stat', '-c', '%U %g %a', 'ssl/privkey.pem'], project);
    assert.equal(stdout, 'deploy 101 640');
  });

  it('again: nothing new', async () => {
    const { result, log } = await start();
    assert.equal(result, 'success', log);
    assert.match(log, /nothing new, \d+ days left/);
  });

  it('installs the successor of a certificate of Certbot', async () => {
    await certbotHas(2);
    const { result, log } = await start();
    assert.equal(result, 'success', log);
    assert.equal(await installed(), await fingerprint(join(folder, 'certbot2.chain.pem')));
  });

  it('leaves a pair from elsewhere alone, although Certbot has one', async () => {
    const { chain, key } = await authority.issue(domain, 'elsewhere');
    await server.put(folder, '/srv/ca');
    const of = (path: string): string => path.replace(folder, '/srv/ca');
    await server.must(['scripts/certs.sh', 'install', of(chain), of(key)], project);
    const { code, result, log } = await start();
    assert.deepEqual([code, result], [0, 'exec-condition'], log);
    assert.equal(await installed(), await fingerprint(chain));
  });

  it('the sandbox is in force', async () => {
    const look = 'grep -E "^(NoNewPrivs|CapBnd|Seccomp):" /proc/self/status; touch here && rm here && touch ~/there';
    const putBack = await server.replaceJob(service, look);
    const { code, log } = await start();
    await putBack();
    assert.match(log, /^CapBnd:\s0{15}b$/m);
    assert.match(log, /^NoNewPrivs:\s1$/m);
    assert.match(log, /^Seccomp:\s2$/m);
    assert.match(log, /cannot touch '\/home\/deploy\/there': Read-only file system/);
    assert.notEqual(code, 0);
  });

  it('an engine that cannot be asked is a failure, not nothing to do', async () => {
    await server.must(['mount', '--bind', '/dev/null', '/run/docker.sock']);
    const { code, result } = await start();
    assert.notEqual(code, 0);
    assert.equal(result, 'exit-code');
    await server.must(['umount', '/run/docker.sock']);
  });
});
