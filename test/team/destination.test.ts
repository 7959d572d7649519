import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isPlaceForPacks } from '../../src/team/destination.ts';

describe('a place for a file of a pack', () => {
  for (const to of [
    ...[
      '.git/hooks/pre-commit',
      '.Git/hooks/pre-commit',
      '.GIT/config',
      'vendor/.git/hooks/x',
      'vendor/.gIt/config',
      '.git',
    ],
    ...['..', '../x', 'a/../../b', './a', 'a/./b', 'a//b', 'a/', '/etc/passwd', 'C:/x', 'a\\b'],
    ...[
      '.git./hooks/x',
      '.git /hooks/x',
      'a./b',
      'a ',
      'x.',
      'GIT~1/hooks/x',
      '.g\u200bit/hooks/x',
      'a\0b',
      'a\nb',
      '',
    ],
    ...['.comicpile/lock.json', '.Comicpile/templates/x', '.comicpile-staging-1-x/journal.json', '.YO-rc.json'],
    ...['secrets/mine', 'SSL/key.pem', 'backups/a.dump', 'node_modules/x.js', 'web/node_modules/x/index.js'],
    ...['.venv/bin/python', '.env', '.ENV.production', 'deploy/.env.production', 'nul', 'docs/aux.md', 'a'.repeat(201)],
  ])
    it(`is not ${JSON.stringify(to.slice(0, 40))}`, () => assert.equal(isPlaceForPacks(to), false));
  for (const to of [
    'docs/runbook.md',
    '.github/a.yml',
    'secrets.md',
    'docs/.environment',
    'sslx/a',
    '.gitignore.md',
    'a..b',
  ])
    it(`is ${to}`, () => assert.equal(isPlaceForPacks(to), true));

  it('has no .git in any spelling at any depth, whatever stands around it', () =>
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 5 }), { maxLength: 3 }),
        fc.mixedCase(fc.constant('.git')),
        fc.constantFrom('', '.', ' ', '. '),
        fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 5 }), { maxLength: 3 }),
        (before, git, tail, after) =>
          assert.equal(isPlaceForPacks([...before, `${git}${tail}`, ...after].join('/')), false),
      ),
    ));
});
