import assert from 'node:assert/strict';
import { didYouMean, nearest } from '../../src/base/similar.ts';

describe('nearest', () => {
  const commands = ['update', 'check', 'audit', 'images', 'diff', 'nginx', 'env', 'scripts', 'security'];
  for (const [typed, meant] of [
    ['updat', 'update'],
    ['upadte', 'update'],
    ['chekc', 'check'],
    ['NGINX', 'nginx'],
    ['ngnix', 'nginx'],
    ['sec', 'security'],
    ['imagse', 'images'],
  ] as const) {
    it(`takes ${typed} for ${meant}`, () => assert.equal(nearest(typed, commands), meant));
  }
  for (const typed of ['', 'x', 'kubernetes', 'deploy', '--------', 'u'.repeat(5000)]) {
    it(`takes ${JSON.stringify(typed.slice(0, 12))} for nothing`, () =>
      assert.equal(nearest(typed, commands), undefined));
  }
  it('counts two swapped letters as one slip, so that short words are found', () =>
    assert.equal(nearest('sap', ['api', 'server-rendered', 'spa', 'app', 'custom']), 'spa'));
  it('takes a beginning only where one word begins so', () => {
    assert.equal(nearest('rate-limit-e', ['rate-limit', 'rate-limit-exempt']), 'rate-limit-exempt');
    assert.equal(nearest('se', ['secrets', 'server-names']), undefined);
  });
});

describe('didYouMean', () => {
  it('is the end of a sentence', () => assert.equal(didYouMean('updat', ['update']), ' Did you mean "update"?'));
  it('shows the word as it is typed', () =>
    assert.equal(
      didYouMean('domian', ['domain'], (flag) => `--${flag}`),
      ' Did you mean --domain?',
    ));
  it('is nothing where nothing is near', () => assert.equal(didYouMean('kubernetes', ['update']), ''));
});
