import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { digest } from '../../src/base/digest.ts';
import { basePath } from '../../src/changes/mergeBase.ts';
import { writeMerged } from '../../src/changes/writeMerged.ts';
import { changeOf, folderWith } from '../fixture.ts';

const git = (directory: string, ...args: string[]): string => {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: directory, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return stdout;
};

describe('writeMerged', () => {
  it('writes, and tells git of conflicts with the base as it was before; of what was there before us it tells nothing', () => {
    const directory = folderWith({ a: 'mine\n', theirs: 'theirs\n', [basePath('a')]: 'old\n' });
    git(directory, 'init', '--quiet');
    git(directory, 'add', '-A');
    const mark = { action: 'mark', after: 'marked\n', base: 'new\n' } as const;
    const changes = [
      changeOf({ to: 'a', before: 'mine\n', ...mark }),
      changeOf({ to: 'theirs', before: 'theirs\n', isForeign: true, ...mark }),
      changeOf({ to: basePath('a'), kind: 'base', action: 'update', before: 'old\n', after: 'new\n' }),
    ];
    const lock = { generator: '', files: { a: digest('old\n') }, once: [], templates: {}, packs: {}, places: {} };
    writeMerged(directory, changes, lock);
    assert.equal(readFileSync(join(directory, 'a'), 'utf8'), 'marked\n');
    assert.equal(git(directory, 'show', ':1:a'), 'old\n');
    assert.equal(git(directory, 'show', ':2:a'), 'mine\n');
    assert.equal(git(directory, 'show', ':3:a'), 'new\n');
    assert.deepEqual([...new Set(git(directory, 'ls-files', '--unmerged').match(/(?<=\t).*/g))], ['a']);
  });
});
