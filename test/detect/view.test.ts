import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bounds, viewOf } from '../../src/detect/view.ts';
import { folderWith, scratch } from '../fixture.ts';

describe('a view of a project', () => {
  it('has its files, near the root first, without those of tools and without data', () => {
    const view = viewOf(
      folderWith({
        'b/deep/c.py': '',
        'a.py': '',
        'node_modules/x.py': '',
        'venv/pyvenv.cfg': '',
        'env/pyvenv.cfg': '',
        'env/lib/x.py': '',
        'data.json': '',
        'package.json': '',
      }),
    );
    assert.deepEqual(view.files, ['a.py', 'package.json', 'b/deep/c.py']);
    assert.deepEqual(view.names('b'), ['deep']);
    assert.deepEqual(view.names('absent'), []);
    assert.deepEqual(
      [view.has('data.json'), view.has('b'), view.isFolder('b'), view.isFolder('')],
      [true, false, true, true],
    );
  });
  it('reads text with LF and without a byte order mark, and each file once', () => {
    const view = viewOf(folderWith({ 'a.py': '\uFEFFa\r\nb\rc\n' }));
    assert.deepEqual([view.read('a.py'), view.read('a.py'), view.reads()], ['a\nb\nc\n', 'a\nb\nc\n', 1]);
    assert.equal(view.read('absent'), undefined);
    assert.equal(view.read('../etc/passwd'), undefined);
  });
  it('is empty of an empty folder', () => {
    const view = viewOf(scratch());
    assert.deepEqual([view.files, view.gaps(), view.reads()], [[], [], 0]);
  });
  it('does not read what is no text, too large, or elsewhere, and says so', () => {
    const directory = folderWith({
      'zero.py': 'a\0b',
      'large.py': ' '.repeat(bounds.bytes + 1),
      'fits.py': ' '.repeat(bounds.bytes),
    });
    writeFileSync(join(directory, 'latin.py'), Buffer.from([0xe4, 0x0a]));
    symlinkSync('/etc/passwd', join(directory, 'out.py'));
    symlinkSync('fits.py', join(directory, 'in.py'));
    symlinkSync('circle.py', join(directory, 'circle.py'));
    execFileSync('mkfifo', [join(directory, 'pipe')]);
    symlinkSync('pipe', join(directory, 'pipe.py'));
    const view = viewOf(directory);
    for (const path of ['zero.py', 'large.py', 'out.py', 'circle.py', 'pipe.py', 'pipe'])
      assert.equal(view.read(path), undefined, path);
    assert.equal(view.read('in.py')?.length, bounds.bytes);
    assert.equal(view.read('latin.py'), '\uFFFD\n');
    assert.deepEqual(
      view
        .gaps()
        .map(({ path }) => path)
        .sort(),
      ['circle.py', 'large.py', 'out.py', 'pipe.py', 'zero.py'],
    );
  });
  it('does not enter a folder that is a link', () => {
    const directory = folderWith({ 'a/x.py': '' });
    symlinkSync('..', join(directory, 'a/up'));
    assert.deepEqual(viewOf(directory).files, ['a/up', 'a/x.py']);
  });
  it('ends where folders are nested deeper than its bound', () => {
    const directory = scratch();
    mkdirSync(join(directory, ...Array.from({ length: bounds.depth + 4 }, () => 'd')), { recursive: true });
    assert.match(viewOf(directory).gaps()[0]?.why ?? '', /deeper than/);
  });
  it('stops to read at its bound of files', () => {
    const names = Array.from({ length: bounds.reads + 2 }, (_, index) => `f${index}.py`);
    const view = viewOf(folderWith(Object.fromEntries(names.map((name) => [name, '']))));
    assert.equal(names.filter((name) => view.read(name) !== undefined).length, bounds.reads);
    assert.equal(view.gaps().length, 1);
  });
  it('names a folder that cannot be read', function () {
    if (process.getuid?.() === 0) this.skip();
    const directory = folderWith({ 'a/x.py': '' });
    chmodSync(join(directory, 'a'), 0);
    assert.deepEqual(viewOf(directory).gaps(), [{ path: 'a', why: 'this folder cannot be read' }]);
  });
});
