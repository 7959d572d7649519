import { network, networkMode, networks } from '../../../../src/emit/promises/service/networks.ts';
import { judges } from './said.ts';

describe('the mode of a network', () =>
  judges(networkMode, {
    allowed: ['none', 'bridge', 'service:db', '${NO:-none}'],
    refused: ['host', 'service:other', 'container:db', '${NO:-host}', '${TEXT}', '', '[none]', 'Host'],
  }));

describe('the networks of a service', () =>
  judges(networks, {
    allowed: ['[a, b]', '{a: , b: {aliases: [x], ipv4_address: 10.0.0.2}}', '[]'],
    refused: ['a', '[[a]]', '{a: {link_local_ips: [x]}}', '{a: {driver_opts: {x: y}}}', '{a: x}'],
  }));

describe('a network', () => {
  judges(
    network,
    {
      allowed: [
        '',
        '{}',
        '{driver: bridge, internal: true, ipam: {config: [{subnet: 10.0.0.0/24}]}}',
        '{external: true}',
        '{external: true, name: ours}',
        '{driver_opts: {com.docker.network.bridge.name: x}}',
      ],
      refused: [
        'x',
        '{driver: host}',
        '{driver: macvlan}',
        '{external: true, name: host}',
        '{name: " HOST "}',
        '{name: none}',
        '{name: "container:x"}',
        '{name: "${NO}"}',
        '{driver_opts: {parent: eth0}}',
        '{driver_opts: x}',
        '{external: {name: host}}',
      ],
    },
    'networks.edge',
  );
  // Without a name of its own, a borrowed network has that of its key.
  judges(network, { allowed: ['{}'], refused: ['{external: true}', '{external: false}'] }, 'networks.host');
});
