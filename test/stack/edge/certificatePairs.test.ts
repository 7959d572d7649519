import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import type { Pair } from '../authority.ts';
import { authority } from '../certified.ts';
import { folderOf, freshName } from '../generated.ts';
import { nginxPids } from '../nginxPids.ts';
import { type Outcome, run } from '../run.ts';
import { askNow, type Site } from '../site.ts';
import { type Edge, edge } from './edge.ts';
import { dial } from './raw.ts';

const serialIn = (path: string): string => new X509Certificate(readFileSync(path)).serialNumber;

/** The serial number of the certificate that nginx hands out, to a client that trusts who signed it. */
const served = async (site: Site, first = ''): Promise<string> => {
  const socket = (await dial(site, { first })) as TLSSocket;
  const { serialNumber } = socket.getPeerCertificate();
  socket.destroy();
  return serialNumber;
};

// An edge of its own: its configuration is broken here on purpose.
const own = edge({});
const ownBehind = edge({ flags: ['--behind', 'proxy-protocol', '--trusted-proxies', '172.16.0.0/12'] });
const newPair = async ({ site }: Edge, label: string): Promise<Pair> => (await authority()).issue(site.domain, label);

describe('edge: a pair that scripts/certs.sh installs', () => {
  let here: Edge;
  const ssl = (file: string) => join(here.stack.directory, 'ssl', file);
  before(async () => {
    here = await own();
  });
  after(() => here?.stack.remove());

  /** Installs a new pair while a file of the configuration is another one; the file comes back. */
  const installWith = async (file: string, change: (text: string) => string, label: string): Promise<Outcome> => {
    const { chain, key } = await newPair(here, label);
    const good = here.stack.read(file);
    here.stack.edit(file, change);
    try {
      return await here.stack.script('certs.sh', 'install', chain, key);
    } finally {
      here.stack.edit(file, () => good);
    }
  };

  const isTakenBack = async ({ code, stderr }: Outcome, former: string): Promise<void> => {
    assert.equal(code, 1);
    assert.match(stderr, /nginx does not serve the new pair; the former one is back/);
    assert.equal(serialIn(ssl('fullchain.pem')), former);
    assert.equal(await served(here.site), former);
    assert.equal((await askNow(here.site, '/')).status, 200);
    assert.match((await here.stack.mustScript('certs.sh', 'status')).stdout, /^key +fits$/m);
  };

  it('is served to the next client, while a request under way ends as it would have', async () => {
    const { chain, key } = await newPair(here, 'pair-slow');
    const before = await nginxPids(here.stack);
    let isOver = false;
    const slow = askNow(here.site, '/?sleep=20').finally(() => {
      isOver = true;
    });
    const { all } = await here.stack.mustScript('certs.sh', 'install', chain, key);
    assert.match(all, /^When every host below app\.example\.test has HTTPS: yo comicpile --hsts full/m);
    assert.equal(await served(here.site), serialIn(chain));
    assert.notDeepEqual(await nginxPids(here.stack), before);
    assert.equal(isOver, false, 'the request was over before the swap');
    assert.equal((await slow).status, 200);
  });

  it('is taken back when nginx refuses its configuration', async () => {
    const former = await served(here.site);
    const broken = (text: string) => `${text}\nno_such_directive on;\n`;
    await isTakenBack(await installWith('nginx/snippets/tls.conf', broken, 'pair-refused'), former);
  });

  it('is taken back when nginx goes on to serve another one', async () => {
    const former = await served(here.site);
    for (const [from, to] of [
      ['fullchain.pem', 'other.pem'],
      ['privkey.pem', 'other.key'],
    ] as const) {
      copyFileSync(ssl(from), ssl(to));
      chmodSync(ssl(to), 0o644);
    }
    const elsewhere = (text: string) =>
      text.replaceAll('site/fullchain.pem', 'site/other.pem').replaceAll('site/privkey.pem', 'site/other.key');
    await isTakenBack(await installWith('nginx/sites/site.conf', elsewhere, 'pair-unserved'), former);
  });

  it('is left alone by `certs.sh init`', async () => {
    const former = serialIn(ssl('fullchain.pem'));
    await here.stack.mustScript('certs.sh', 'init');
    assert.equal(serialIn(ssl('fullchain.pem')), former);
  });

  it('is seen to be served through the PROXY protocol too', async () => {
    const behind = await ownBehind();
    const { chain, key } = await newPair(behind, 'pair-behind');
    const { all } = await behind.stack.mustScript('certs.sh', 'install', chain, key);
    assert.match(all, /nginx serves the new certificate/);
    assert.equal(await served(behind.site, 'PROXY TCP4 192.0.2.1 192.0.2.2 40000 443\r\n'), serialIn(chain));

    // A curl that cannot print a certificate must not look like an nginx that does not serve it.
    // Outside of the project, in which no script looks for a tool.
    const bin = folderOf(freshName());
    writeFileSync(join(bin, 'curl'), '#!/bin/sh\n[ "$1" != --version ] || echo "curl 7.81.0 (x86_64-pc-linux-gnu)"\n');
    chmodSync(join(bin, 'curl'), 0o755);
    const next = await newPair(behind, 'pair-old-curl');
    const command = [`PATH=${bin}:${process.env.PATH}`, './scripts/certs.sh', 'install', next.chain, next.key];
    const refused = await run('env', command, { cwd: behind.stack.directory });
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /curl 7\.81\.0 is too old .*\n.*7\.88/);
    assert.equal(serialIn(join(behind.stack.directory, 'ssl/fullchain.pem')), serialIn(chain));
    behind.stack.remove();
  });
});
