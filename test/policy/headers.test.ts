import assert from 'node:assert/strict';
import { parseAnswers } from '../../src/answers/parse.ts';
import type { RawAnswers } from '../../src/answers/questions.ts';
import { type Header, hstsValues, securityHeaders, xssValues } from '../../src/policy/headers.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { rawAnswers } from '../fixture.ts';

const headers = (given: Partial<RawAnswers> = {}, others: Policy['headers'] = {}): readonly Header[] =>
  securityHeaders(parseAnswers(rawAnswers(given)), others);
const named = (name: string, ...given: Parameters<typeof headers>): Header =>
  headers(...given).find((header) => header.name === name) ?? assert.fail(`no ${name}`);

describe('securityHeaders', () => {
  it('begin with HSTS, the only one that plain HTTP must not carry; each is there once and says why', () => {
    const all = headers();
    assert.deepEqual(
      all.filter(({ tlsOnly }) => tlsOnly).map(({ name }) => name),
      ['Strict-Transport-Security'],
    );
    assert.equal(all[0]?.name, 'Strict-Transport-Security');
    assert.equal(new Set(all.map(({ name }) => name)).size, all.length);
    for (const { name, why } of all) assert.notEqual(why, '', name);
  });
  it('follow the answers', () => {
    for (const hsts of ['full', 'no-preload', 'host-only'] as const)
      assert.equal(named('Strict-Transport-Security', { hsts }).value, hstsValues[hsts]);
    for (const xssProtection of ['block', 'off'] as const)
      assert.equal(named('X-XSS-Protection', { xssProtection }).value, xssValues[xssProtection]);
  });
  it('bind no other host to HTTPS unless the user says so', () =>
    assert.equal(named('Strict-Transport-Security').value, 'max-age=31536000'));
  it('ask other origins for a header of theirs, unless the policy may name such as send none', () => {
    const embedder = (...given: Parameters<typeof headers>) => named('Cross-Origin-Embedder-Policy', ...given).value;
    assert.equal(embedder(), 'require-corp');
    assert.equal(embedder({ csp: 'app' }), 'credentialless');
    assert.equal(embedder({ csp: 'custom', cspPolicy: "default-src 'self'" }), 'credentialless');
  });
  it('leave the policy of content to the app where the user says so, and only that', () => {
    const left = (csp: string) => headers({ csp }).flatMap(({ name, fallback }) => (fallback ? [name] : []));
    assert.deepEqual([left('api'), left('app')], [[], ['Content-Security-Policy']]);
  });
  it('have values of their own for the documentation where it is open, and nowhere else', () => {
    const onDocs = (apiDocs: string) =>
      headers({ apiDocs }).flatMap((header) => ('onDocs' in header ? [header.name] : []));
    assert.deepEqual(onDocs('closed'), []);
    assert.deepEqual(onDocs('open'), ['Content-Security-Policy', 'Cross-Origin-Embedder-Policy']);
  });
  it('take what a team has otherwise: another value with our reason, or one more header', () => {
    const others = { 'Referrer-Policy': { value: 'no-referrer' }, 'X-Robots-Tag': { value: 'noindex', why: 'quiet' } };
    const ours = named('Referrer-Policy');
    assert.deepEqual(named('Referrer-Policy', {}, others), { ...ours, value: 'no-referrer' });
    const more = { name: 'X-Robots-Tag', value: 'noindex', why: 'quiet', tlsOnly: false, fallback: false };
    assert.deepEqual(headers({}, others), [
      ...headers().map((header) => (header.name === 'Referrer-Policy' ? { ...header, value: 'no-referrer' } : header)),
      more,
    ]);
  });
});
