import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { entriesBelow, isMap, parseJson, readText } from '../../src/base/files.ts';
import { Refusal } from '../../src/base/refusal.ts';
import { folderWith, scratch } from '../fixture.ts';

describe('readText', () => {
  it('is the text of a file, and what the caller says where there is none', () => {
    const directory = folderWith({ a: 'text\n', empty: '' });
    assert.equal(readText(directory, 'a'), 'text\n');
    assert.equal(readText(directory, 'absent'), '');
    assert.equal(readText(directory, 'absent', undefined), undefined);
    // A file that is empty is there.
    assert.equal(readText(directory, 'empty', undefined), '');
  });
});

describe('entriesBelow', () => {
  it('are all but folders, by path and in order; a link is no file, and is not followed', () => {
    const directory = folderWith({ 'b/c.txt': '', 'a.txt': '', 'b/a.txt': '', 'b.txt': '' });
    const outside = folderWith({ 'x.txt': '' });
    symlinkSync(outside, join(directory, 'link'));
    mkdirSync(join(directory, 'nothing'));
    assert.deepEqual(entriesBelow(directory), [
      { path: 'a.txt', isFile: true },
      { path: 'b.txt', isFile: true },
      { path: 'b/a.txt', isFile: true },
      { path: 'b/c.txt', isFile: true },
      { path: 'link', isFile: false },
    ]);
  });
  it('are none where there is no folder', () => assert.deepEqual(entriesBelow(join(scratch(), 'absent')), []));
});

describe('isMap', () => {
  for (const [value, expected] of [
    [{}, true],
    [{ a: 1 }, true],
    [[], false],
    [null, false],
    [undefined, false],
    ['text', false],
    [0, false],
  ] as const) {
    it(`${JSON.stringify(value)}: ${expected}`, () => assert.equal(isMap(value), expected));
  }
});

describe('parseJson', () => {
  it('is the value', () => assert.deepEqual(parseJson('a.json', '{"a": [1]}'), { a: [1] }));
  it('refuses what is broken, with its name and the hints', () => {
    const directory = scratch();
    writeFileSync(join(directory, 'a.json'), '{"a": 1,');
    assert.throws(
      () => parseJson('a.json', readText(directory, 'a.json'), 'restore it from git'),
      (error: Refusal) => {
        assert.ok(error instanceof Refusal);
        assert.match(error.message, /^a\.json cannot be read \(nothing was written\):\n/);
        assert.equal(error.problems.at(-1), 'restore it from git');
        assert.equal(error.code, 2);
        return true;
      },
    );
  });
});
