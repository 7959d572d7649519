import assert from 'node:assert/strict';
import { tlsProfiles } from '../../../src/policy/tls.ts';
import { domain } from '../generated.ts';
import { production } from '../production.ts';
import { describeTool } from './describeTool.ts';
import { extras } from './extras.ts';
import { Judge, weak } from './judge.ts';
import { sslscan } from './sslscan.ts';

/** All that TLS 1.3 has with OpenSSL, and that the guideline names. */
const tls13Suites = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];

describeTool('sslscan', 'TLS of the production stack', () => {
  let judge: Judge;
  before(async () => {
    const { stack, authority } = await production();
    judge = await Judge.beside(stack, authority);
  });
  after(() => judge?.remove());

  it('offers the protocols and ciphers of the profile, and nothing else', async () => {
    const { protocols, tls12, tls13 } = await sslscan(judge, domain);
    assert.deepEqual(protocols, tlsProfiles.intermediate.protocols);
    // Of the profile's six, the three for a certificate with an elliptic curve.
    assert.deepEqual(tls12, tlsProfiles.intermediate.ciphers.filter((cipher) => cipher.includes('ECDSA')).sort());
    assert.deepEqual(tls13, tls13Suites);
  });

  it('finds an old cipher where there is one', async () => {
    await judge.serveWeakly();
    const { protocols, tls12 } = await sslscan(judge, weak);
    assert.deepEqual([protocols, tls12], [['TLSv1.2'], ['ECDHE-ECDSA-AES128-SHA']]);
  });
});

describeTool('sslscan', 'TLS of a stack with the modern profile', () => {
  let judge: Judge;
  before(async () => {
    const { stack, authority } = await extras();
    judge = await Judge.beside(stack, authority);
  });
  after(() => judge?.remove());

  it('offers TLS 1.3 only', async () => {
    const { protocols, tls12, tls13 } = await sslscan(judge, domain);
    assert.deepEqual(protocols, tlsProfiles.modern.protocols);
    assert.deepEqual([tls12, tls13], [[], tls13Suites]);
  });
});
