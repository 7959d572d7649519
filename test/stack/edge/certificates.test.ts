import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:tls';
import { authority } from '../certified.ts';
import type { Deployment } from '../deployment.ts';
import { eventually } from '../eventually.ts';
import { domain, folderOf, freshName, generate } from '../generated.ts';
import { outage, underLoad } from '../load.ts';
import { siteOf } from '../production.ts';
import type { Site } from '../site.ts';
import { sleep } from '../sleep.ts';
import { type Edge, startBeside } from './edge.ts';
import { main } from './edges.ts';

type Served = { readonly serial: string; readonly issuer: string; readonly names: string };

const served = async (port: number): Promise<Served> => {
  const socket = connect({ host: '127.0.0.1', port, servername: domain, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { serialNumber, issuer, subjectaltname = '' } = socket.getPeerCertificate();
  socket.destroy();
  return { serial: serialNumber, issuer: String(issuer.CN), names: subjectaltname };
};

describe('edge: certificates', () => {
  describe('on a machine that has none yet', () => {
    let stack: Deployment;
    let site: Site;
    before(async () => {
      const name = freshName();
      stack = await generate(name, folderOf(name), ['--redirect-names', `www.${domain}`]);
      await stack.mustScript('certs.sh', 'init');
      await startBeside(stack);
      site = siteOf(stack, (await authority()).certificate);
    });
    after(() => stack?.remove());

    it('certs.sh init makes one for all names, and nginx starts with it', async () => {
      const { issuer, names } = await served(site.httpsPort);
      assert.equal(issuer, 'self-signed bootstrap');
      assert.equal(names, `DNS:${domain}, DNS:www.${domain}`);
    });

    it('install puts a real one in its place, without a restart, while requests go on: none fails', async () => {
      const before = await stack.inspect('nginx');
      const trusted = await authority();
      const { chain, key } = await trusted.issue(domain, `${stack.project}-real`, [`www.${domain}`]);
      // Clients of the self-signed one trust the project's own file; from the swap on, the authority.
      const both: Site = { ...site, ca: `${stack.read('ssl/fullchain.pem')}${trusted.certificate}` };
      const { probes } = await underLoad(both, '/', async () => {
        await sleep(1000);
        await stack.mustScript('certs.sh', 'install', chain, key);
        await sleep(1000);
      });
      const { failed, text } = outage(probes);
      console.log(`      measured: ${text}`);
      assert.ok(probes.length >= 10, text);
      assert.equal(failed, 0, text);
      assert.equal((await served(site.httpsPort)).issuer, 'stack test');
      const after = await stack.inspect('nginx');
      assert.deepEqual([after.Id, after.State.StartedAt], [before.Id, before.State.StartedAt]);
    });
  });

  describe('that are exchanged under load', () => {
    let edge: Edge;
    before(async () => {
      edge = await main.start();
    });

    it('two swaps: none of seven requests a second fails, and each new one is served', async () => {
      const trusted = await authority();
      const serials: string[] = [(await served(edge.site.httpsPort)).serial];
      const { names } = await served(edge.site.httpsPort);
      const others = names.replaceAll('DNS:', '').split(', ').slice(1);
      const { probes } = await underLoad(edge.site, '/', async () => {
        for (const label of ['swap-1', 'swap-2']) {
          const { chain, key } = await trusted.issue(domain, label, others);
          await edge.stack.mustScript('certs.sh', 'install', chain, key);
          // A worker of before may take one more connection, until it has read that it is to go.
          const serial = await eventually('the new one is served', 10, async () => {
            const now = (await served(edge.site.httpsPort)).serial;
            return serials.includes(now) ? undefined : now;
          });
          serials.push(serial);
        }
      });
      const { failed, text } = outage(probes);
      console.log(`      measured: ${text}`);
      assert.equal(failed, 0, text);
      assert.equal(new Set(serials).size, 3);
    });
  });
});
