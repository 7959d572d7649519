import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { burst, tally } from '../burst.ts';
import { certify } from '../certified.ts';
import { eventually } from '../eventually.ts';
import { domain } from '../generated.ts';
import { must } from '../run.ts';
import { workshop } from '../scratch.ts';
import { askNow } from '../site.ts';
import { sleep } from '../sleep.ts';
import { type Monitored, monitored } from './monitored.ts';

/** Requests below the limit of ten a second, whatever they get. */
const paced = async (here: Monitored, count: number, pathOf: (index: number) => string): Promise<void> => {
  const sent = [];
  for (let index = 0; index < count; index += 1) {
    sent.push(askNow(here.site, pathOf(index)).catch(() => undefined));
    await sleep(105);
  }
  await Promise.all(sent);
};

describe('monitoring: the site', () => {
  let here: Monitored;
  before(async function () {
    this.timeout(600_000);
    here = await monitored();
  });
  beforeEach(() => here.begin());

  it('the dead man is told again and again, and the team never', async () => {
    const told = async () => (await here.sink.alerts()).filter(({ labels }) => labels.alertname === 'Watchdog');
    await eventually('two calls', 30, async () => ((await told()).length >= 2 ? true : undefined));
    assert.deepEqual([...new Set((await told()).map(({ path }) => path))], ['/deadman']);
  });

  it('SiteDown, ServiceDown, ServerErrors: the app is stopped, and started again', async () => {
    await here.stack.compose('stop', '--timeout', '2', 'app');
    await paced(here, 60, () => '/health');
    const { labels, annotations } = await here.firing('SiteDown');
    assert.equal(labels.severity, 'critical');
    assert.equal(labels.stack, here.stack.project);
    assert.equal(annotations.runbook, 'monitoring/RUNBOOK.md#sitedown');
    assert.match(annotations.summary ?? '', /^https:\/\/app\.example\.test:8443\/health does not answer/);
    await here.firing('ServiceDown', { service: 'app' });
    await here.firing('ServerErrors');
    await here.stack.compose('up', '--detach', '--wait', '--no-deps', 'app');
    await here.resolved('SiteDown');
    await here.resolved('ServiceDown', { service: 'app' });
    here.resolves('ServerErrors');
  });

  it('SlowAnswers: the app is paused for some seconds', async () => {
    const { stdout } = await here.stack.compose('ps', '--quiet', 'app');
    const containers = stdout.split('\n');
    await must('docker', ['pause', ...containers]);
    const requests = paced(here, 60, () => '/api/comics');
    await sleep(7000);
    await must('docker', ['unpause', ...containers]);
    await requests;
    await here.firing('SlowAnswers');
    here.resolves('SlowAnswers');
  });

  it('NginxDown: nginx is stopped', async () => {
    await here.stack.compose('stop', 'nginx');
    await here.firing('NginxDown');
    await here.firing('ServiceDown', { service: 'nginx' });
    await here.stack.compose('up', '--detach', '--wait', '--no-deps', 'nginx');
    await here.resolved('NginxDown');
    await here.resolved('SiteDown');
  });

  it('RateLimitViolations and LoginRateLimitViolations: a burst of requests', async () => {
    assert.ok((tally(await burst(here.site, 180, '/api/comics')).get(429) ?? 0) > 100);
    await burst(here.site, 60, '/login');
    assert.equal((await here.firing('RateLimitViolations')).labels.zone, 'api');
    await here.firing('LoginRateLimitViolations');
    await here.resolved('RateLimitViolations');
    await here.resolved('LoginRateLimitViolations');
  });

  it('NotFoundBurst and ScannerPaths: a scan', async () => {
    await sleep(3000);
    const paths = ['/.env', '/wp-login.php', '/.git/config', '/phpmyadmin/', '/no-such-page'];
    await paced(here, 130, (index) => paths[index % paths.length] ?? '/');
    await here.firing('NotFoundBurst');
    await here.firing('ScannerPaths');
    here.resolves('NotFoundBurst');
    here.resolves('ScannerPaths');
  });

  it('UnauthorizedBurst: requests that are refused', async () => {
    const file = 'releases/live/nginx/sites/site.conf';
    here.stack.edit(file, (text) =>
      text.replace('    location / {', '    location = /refused {\n        return 403;\n    }\n$&'),
    );
    await here.stack.inside('nginx', ['nginx', '-s', 'reload']);
    await sleep(2000);
    await paced(here, 80, () => '/refused');
    await here.firing('UnauthorizedBurst');
    here.stack.edit(file, (text) => text.replace(/ {4}location = \/refused \{[^}]*\}\n/, ''));
    await here.stack.inside('nginx', ['nginx', '-s', 'reload']);
    here.resolves('UnauthorizedBurst');
  });

  it('EdgeLogSilent: nginx writes to a file that is there no more', async () => {
    await here.stack.inside('edge-log', ['rm', '/run/edge-log/requests.log']);
    // What came before is to leave the time that is looked back.
    await paced(here, 300, () => '/health');
    await here.firing('EdgeLogSilent');
    await here.stack.inside('nginx', ['nginx', '-s', 'reload']);
    await paced(here, 30, () => '/health');
    here.resolves('EdgeLogSilent');
  });

  for (const [alert, days] of [
    ['CertificateExpiresIn21Days', 20],
    ['CertificateExpiresIn7Days', 6],
    ['CertificateExpiresIn1Day', 1],
  ] as const) {
    it(`${alert}: a certificate with ${days} days left`, async () => {
      const folder = join(workshop, `${here.stack.project}-${days}`);
      mkdirSync(folder);
      const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-keyout', join(folder, 'key')];
      const names = ['-subj', `/CN=${domain}`, '-addext', `subjectAltName=DNS:${domain}`];
      const chain = join(folder, 'chain');
      await must('openssl', ['req', '-x509', ...key, ...names, '-days', String(days), '-out', chain]);
      await here.stack.mustScript('certs.sh', 'install', chain, join(folder, 'key'));
      const { annotations } = await here.firing(alert);
      assert.match(
        annotations.summary ?? '',
        new RegExp(`ends in ${days === 1 ? '(?:1.0|0.9)' : `${days - 1}.9|${days}.0`}`),
      );
      // It is well but for its end.
      assert.equal((await here.query('probe_success{job="site"}'))[0]?.value[1], '1');
      here.resolves(alert);
    });
  }

  it('with a good certificate again, and after some time, all of these are resolved', async () => {
    await certify(here.stack);
    await here.settled();
  });
});
