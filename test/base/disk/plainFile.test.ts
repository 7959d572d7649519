import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { realpathSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { readPlain, readWithin, startOf } from '../../../src/base/disk/plainFile.ts';
import { folderWith } from '../../fixture.ts';

const prepared = () => {
  const directory = folderWith({ 'a.txt': 'text\n', 'folder/x': '', large: '' });
  const outside = folderWith({ secret: 'outside\n' });
  execFileSync('mkfifo', [join(directory, 'pipe')]);
  truncateSync(join(directory, 'large'), 2 ** 40);
  symlinkSync('a.txt', join(directory, 'inward'));
  symlinkSync(join(outside, 'secret'), join(directory, 'outward'));
  symlinkSync('/dev/zero', join(directory, 'device'));
  symlinkSync('pipe', join(directory, 'toPipe'));
  return (name: string): string => join(directory, name);
};
const strange = ['folder', 'pipe', 'outward', 'device', 'toPipe', 'absent'];

describe('a plain file', () => {
  const at = prepared();
  it('is read whole, up to a bound', () => {
    assert.equal(readPlain(at('a.txt'), 100)?.bytes.toString(), 'text\n');
    assert.equal(readPlain(at('a.txt'), 4), undefined);
    assert.equal(readPlain(at('large'), 100), undefined);
  });
  it('is read at its start, however large it is', () => {
    assert.equal(startOf(at('a.txt'), 100).toString(), 'text\n');
    assert.equal(startOf(at('large'), 100).length, 100);
  });
  it('is no link, pipe, device or folder', () => {
    for (const name of [...strange, 'inward']) {
      assert.equal(readPlain(at(name), 100), undefined, name);
      assert.equal(startOf(at(name), 100).length, 0, name);
    }
  });
  it('of an app may be a link to one within its root', () => {
    const root = realpathSync(at(''));
    for (const name of ['a.txt', 'inward']) assert.equal(readWithin(root, at(name), 100)?.toString(), 'text\n');
    for (const name of [...strange, 'large']) assert.equal(readWithin(root, at(name), 100), undefined, name);
  });
});
