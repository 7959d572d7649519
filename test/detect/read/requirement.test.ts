import assert from 'node:assert/strict';
import { normalised, readRequirement, readRequirements } from '../../../src/detect/read/requirement.ts';

describe('a requirement of PEP 508', () => {
  for (const [text, name, extras, specifier] of [
    ['fastapi', 'fastapi', [], ''],
    ['uvicorn[standard] >=0.30,<1 ; python_version > "3.9"', 'uvicorn', ['standard'], '>=0.30,<1'],
    ['  Psycopg2_Binary==2.9  # the driver', 'psycopg2-binary', [], '==2.9'],
    ['a.b-c[X_y, z ,]~=1', 'a-b-c', ['x-y', 'z'], '~=1'],
    ['pkg @ https://example.test/pkg.whl', 'pkg', [], '@ https://example.test/pkg.whl'],
    ['x[]', 'x', [], ''],
  ] as const) {
    it(text, () => assert.deepEqual(readRequirement(text), { name, extras, specifier }));
  }
  for (const text of [
    '',
    '   ',
    '-r other.txt',
    './local',
    '../up',
    '/abs',
    '.\\win',
    'git+ssh://x/y',
    'https://x/y',
    '#',
  ])
    it(`is none: ${JSON.stringify(text)}`, () => assert.equal(readRequirement(text), undefined));
  it('ends on a line of half a megabyte', () => {
    const wide = 500_000;
    assert.equal(readRequirement('-'.repeat(wide)), undefined);
    assert.equal(readRequirement('a'.repeat(wide))?.name.length, wide);
    assert.equal(readRequirement(`a${'-'.repeat(wide)}`)?.name, 'a');
    assert.equal(readRequirement(`a[${'['.repeat(wide)}`)?.name, 'a');
    assert.equal(readRequirement(`a${' '.repeat(wide)}!`)?.specifier, '!');
  });
});

describe('the name of a package', () => {
  it('is the same however it is written', () => {
    for (const name of ['Foo-Bar', 'foo_bar', 'foo.bar', 'FOO--_.bar']) assert.equal(normalised(name), 'foo-bar');
    assert.equal(normalised(''), '');
  });
});

describe('a file of requirements', () => {
  it('gives each with its line, and what it includes', () => {
    const text = '# deps\n-r base.txt\n--requirement=more.txt\n-c limits.txt\nfastapi==1\n\n--index-url x\n  uvicorn\n';
    const { requirements, includes } = readRequirements(text);
    assert.deepEqual(
      requirements.map(({ name, line }) => [name, line]),
      [
        ['fastapi', 5],
        ['uvicorn', 8],
      ],
    );
    assert.deepEqual(includes, ['base.txt', 'more.txt']);
  });
  it('gives nothing of nothing', () => assert.deepEqual(readRequirements(''), { requirements: [], includes: [] }));
});
