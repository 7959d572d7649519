import assert from 'node:assert/strict';
import { inFolders } from '../../src/changes/byFolder.ts';
import { changeOf } from '../fixture.ts';

const created = (to: string, lines: number) => changeOf({ to, after: 'x\n'.repeat(lines) });

describe('inFolders', () => {
  const few = [
    created('nginx/a', 3),
    changeOf({ to: 'nginx/b', action: 'merge', before: 'a\nb\nc\n', after: 'a\nB\nc\nd\n' }),
    changeOf({ to: 'Dockerfile', action: 'remove', before: 'a\nb\n' }),
    changeOf({ to: 'x', action: 'mode', before: 'a\n', after: 'a\n' }),
    changeOf({ to: 'x.before-comicpile', action: 'backup', copyOf: 'x' }),
    changeOf({ to: '.comicpile/base/nginx/a', kind: 'base', after: 'x\n' }),
    changeOf({ to: 'y', action: 'identical', before: 'a\n', after: 'a\n' }),
  ];
  it('has a row for all: files and lines that are made, changed, removed and copied', () => {
    assert.deepEqual(inFolders(few), [
      '  in all               create 1 file, +3 lines; change 2 files, +2 -1 lines; remove 1 file, -2 lines; copy 1 file',
    ]);
  });
  it('has a row a folder where there are more than somebody reads', () => {
    const many = Array.from({ length: 20 }, (_, at) => created(`scripts/deep/${at}.sh`, 2));
    assert.deepEqual(inFolders([...many, ...few]), [
      '  scripts/             create 20 files, +40 lines',
      '  nginx/               create 1 file, +3 lines; change 1 file, +2 -1 lines',
      '  ./                   change 1 file; remove 1 file, -2 lines; copy 1 file',
      '  in all               create 21 files, +43 lines; change 2 files, +2 -1 lines; remove 1 file, -2 lines; copy 1 file',
    ]);
  });
  it('says nothing where nothing changes', () => {
    assert.deepEqual(inFolders([changeOf({ to: 'y', action: 'identical' })]), []);
  });
});
