import assert from 'node:assert/strict';
import { stackOf } from '../fixture.ts';

describe('buildMonitoring', () => {
  it('is off by default: no secret of it is drawn into the project, no command names the overlay', () => {
    const { monitoring, secretNames } = stackOf();
    assert.deepEqual([monitoring.isOn, monitoring.composeOption], [false, '']);
    assert.ok(secretNames.every(({ env }) => !/MONITORING|GRAFANA/.test(env)));
  });
  it('on: two secrets more, the overlay in every command, a role beside that of the app', () => {
    const { monitoring, secretNames } = stackOf({ monitoring: 'on', dbUser: 'shop' });
    assert.deepEqual(
      [monitoring.composeOption, monitoring.role],
      [' -f docker-compose.monitoring.yml', 'shop_monitor'],
    );
    assert.deepEqual(secretNames.map(({ env }) => env).slice(-2), ['MONITORING_DB_PASSWORD', 'GRAFANA_ADMIN_PASSWORD']);
  });
  it("asks for the files that the receiver needs, and always for the dead man's switch", () => {
    const files = (alertReceiver: 'none' | 'slack') =>
      stackOf({ monitoring: 'on', alertReceiver }).monitoring.privateFiles.map(({ name }) => name);
    assert.deepEqual([files('none'), files('slack')], [['deadman_url'], ['alert_url', 'deadman_url']]);
  });
  it('asks for the URL and the login of Loki where the logs go there, in a folder that only the shipper sees', () => {
    const { monitoring } = stackOf({ monitoring: 'on', logShipping: 'loki' });
    assert.deepEqual(
      monitoring.privateFiles.map(({ name }) => name),
      ['deadman_url', 'loki_url', 'loki_login'],
    );
    assert.equal(monitoring.privateFolders, 'monitoring/private/* monitoring/loki/*');
  });
  it('probes past a listener that wants the PROXY protocol', () => {
    const { monitoring } = stackOf({ monitoring: 'on', behind: 'proxy-protocol', trustedProxies: '10.0.0.0/8' });
    assert.equal(monitoring.probePort, 8444);
  });
});
