import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../../src/base/refusal.ts';
import { refuseStrange } from '../../src/cli/strangeFiles.ts';
import { folderWith, scratch } from '../fixture.ts';

const problemsOf = (directory: string): readonly string[] => {
  try {
    refuseStrange(directory);
    return [];
  } catch (error) {
    assert.ok(error instanceof Refusal && error.code === 2, String(error));
    return error.problems.slice(0, -1);
  }
};

describe('a project', () => {
  it('of plain files and folders is looked at, and one that is not there yet', () => {
    assert.deepEqual(problemsOf(join(scratch(), 'absent')), []);
    const files = [
      '.yo-rc.json',
      '.env.production',
      '.comicpile/lock.json',
      '.comicpile/base/x',
      'secrets/db_password',
    ];
    assert.deepEqual(problemsOf(folderWith(Object.fromEntries(files.map((path) => [path, ''])))), []);
  });
  it('with a link where its notes, its templates or its secrets are is refused, and all such places are named', () => {
    const directory = folderWith({ '.comicpile/templates/x.ejs': '', 'secrets/x': '' });
    const links = [
      '.yo-rc.json',
      '.env.production',
      '.comicpile/lock.json',
      '.comicpile/templates/y',
      'secrets/db_password',
    ];
    for (const path of [...links, 'Dockerfile']) symlinkSync('/etc/hostname', join(directory, path));
    mkdirSync(join(directory, 'SECURITY.md'));
    assert.deepEqual(
      [...problemsOf(directory)].sort(),
      [
        ...[...links, 'Dockerfile'].map((path) => `${path} is a link, and no plain file`),
        'SECURITY.md is a folder, and no plain file',
      ].sort(),
    );
  });
  it('may have links of its own elsewhere: they are looked at when a file of ours is to be there', () => {
    const directory = folderWith({ x: '' });
    for (const path of ['Dockerfile', '.env', 'docs', 'secrets-of-ours']) symlinkSync('x', join(directory, path));
    assert.deepEqual(problemsOf(directory), []);
  });
});
