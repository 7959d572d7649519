import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { shellWord } from '../../src/base/shellWord.ts';

const control = String.fromCharCode(27);

describe('shellWord', () => {
  for (const [path, word] of [
    ['nginx/nginx.conf', 'nginx/nginx.conf'],
    ['./a-b_c.d', './a-b_c.d'],
    // A first hyphen is an option to whoever reads the word.
    ['-rf', "'-rf'"],
    ['', "''"],
    ['a b', "'a b'"],
    ["it's", "'it'\\''s'"],
    ['$(id)', "'$(id)'"],
    ['é', "'é'"],
    [`a${control}[2J`, "$'a\\x1b[2J'"],
    [`a\n'\\`, "$'a\\x0a\\'\\\\'"],
    // It turns the direction of the text around.
    ['a\u202eb', "$'a\\xe2\\x80\\xaeb'"],
  ] as const) {
    it(`${JSON.stringify(path)} is ${word}`, () => assert.equal(shellWord(path), word));
  }

  it('is read by bash as the very path, and shows a terminal no control character', () => {
    const paths = [
      'a b',
      "it's",
      '$(id)',
      '-n',
      `a${control}]0;x\u0007`,
      "b\n'\\",
      'c\u202ed',
      'é*?[x]',
      '!!',
      '~',
      '#',
    ];
    const words = paths.map(shellWord);
    for (const word of words) assert.doesNotMatch(word, /\p{C}/u);
    const { stdout, status } = spawnSync('bash', ['-c', `printf '%s\\0' ${words.join(' ')}`], { encoding: 'utf8' });
    assert.equal(status, 0);
    assert.deepEqual(stdout.split('\0').slice(0, -1), paths);
  });
});
