import assert from 'node:assert/strict';
import { BlockList, isIP } from 'node:net';
import { questions } from '../../src/answers/questions.ts';
import { addressHeaders, cloudflareNetworks } from '../../src/policy/proxies.ts';

describe('addressHeaders', () => {
  it('have one for each thing that the edge may stand behind', () =>
    assert.deepEqual(Object.keys(addressHeaders), [...(questions.behind.choices ?? [])]));
});

describe('cloudflareNetworks', () => {
  const networks = cloudflareNetworks.map((text) => {
    const [address = '', bits = ''] = text.split('/');
    return { text, address, bits: Number(bits), family: isIP(address) };
  });
  it('are networks, each once, none of which holds another', () => {
    for (const { text, bits, family } of networks)
      assert.ok(family === 4 ? bits >= 8 : family === 6 && bits >= 16, text);
    for (const { text, address, bits, family } of networks) {
      const others = new BlockList();
      const type = family === 4 ? 'ipv4' : 'ipv6';
      others.addSubnet(address, bits, type);
      const inside = networks.filter((other) => other.family === family && others.check(other.address, type));
      assert.deepEqual(
        inside.map((other) => other.text),
        [text],
      );
    }
  });
  it('are public: a client of a private network is never believed', () => {
    const all = new BlockList();
    for (const { address, bits, family } of networks) all.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6');
    for (const address of ['10.0.0.1', '127.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.0.1', '100.64.0.1'])
      assert.equal(all.check(address, 'ipv4'), false, address);
    for (const address of ['::1', 'fd00::1', 'fe80::1']) assert.equal(all.check(address, 'ipv6'), false, address);
    assert.equal(all.check('104.16.0.1', 'ipv4'), true);
  });
});
