import assert from 'node:assert/strict';
import { anyWord, literal, wordEnd } from '../../src/policy/patterns.ts';

describe('patterns of paths', () => {
  const isFound = (path: string): boolean => new RegExp(anyWord(['sign-in', 'mfa']), 'i').test(path);

  for (const path of [
    '/signin',
    '/sign-in',
    '/sign_in',
    '/SIGN-IN',
    '/users/sign_in/',
    '/mfa/verify',
    '/mfa\n',
    '/\n/mfa',
    '/mfa;x=1',
    '/mfa?x',
    '/mfa ',
    '/mfa\0x',
    '/mfa\u00e9',
    '/mfa%0a',
  ]) {
    it(`a word is a segment of ${JSON.stringify(path)}`, () => assert.ok(isFound(path)));
  }
  for (const path of [
    '/mfas',
    '/mfa-setup',
    '/mfa.css',
    '/mfa_x',
    '/mfa~',
    '/mfa2',
    '/x-mfa',
    '/mfx',
    'mfa',
    '/s-ign-in',
  ]) {
    it(`no word is a segment of ${path}`, () => assert.ok(!isFound(path)));
  }
  it('a path is taken as it is written, to its end', () => {
    const pattern = new RegExp(`^${literal('/a.b')}${wordEnd}`);
    for (const path of ['/a.b', '/a.b/c', '/a.b\n']) assert.match(path, pattern);
    for (const path of ['/axb', '/a.bc', '/a.b-c', '/x/a.b']) assert.doesNotMatch(path, pattern);
  });
});
