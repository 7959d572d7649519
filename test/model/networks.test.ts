import assert from 'node:assert/strict';
import { stackOf } from '../fixture.ts';

describe('buildNetworks', () => {
  const namesOf = (answers: Parameters<typeof stackOf>[0]) => stackOf(answers).networks.map(({ name }) => name);

  it('a new app has no way out: nginx publishes from one network, all others but the one of certbot are internal', () => {
    const { networks, egress, outward } = stackOf();
    assert.deepEqual([egress.isOn, outward], [false, 'acme']);
    assert.deepEqual(
      networks.filter(({ isInternal }) => !isInternal).map(({ name }) => name),
      ['front', 'acme'],
    );
    assert.deepEqual(namesOf({}), ['front', 'edge', 'backend', 'acme']);
  });
  it('with a way out one more, for which the firewall is told what is allowed besides', () => {
    const { egress, outward } = stackOf({ egress: 'internet', egressAllow: '10.0.0.5:5432,[fd00::5]:443' });
    assert.deepEqual([egress.isOn, outward], [true, 'out acme']);
    assert.deepEqual(egress.allows, [
      { network: '10.0.0.5/32', port: '5432', family: '4' },
      { network: 'fd00::5/128', port: '443', family: '6' },
    ]);
  });
  it('those of monitoring are there with it', () => {
    assert.deepEqual(namesOf({ monitoring: 'on' }).slice(-3), ['monitoring', 'telemetry', 'alerts']);
  });
  it('the name of a bridge is the same each time, of another app another one, and the kernel takes it', () => {
    const seen = new Set<string>();
    for (const appName of ['a', 'comics', 'comics-2', 'comicshop', 'x-y-z', `a${'b'.repeat(39)}`]) {
      const { networks } = stackOf({ appName, monitoring: 'on', egress: 'internet' });
      assert.deepEqual(networks, stackOf({ appName, monitoring: 'on', egress: 'internet' }).networks);
      for (const { bridge } of networks) {
        assert.match(bridge, /^[a-z][a-z0-9]*-[a-z]+$/);
        assert.ok(bridge.length <= 15, bridge);
        assert.ok(!seen.has(bridge), bridge);
        seen.add(bridge);
      }
    }
  });
});
