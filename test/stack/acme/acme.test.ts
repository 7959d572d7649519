import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type PeerCertificate } from 'node:tls';
import { authority } from '../certified.ts';
import type { Deployment } from '../deployment.ts';
import { startBeside } from '../edge/edge.ts';
import { killed, withFault } from '../faults.ts';
import { domain, folderOf, freshName, generate } from '../generated.ts';
import { outage, underLoad } from '../load.ts';
import { siteOf } from '../production.ts';
import { must } from '../run.ts';
import type { Site } from '../site.ts';
import { Pebble } from './pebble.ts';

const www = `www.${domain}`;

describe('certificates from a real ACME server', () => {
  let stack: Deployment;
  let pebble: Pebble;
  let site: Site;
  before(async () => {
    const name = freshName();
    stack = await generate(name, folderOf(name), ['--redirect-names', www]);
    await stack.mustScript('certs.sh', 'init');
    await startBeside(stack);
    pebble = await Pebble.beside(stack);
    // The bootstrap certificate is trusted too: requests go on while it is replaced.
    const trusted = `${pebble.root}${(await authority()).certificate}`;
    site = siteOf(stack, `${stack.read('ssl/fullchain.pem')}${trusted}`);
  });
  after(() => stack?.remove());

  const label = () => ['--label', `com.docker.compose.project=${stack.project}`];
  const served = async (): Promise<PeerCertificate> => {
    const socket = connect({ host: '127.0.0.1', port: site.httpsPort, servername: domain, ca: site.ca });
    await once(socket, 'secureConnect');
    const certificate = socket.getPeerCertificate();
    socket.destroy();
    return certificate;
  };
  const pointBoth = async (to: string): Promise<void> => {
    for (const name of [domain, www]) await pebble.point(name, to);
  };
  const keyOf = async (): Promise<string> =>
    (await must('openssl', ['x509', '-in', join(stack.directory, 'ssl/fullchain.pem'), '-noout', '-pubkey'])).stdout;
  const fails = async (why: RegExp, ...args: string[]): Promise<void> => {
    const { serialNumber } = await served();
    const { code, stderr } = await stack.script('certs.sh', ...args);
    assert.equal(code, args.includes('stolen') ? 2 : 1, stderr);
    assert.match(stderr, why);
    assert.equal((await served()).serialNumber, serialNumber, 'the certificate that is served stays');
  };

  // A web server that knows nothing of our challenges, on the port that the CA asks.
  let strangers = 0;
  const stranger = async (): Promise<string> => {
    strangers += 1;
    const name = `${stack.project}-echo-stranger-${strangers}`;
    const image = (await must('docker', ['inspect', '--format', '{{.Config.Image}}', `${stack.project}-echo-first`]))
      .stdout;
    const server = ['--entrypoint', 'python', image, '-m', 'http.server', '8080', '--directory', '/tmp'];
    await must('docker', [
      'run',
      '--detach',
      '--name',
      name,
      ...label(),
      '--network',
      `${stack.project}_edge`,
      ...server,
    ]);
    const format = `{{(index .NetworkSettings.Networks "${stack.project}_edge").IPAddress}}`;
    return (await must('docker', ['inspect', '--format', format, name])).stdout;
  };

  for (const [what, why, prepare] of [
    [
      'a name without an address',
      /certs\.sh: no certificate.*: the CA finds no usable DNS record for www\.app\.example\.test\n {2}next: .*A and AAAA/,
      () => pebble.point(www, 'nobody'),
    ],
    [
      'a closed port 80',
      /certs\.sh: no certificate.*: nobody answers the CA at http:\/\/www\.app\.example\.test on port 80\n {2}next: open port 80/,
      () => pebble.point(www, '127.0.0.1'),
    ],
    [
      'a name that points to another web server',
      /certs\.sh: no certificate.*: somebody else answers for www\.app\.example\.test/,
      async () => pebble.point(www, await stranger()),
    ],
    [
      'a CA that cannot be reached',
      /certs\.sh: no certificate.*: this machine cannot reach the CA/,
      () => pebble.reachable(false),
    ],
  ] as const) {
    it(`the first one, with ${what}: the message names the cause`, async () => {
      await prepare();
      await fails(why, 'issue', '--production');
      await pebble.point(www, 'nginx');
    });
  }

  it('issue tries the way and installs nothing', async () => {
    await pebble.reachable(true);
    const before = (await served()).serialNumber;
    const { stderr } = await stack.mustScript('certs.sh', 'issue');
    assert.match(stderr, /the way works. Nothing was installed/);
    assert.equal((await served()).serialNumber, before);
  });

  it('issue --production installs it while requests go on: none fails, nginx is not restarted', async () => {
    const { State } = await stack.inspect('nginx');
    const { probes } = await underLoad(site, '/', () => stack.mustScript('certs.sh', 'issue', '--production'));
    const { failed, text } = outage(probes);
    console.log(`      measured: ${text}`);
    assert.equal(failed, 0, text);
    const { issuer, subjectaltname, asn1Curve } = await served();
    assert.match(String(issuer.CN), /^Pebble Intermediate CA/);
    assert.equal(subjectaltname, `DNS:${domain}, DNS:${www}`);
    assert.equal(asn1Curve, 'prime256v1');
    assert.equal((await stack.inspect('nginx')).State.StartedAt, State.StartedAt);
    const { mode, gid } = statSync(join(stack.directory, 'ssl/privkey.pem'));
    assert.deepEqual([mode & 0o777, gid], [0o640, 101]);
  });

  it('status tells of it', async () => {
    const { stdout } = await stack.mustScript('certs.sh', 'status');
    assert.match(stdout, /^days left {2}(?:89|90)$/m);
    assert.match(stdout, /^chain {6}2, each issued by the next$/m);
    assert.match(stdout, /^served {5}yes$/m);
  });

  it('issue --production again, and renew, change nothing before it is due', async () => {
    const { serialNumber } = await served();
    await stack.mustScript('certs.sh', 'issue', '--production');
    const { stderr } = await stack.mustScript('certs.sh', 'renew');
    assert.match(stderr, /nothing new, (?:89|90) days left/);
    assert.equal((await served()).serialNumber, serialNumber);
  });

  it('renew, when it is due: a new key, served without a failed request and without a restart', async () => {
    const [{ serialNumber }, key, { State }] = [await served(), await keyOf(), await stack.inspect('nginx')];
    const { probes } = await underLoad(site, '/', () => stack.mustScript('certs.sh', 'renew', '--force-renewal'));
    const { failed, text } = outage(probes);
    console.log(`      measured: ${text}`);
    assert.equal(failed, 0, text);
    assert.notEqual((await served()).serialNumber, serialNumber);
    assert.notEqual(await keyOf(), key);
    assert.equal((await stack.inspect('nginx')).State.StartedAt, State.StartedAt);
  });

  it('a renewal that fails leaves the present one, and says why', async () => {
    // Both names: with PEBBLE_AUTHZREUSE=0 Pebble still takes one valid authorization of a hundred for good
    // (`rand.Intn(100) > percent`), asks nobody then, and the renewal would succeed.
    await pointBoth('nobody');
    try {
      await fails(
        /certs\.sh: not renewed; the present certificate stays: the CA finds no usable DNS record/,
        'renew',
        '--force-renewal',
      );
    } finally {
      await pointBoth('nginx');
    }
  });

  it('revoke asks first, refuses an unknown reason, then the CA knows of it, and the next one has a new key', async () => {
    const { serialNumber } = await served();
    await fails(/nobody is there to confirm it/, 'revoke');
    await fails(/there is no reason 'stolen'/, 'revoke', '--reason', 'stolen', '--yes');
    assert.equal(await pebble.status(serialNumber), 'Valid');
    const key = await keyOf();
    const { stderr } = await stack.mustScript('certs.sh', 'revoke', '--yes', '--reason', 'keycompromise');
    assert.match(stderr, /Revoked\. nginx still serves it/);
    assert.equal(await pebble.status(serialNumber), 'Revoked');
    assert.equal((await served()).serialNumber, serialNumber);
    await fails(/not from Certbot, so it cannot be revoked here/, 'revoke', '--yes');
    await stack.mustScript('certs.sh', 'issue', '--production');
    assert.notEqual(await keyOf(), key);
    assert.equal(await pebble.status((await served()).serialNumber), 'Valid');
  });

  it('certonly --standalone, as the source has it, and install', async () => {
    const { serialNumber } = await served();
    const names = ['--domain', domain, '--domain', www];
    const way = ['certonly', '--standalone', '--http-01-port', '8080', '--cert-name', 'alone', '--non-interactive'];
    const account = ['--agree-tos', '--register-unsafely-without-email', '--server', 'https://pebble:14000/dir'];
    const network = [...label(), '--network', `${stack.project}_edge`, '--name', `${stack.project}-alone`];
    const trust = ['--volume', `${stack.env('ACME_CA_FILE')}:/ca.pem:ro`, '--env', 'REQUESTS_CA_BUNDLE=/ca.pem'];
    // On a host it has port 80, and nginx must be stopped for it; here it has an address of its own.
    const folder = folderOf(freshName());
    const out = ['--volume', `${folder}:/etc/letsencrypt`];
    const { stdout: image } = await stack.compose('--profile', 'certs', 'config', '--images', 'certbot');
    // It begins when its names lead to it, which needs its address.
    const patient = [
      '--entrypoint',
      'sh',
      image.trim(),
      '-c',
      'until [ -e /etc/letsencrypt/go ]; do sleep 0.2; done; exec certbot "$@"',
    ];
    const wait = ['create', ...network, ...trust, ...out, ...patient, 'sh', ...way, ...names, ...account];
    await must('docker', wait);
    const start = must('docker', ['start', '--attach', `${stack.project}-alone`]);
    const format = `{{(index .NetworkSettings.Networks "${stack.project}_edge").IPAddress}}`;
    let address = '';
    while (address === '')
      address = (await must('docker', ['inspect', '--format', format, `${stack.project}-alone`])).stdout;
    await pointBoth(address);
    writeFileSync(join(folder, 'go'), '');
    await start;
    await must('docker', ['rm', `${stack.project}-alone`]);
    await pointBoth('nginx');
    const live = join(folder, 'live/alone');
    await stack.mustScript('certs.sh', 'install', join(live, 'fullchain.pem'), join(live, 'privkey.pem'));
    assert.notEqual((await served()).serialNumber, serialNumber);
  });

  for (const [when, at, mended] of [
    ['between its two renames', 'mv *ssl/fullchain.pem', /finished an installation that was interrupted/],
    ['before both', 'mv *ssl/privkey.pem', /there is a certificate already/],
  ] as const) {
    it(`an installation that is killed (-9) ${when} is mended by certs.sh init, and the site serves on`, async () => {
      const { chain, key } = await (await authority()).issue(domain, `${stack.project}-${when.length}`, [www]);
      const { code } = await withFault(stack, { name: when, at, fault: killed }, 'certs.sh', 'install', chain, key);
      assert.equal(code, -1, 'the script was not killed');
      await served();
      const { stderr } = await stack.mustScript('certs.sh', 'init');
      assert.match(stderr, mended);
      const { stdout } = await stack.mustScript('certs.sh', 'status');
      assert.match(stdout, /^served {5}yes$/m);
    });
  }

  it('no private key is in a log or left behind', async () => {
    const { all } = await stack.compose('--profile', 'certs', 'logs', '--no-color');
    assert.doesNotMatch(all, /PRIVATE KEY/);
    assert.deepEqual(readdirSync(join(stack.directory, 'ssl')).sort(), ['.gitkeep', 'fullchain.pem', 'privkey.pem']);
  });
});

describe('a wildcard certificate by DNS', () => {
  let stack: Deployment;
  // The interface of docs/certificates.md, for the test server's DNS.
  const hook = `#!/usr/bin/env python3
import json, os, sys, urllib.request

settings = dict(line.strip().split("=", 1) for line in open("/hooks/dns.env") if "=" in line)
record = {"host": "_acme-challenge." + os.environ["CERTBOT_DOMAIN"] + "."}
if sys.argv[1] == "present":
    path, record["value"] = "set-txt", os.environ["CERTBOT_VALIDATION"]
else:
    path = "clear-txt"
urllib.request.urlopen(settings["DNS_API"] + "/" + path, json.dumps(record).encode(), timeout=30)
`;
  const write = (path: string, text: string, mode: number) => {
    writeFileSync(join(stack.directory, path), text);
    chmodSync(join(stack.directory, path), mode);
  };
  before(async () => {
    const name = freshName();
    stack = await generate(name, folderOf(name), ['--server-names', `*.${domain}`]);
    await stack.mustScript('certs.sh', 'init');
    await startBeside(stack);
    await Pebble.beside(stack);
  });
  after(() => stack?.remove());

  it('is refused by webroot, and without a hook, with what to do', async () => {
    assert.match(
      (await stack.script('certs.sh', 'issue')).stderr,
      /a wildcard name needs a DNS challenge\n {2}next: .*--dns/,
    );
    assert.match((await stack.script('certs.sh', 'issue', '--dns')).stderr, /there is no executable ops\/hooks\/dns/);
  });

  it('a hook that fails is named as the cause', async () => {
    mkdirSync(join(stack.directory, 'ops/hooks'), { recursive: true });
    write('ops/hooks/dns', '#!/bin/sh\necho "no such zone" >&2\nexit 3\n', 0o700);
    const { code, stderr } = await stack.script('certs.sh', 'issue', '--dns');
    assert.equal(code, 1);
    assert.match(stderr, /no certificate, not even a test one: ops\/hooks\/dns failed/);
  });

  it('is issued and renewed with the hook, whose settings are closed to others', async () => {
    write('ops/hooks/dns', hook, 0o700);
    write('ops/hooks/dns.env', 'DNS_API=http://acme-dns:8055\n', 0o600);
    await stack.mustScript('certs.sh', 'issue', '--dns');
    await stack.mustScript('certs.sh', 'issue', '--dns', '--production');
    const { stdout } = await stack.mustScript('certs.sh', 'status');
    assert.match(stdout, /DNS:\*\.app\.example\.test/);
    await stack.mustScript('certs.sh', 'renew', '--force-renewal');
    assert.equal(statSync(join(stack.directory, 'ops/hooks/dns.env')).mode & 0o777, 0o640);
    const ignored = ['check-ignore', '--no-index', 'ops/hooks/dns.env'];
    await must('git', ['init', '--quiet'], { cwd: stack.directory });
    assert.equal((await must('git', ignored, { cwd: stack.directory })).stdout, 'ops/hooks/dns.env');
  });
});
