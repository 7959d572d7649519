import assert from 'node:assert/strict';
import {
  evidenceAt,
  folderOf,
  isBelow,
  joinPath,
  nameOf,
  normalisePath,
  overlaps,
} from '../../../src/detect/read/paths.ts';

describe('paths of a view', () => {
  it('are joined without empty parts', () => {
    assert.equal(joinPath('backend', '', 'app'), 'backend/app');
    assert.equal(joinPath('', ''), '');
    assert.equal(joinPath(), '');
  });
  it('have a folder and a name', () => {
    assert.deepEqual([folderOf('a/b/c.py'), nameOf('a/b/c.py')], ['a/b', 'c.py']);
    assert.deepEqual([folderOf('c.py'), nameOf('c.py')], ['', 'c.py']);
    assert.deepEqual([folderOf(''), nameOf('')], ['', '']);
  });
  it('are below the root, and below a folder that they begin with as a whole', () => {
    assert.ok(isBelow('app/main.py', ''));
    assert.ok(isBelow('app/main.py', 'app'));
    assert.ok(!isBelow('application/main.py', 'app'));
    assert.ok(!isBelow('app', 'app'));
  });
  it('overlap where one is the other or within it', () => {
    for (const [one, other] of [
      ['a', 'a'],
      ['a', 'a/b'],
      ['a/b', 'a'],
      ['', 'a'],
    ] as const)
      assert.ok(overlaps(one, other), `${one} ${other}`);
    assert.ok(!overlaps('a', 'ab'));
  });
  for (const [path, normal] of [
    ['./a//b/./c/', 'a/b/c'],
    ['a/../b', 'b'],
    ['../../etc/passwd', 'etc/passwd'],
    ['/etc/passwd', 'etc/passwd'],
    ['..', ''],
    ['', ''],
  ] as const) {
    it(`of ${JSON.stringify(path)} are ${JSON.stringify(normal)}`, () => assert.equal(normalisePath(path), normal));
  }
});

describe('evidence', () => {
  it('is one line of at most 160 characters', () => {
    assert.deepEqual(evidenceAt('a.py', 3, '  x\n\t y  '), { file: 'a.py', line: 3, says: 'x y' });
    assert.equal(evidenceAt('a.py', 1, 'x'.repeat(100_000)).says, 'x'.repeat(160));
  });
  it('has no line where there is none', () => {
    assert.deepEqual(evidenceAt('a', undefined, ''), { file: 'a', says: '' });
  });
});
