import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ignored, markUnmerged } from '../../src/changes/git.ts';
import { lockFile } from '../../src/changes/lock.ts';
import { changeOf, folderWith, scratch } from '../fixture.ts';

const gitIn = (directory: string, ...args: string[]): string => {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: directory, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return stdout;
};
const repository = (files: Readonly<Record<string, string>>): string => {
  const directory = folderWith(files);
  gitIn(directory, 'init', '--quiet');
  gitIn(directory, 'add', '-A');
  return directory;
};

describe('ignored', () => {
  it('are paths that git is told to ignore and does not follow, there or not', () => {
    const directory = repository({ '.gitignore': '*.log\nsub/\n', 'a.txt': '' });
    gitIn(directory, 'add', '--force', '.gitignore');
    writeFileSync(join(directory, 'followed.log'), '');
    gitIn(directory, 'add', '--force', 'followed.log');
    const paths = ['a.txt', 'absent.log', 'followed.log', 'sub/b', 'new\nline.log'];
    assert.deepEqual([...ignored(directory, paths)].sort(), ['absent.log', 'new\nline.log', 'sub/b']);
  });
  it('are none outside of a repository, or where all of the project is ignored by one around it', () => {
    assert.deepEqual([...ignored(scratch(), ['a.log'])], []);
    const around = repository({ '.gitignore': '*\n' });
    assert.deepEqual([...ignored(around, ['a.log', lockFile])], []);
  });
});

describe('markUnmerged', () => {
  it('tells git base, yours and theirs of each file that it follows', () => {
    const root = repository({ 'app/a.txt': 'yours\r\n', 'app/run.sh': 'yours\n' });
    const directory = join(root, 'app');
    const changes = [
      changeOf({ to: 'a.txt', action: 'mark', before: 'yours\r\n', base: 'theirs\n' }),
      changeOf({ to: 'run.sh', kind: 'script', action: 'mark', before: 'yours\n', base: 'theirs\n' }),
      changeOf({ to: 'unknown', action: 'mark', before: 'yours\n', base: 'theirs\n' }),
    ];
    markUnmerged(directory, changes, (to) => (to === 'a.txt' ? 'base\n' : undefined));
    const stages = gitIn(root, 'ls-files', '--unmerged').trim().split('\n');
    assert.deepEqual(
      stages.map((line) => line.replace(/ [0-9a-f]{40,64} /, ' ')),
      [
        '100644 1\tapp/a.txt',
        '100644 2\tapp/a.txt',
        '100644 3\tapp/a.txt',
        '100755 2\tapp/run.sh',
        '100755 3\tapp/run.sh',
      ],
    );
    // With one line end, or every line would differ.
    assert.equal(gitIn(root, 'show', ':2:app/a.txt'), 'yours\n');
    assert.equal(gitIn(root, 'show', ':1:app/a.txt'), 'base\n');
    assert.equal(gitIn(root, 'show', ':3:app/run.sh'), 'theirs\n');
  });
  it('does nothing where there is no repository', () => {
    const directory = scratch();
    markUnmerged(directory, [changeOf({ to: 'a', before: 'yours\n', base: 'theirs\n' })], () => undefined);
    assert.equal(spawnSync('git', ['status'], { cwd: directory }).status, 128);
  });
});
