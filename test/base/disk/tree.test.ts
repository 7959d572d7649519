import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bounds } from '../../../src/base/disk/bounds.ts';
import { inTree, openTree } from '../../../src/base/disk/tree.ts';
import { Refusal } from '../../../src/base/refusal.ts';
import { folderWith, scratch } from '../../fixture.ts';

const refuses = (work: () => unknown, problem: RegExp): void => {
  assert.throws(
    work,
    (error) => error instanceof Refusal && error.code === 2 && problem.test(error.problems.join('\n')),
  );
};

describe('a tree', () => {
  it('reads a plain file, and says where there is nothing', () => {
    const directory = folderWith({ 'a/b.txt': 'text\n' });
    inTree(directory, (tree) => {
      assert.equal(tree.read('a/b.txt')?.bytes.toString(), 'text\n');
      for (const path of ['a/c.txt', 'x/y/z']) assert.equal(tree.read(path), undefined);
    });
    assert.equal(
      inTree(join(directory, 'absent'), (tree) => tree.read('a')),
      undefined,
    );
  });

  it('follows no link, neither at the end of a path nor on the way, whether it leads in or out', () => {
    const directory = folderWith({ 'real/x': 'within\n' });
    const outside = folderWith({ x: 'outside\n' });
    for (const [name, target] of Object.entries({ inward: 'real', outward: outside, loop: 'loop', nowhere: 'none' })) {
      symlinkSync(target, join(directory, name));
      refuses(
        () => inTree(directory, (tree) => tree.read(`${name}/x`)),
        new RegExp(`^${name} is a link, and no plain folder`),
      );
      refuses(() => inTree(directory, (tree) => tree.read(name)), new RegExp(`^${name} is a link, and no plain file`));
      refuses(() => inTree(directory, (tree) => tree.below(name)), new RegExp(`^${name} is a link`));
    }
  });

  it('never waits: pipes, sockets and devices are refused, as are folders', () => {
    const directory = folderWith({ 'folder/x': '' });
    execFileSync('mkfifo', [join(directory, 'pipe')]);
    refuses(() => inTree(directory, (tree) => tree.read('pipe')), /^pipe is a named pipe, and no plain file/);
    refuses(() => inTree(directory, (tree) => tree.read('folder')), /^folder is a folder, and no plain file/);
    refuses(() => inTree(directory, (tree) => tree.read('pipe/x')), /^pipe is a named pipe, and no plain folder/);
    refuses(() => inTree('/dev', (tree) => tree.read('zero')), /^zero is a device, and no plain file/);
  });

  it('reads up to a bound, of one file and of all together', () => {
    const directory = folderWith({ large: '' });
    truncateSync(join(directory, 'large'), bounds.file + 1);
    refuses(() => inTree(directory, (tree) => tree.read('large')), /^large is larger than 2 MiB/);
    const count = bounds.all / bounds.file;
    for (let index = 0; index <= count; index += 1) {
      writeFileSync(join(directory, `${index}`), '');
      truncateSync(join(directory, `${index}`), bounds.file);
    }
    inTree(directory, (tree) => {
      for (let index = 0; index < count; index += 1) assert.equal(tree.read(`${index}`)?.bytes.length, bounds.file);
      refuses(() => tree.read(`${count}`), /^32 and others are together larger than 64 MiB/);
    });
  });

  it('takes no path that leads out of it', () => {
    const directory = folderWith({ 'in/x': '' });
    writeFileSync(join(directory, 'x'), 'outside\n');
    for (const path of ['../x', '/etc/passwd', './x', '.git/config']) {
      refuses(() => inTree(join(directory, 'in'), (tree) => tree.read(path)), /./);
      assert.equal(
        inTree(join(directory, 'in'), (tree) => tree.has(path)),
        false,
      );
    }
  });

  it('holds on to a folder that is exchanged for a link meanwhile', function () {
    // Without /proc a part of a path is looked at before it is used, and no more than that can be had.
    if (process.platform !== 'linux') this.skip();
    const directory = folderWith({ 'a/x': 'within\n' });
    const outside = folderWith({ x: 'outside\n' });
    const tree = openTree(directory);
    tree.folder('a');
    renameSync(join(directory, 'a'), join(directory, 'b'));
    symlinkSync(outside, join(directory, 'a'));
    assert.equal(tree.read('a/x')?.bytes.toString(), 'within\n');
    tree.close();
  });

  it('lists a deep or large folder up to a bound', () => {
    const deep = scratch();
    mkdirSync(join(deep, 'd/'.repeat(bounds.depth + 2)), { recursive: true });
    refuses(() => inTree(deep, (tree) => tree.below('')), /holds too much, or is too deep/);
  });

  it('keeps few folders open, and none afterwards', function () {
    if (process.platform !== 'linux') this.skip();
    const opened = () => readdirSync('/proc/self/fd').length;
    const paths = Array.from({ length: 300 }, (_, index) => `a/${index}/b/x`);
    const directory = folderWith(Object.fromEntries(paths.map((path) => [path, path])));
    const before = opened();
    inTree(directory, (tree) => {
      for (const path of paths) assert.equal(tree.read(path)?.bytes.toString(), path);
      assert.ok(opened() < before + 110, `${opened()}`);
    });
    assert.equal(opened(), before);
  });

  it('names what the file system refuses as the user knows it', function () {
    if (process.platform !== 'linux') this.skip();
    const directory = folderWith({ 'a/x': '' });
    const error = Object.assign(new Error("EACCES: permission denied, open '/proc/self/fd/NN/x'"), { path: '' });
    const tree = openTree(directory);
    const folder = tree.folder('a');
    error.message = error.message.replace('/proc/self/fd/NN', typeof folder === 'object' ? folder.place : '');
    assert.equal((tree.named(error) as Error).message, `EACCES: permission denied, open '${directory}/a/x'`);
    tree.close();
  });
});
