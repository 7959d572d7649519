import assert from 'node:assert/strict';
import { envFileSettings, envLines } from '../../../../src/detect/rules/settings/envFile.ts';
import { contextFrom } from '../../contextFrom.ts';

const lines = (tree: Readonly<Record<string, string>>, root = '') => envLines(contextFrom(tree, root));
const shown = (text: string, file = '.env.example') =>
  lines({ [file]: text }).map(({ name, line, isComment, scheme, host, word }) =>
    [name, line, isComment && 'comment', scheme, host, word].filter((part) => part !== undefined && part !== false),
  );

describe('a file of variables', () => {
  it('names what it sets, and what a comment only names', () =>
    assert.deepEqual(shown('A=1\n# B=2\n#C = 3\n# just words\nexport D=4\n'), [
      ['A', 1],
      ['B', 2, 'comment'],
      ['C', 3, 'comment'],
      ['D', 5],
    ]));
  it('names nothing within a value of several lines', () =>
    assert.deepEqual(shown('A="x\n# B=2\n"\nC=1\n'), [
      ['A', 1],
      ['C', 4],
    ]));
  it('keeps of an example scheme and host, or the word of a database, and no more', () =>
    assert.deepEqual(shown('A=postgresql://u:p@h.example:5432/x\nB="postgres" # note\nC=secret\n'), [
      ['A', 1, 'postgresql', 'h.example'],
      ['B', 2, 'postgres'],
      ['C', 3],
    ]));
  it('keeps no value where it is no example', () =>
    assert.deepEqual(shown('A=postgresql://u:p@h/x\nB=postgres\n', '.env'), [
      ['A', 1],
      ['B', 2],
    ]));
  it('is beside the app, above it or below it; not that of a frontend, of tests, or a program', () => {
    const files = [
      '.env',
      'api/.env.sample',
      'api/conf/prod.env',
      'web/.env',
      'api/ui/.env',
      'tests/.env',
      'api/env.py',
    ];
    const tree = { ...Object.fromEntries(files.map((file) => [file, 'A=1\n'])), 'api/ui/package.json': '{}' };
    assert.deepEqual(
      lines(tree, 'api')
        .map(({ file }) => file)
        .sort(),
      ['.env', 'api/.env.sample', 'api/conf/prod.env'],
    );
  });
  it('gives settings that nothing was seen to read', () => {
    const [setting, ...more] = envFileSettings(contextFrom({ '.env.example': 'A=redis://u:p@h/0\n# B=1\n' }));
    assert.deepEqual(more, []);
    assert.deepEqual(
      [setting?.name, setting?.default, setting?.isOnlyNamed, setting?.isRequired, setting?.evidence],
      ['A', 'redis://h', true, false, { file: '.env.example', line: 1, says: 'A=…' }],
    );
  });
});
