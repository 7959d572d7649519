import assert from 'node:assert/strict';
import { claimNames, claims } from '../../src/policy/claims.ts';
import { addressHeaders } from '../../src/policy/proxies.ts';

describe('claims', () => {
  const lower = claimNames.map((name) => name.toLowerCase());

  it('have each name once, in a form that comes through nginx: no underscore', () => {
    assert.equal(new Set(lower).size, lower.length);
    for (const name of claimNames) assert.match(name, /^[A-Za-z][A-Za-z0-9-]+$/);
  });

  it('say of each group what an app would do with it, and who does', () => {
    for (const { what, source, names } of claims) {
      assert.match(what, /^[A-Z].+[^.]$/);
      assert.match(source, /^https:\/\//);
      assert.ok(names.length > 0, what);
    }
  });

  it('have the header of a CDN: nginx reads the address from it, the app must not', () =>
    assert.ok(lower.includes(addressHeaders.cloudflare.toLowerCase())));

  it('leave what a client sends of itself by right, and what is signed', () => {
    for (const name of [
      'Authorization',
      'Cookie',
      'Origin',
      'Referer',
      'User-Agent',
      'X-CSRF-Token',
      'X-CSRFToken',
      'X-Requested-With',
      'X-Api-Key',
      'Idempotency-Key',
      'Traceparent',
      'Cf-Access-Jwt-Assertion',
      'X-Amzn-Oidc-Data',
      'X-Goog-Iap-Jwt-Assertion',
    ])
      assert.ok(!lower.includes(name.toLowerCase()), name);
  });
});
