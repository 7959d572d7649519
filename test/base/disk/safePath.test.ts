import assert from 'node:assert/strict';
import { problemOfPath } from '../../../src/base/disk/safePath.ts';

describe('problemOfPath', () => {
  for (const path of [
    'a',
    '.env.production',
    'a/b/c.txt',
    '.github/x',
    '.gitignore',
    '.gitlab/.gitkeep',
    'a b/ä',
    'x.git',
  ]) {
    it(`has nothing against ${path}`, () => assert.equal(problemOfPath(path), undefined));
  }
  const wrong: Readonly<Record<string, readonly string[]>> = {
    'leads out of the project': ['..', '../x', 'a/../../x', 'a/..'],
    'is no path from the project on': ['/etc/passwd', '\\\\host\\x', 'C:/x', 'c:x'],
    'is not in its shortest form': ['', '.', './a', 'a//b', 'a/', 'a/./b'],
    "is in git's own folder": [
      ...['.git', '.git/hooks/x', '.Git/hooks/x', 'vendor/.GIT/config', '.git /x', '.git./x', '.git. ./x'],
      ...['git~1/x', 'GIT~2/x', '.git::$INDEX_ALLOCATION/x', '.g\u200cit/x', '\ufeff.git/x'],
    ],
    'has characters that no file of ours has': ['a\0b', 'a\nb', 'a\u001b[31m', 'a\\..\\b', 'a\u009b'],
    'has a name that is too long': ['a'.repeat(256), 'ä'.repeat(128)],
    'is too long': ['a/'.repeat(600)],
  };
  for (const [problem, paths] of Object.entries(wrong)) {
    it(problem, () => {
      for (const path of paths)
        assert.match(problemOfPath(path) ?? '', new RegExp(` ${problem}$`), JSON.stringify(path));
    });
  }
  it('says which, in a form that a terminal only shows', () => {
    assert.equal(problemOfPath('../\u001b[2J'), "$'../\\x1b[2J' has characters that no file of ours has");
  });
});
