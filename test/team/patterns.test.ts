import assert from 'node:assert/strict';
import { setOf } from '../../src/emit/promises/renderedSet.ts';
import { patience, patternProblems, promisedBy } from '../../src/team/patterns.ts';
import { renderAll, spoil, stackOf } from '../fixture.ts';

const stack = stackOf();
const files = spoil(renderAll(stack), 'nginx/nginx.conf', (text) => `${text}# tea\n`);
const broken = (given: Omit<Parameters<typeof promisedBy>[0], 'promise'>) =>
  promisedBy({ promise: 'x', ...given })(setOf(files), stack);

describe('a promise of a pack', () => {
  it('is kept where every file has what it must, and none what it must not', () => {
    assert.deepEqual(broken({ files: ['nginx/nginx.conf'], matches: '^http \\{$', lacks: 'coffee' }), []);
  });
  it('names each file that does not match, and each that matches what it lacks; a folder is all in it', () => {
    assert.deepEqual(broken({ files: ['nginx/'], lacks: '^# tea$' }), ['nginx/nginx.conf matches ^# tea$']);
    const all = broken({ files: ['nginx/'], matches: '^# tea$' });
    assert.ok(all.includes('nginx/sites/site.conf does not match ^# tea$'));
    assert.ok(!all.some((line) => line.startsWith('nginx/nginx.conf ')));
  });
  it('that no file is emitted for is broken', () => {
    assert.deepEqual(broken({ files: ['no/such.file', 'no/'], lacks: 'x' }), [
      'no/such.file is not emitted',
      'no/ is not emitted',
    ]);
    // A folder is said with its slash.
    assert.deepEqual(broken({ files: ['nginx'], lacks: 'tea' }), ['nginx is not emitted']);
  });
  it('never looks at secrets: what it says would show them', () =>
    assert.deepEqual(broken({ files: ['.env.production'], matches: 'SECRET_KEY' }), [
      '.env.production is not emitted',
    ]));
});

describe('a pattern of a pack', () => {
  for (const pattern of [
    '^Team: .',
    '',
    '[Tt]ea',
    '(?<n>a)',
    '\\d+\\.\\d',
    '\\bfoo\\b',
    '\\u00e9',
    '\\/x\\/',
    '[^]x',
    'a|b',
  ])
    it(`may be ${JSON.stringify(pattern)}`, () =>
      assert.deepEqual(patternProblems({ promise: 'x', files: ['a'], matches: pattern, lacks: pattern }), []));
  for (const pattern of [
    '(',
    '[b-a]',
    '(?=a)b',
    '(?<=a)b',
    '(?!a)b',
    '(?<!a)b',
    '(a)\\1',
    '(?<n>a)\\k<n>',
    '(a{1000}){1000}',
  ])
    it(`may not be ${JSON.stringify(pattern)}`, () => {
      const problems = patternProblems({ promise: 'x', files: ['a'], matches: pattern, lacks: pattern });
      assert.equal(problems.length, 2);
      assert.match(problems[0] ?? '', /^matches: .*neither looking around .* for example \^Team/);
    });

  const text = 'abcdefgh '.repeat(20_000);
  const withText = (given: Omit<Parameters<typeof promisedBy>[0], 'promise' | 'files'>, time = patience()) => {
    const all = spoil(renderAll(stack), 'nginx/nginx.conf', () => text);
    return promisedBy({ promise: 'x', files: ['nginx/nginx.conf'], ...given }, time)(setOf(all), stack);
  };
  for (const pattern of [
    '(([ -~]|\\n)+)+#never',
    '(a*)*$x',
    '(?:a|a)*b#',
    '([a-z ]+)*#',
    '(.*)*(.*)*(.*)*#',
    '(\\w+\\s*)+#',
  ])
    it(`has an end: ${pattern}`, () => {
      const started = performance.now();
      assert.deepEqual(withText({ lacks: pattern }), []);
      assert.ok(performance.now() - started < 4000);
    });
  it('all of them together have one, too', () =>
    assert.deepEqual(withText({ lacks: 'never' }, patience(0)), [
      'the patterns of packs take too long: make them simpler',
    ]));
});
