import assert from 'node:assert/strict';
import { yoLine } from '../../src/cli/yoLine.ts';

describe('yoLine', () => {
  it('is what stands behind the name of the generator', () => {
    const line = yoLine(['comicpile:diff', 'nginx/nginx.conf', '--output', 'x', '--no-insight'], 'diff');
    assert.deepEqual(line, { args: ['nginx/nginx.conf'], values: { output: 'x' }, problems: [] });
  });
  it('leaves a version a text, of which yo makes a number', () =>
    assert.deepEqual(yoLine(['comicpile', '--python-version', '3.10', '-y'], undefined)?.values, {
      pythonVersion: '3.10',
      yes: true,
    }));
  for (const name of ['comicpile', 'comicpile:app', 'generator-comicpile']) {
    it(`knows ${name}`, () => assert.deepEqual(yoLine([name], undefined)?.args, []));
  }
  it('has what cannot be read', () =>
    assert.deepEqual(yoLine(['comicpile', '--domian', 'x'], undefined)?.problems, [
      'There is no flag --domian. Did you mean --domain?',
    ]));
  for (const [argv, word] of [
    [['other', '--odd'], undefined],
    [['comicpile:nginx'], 'docker'],
    [[], undefined],
  ] as const) {
    it(`is nothing of ours: ${argv.join(' ')}`, () => assert.equal(yoLine(argv, word), undefined));
  }
});
