import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { type Production, production } from '../production.ts';

// The serial number of the certificate that nginx hands out.
const served = ({ site }: Production): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: site.httpsPort, servername: site.domain, ca: site.ca });
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
  });

describe('scripts: certs.sh', () => {
  let here: Production;
  before(async () => {
    here = await production();
  });

  it('status says how long the certificate lasts, for whom, and that the key fits', async () => {
    const { stdout } = await here.stack.mustScript('certs.sh', 'status');
    assert.match(stdout, /^days left {2}5[89]$/m);
    assert.match(stdout, /DNS:app\.example\.test/);
    assert.match(stdout, /^key +fits$/m);
  });

  it('the key is readable for its owner and nginx only', () => {
    const { mode, gid } = statSync(join(here.stack.directory, 'ssl/privkey.pem'));
    assert.deepEqual([mode & 0o777, gid], [0o640, 101]);
  });

  it('install: the new pair is served, and nginx was not restarted', async () => {
    const [before, { State }] = [await served(here), await here.stack.inspect('nginx')];
    const { chain, key } = await here.authority.issue(here.site.domain, 'second');
    await here.stack.mustScript('certs.sh', 'install', chain, key);
    assert.notEqual(await served(here), before);
    assert.equal((await here.stack.inspect('nginx')).State.StartedAt, State.StartedAt);
  });

  it('install refuses a key that does not fit, and a certificate for another name; the served one stays', async () => {
    const before = await served(here);
    const good = await here.authority.issue(here.site.domain, 'third');
    const foreign = await here.authority.issue('other.example.test', 'foreign');
    for (const [chain, key, why] of [
      [good.chain, foreign.key, /the key does not belong/],
      [foreign.chain, foreign.key, /the certificate is not for app\.example\.test/],
      [good.key, good.key, /is no PEM certificate/],
    ] as const) {
      const { code, stderr } = await here.stack.script('certs.sh', 'install', chain, key);
      assert.equal(code, 1);
      assert.match(stderr, why);
    }
    assert.equal(await served(here), before);
    await here.stack.mustScript('certs.sh', 'status');
  });
});
