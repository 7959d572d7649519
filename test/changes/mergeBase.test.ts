import assert from 'node:assert/strict';
import { digest } from '../../src/base/digest.ts';
import { basePath, basesAfter, knownBase, readBase } from '../../src/changes/mergeBase.ts';
import { changeOf, folderWith, scratch } from '../fixture.ts';

const lockOf = (files: Readonly<Record<string, string>>) => ({
  files: Object.fromEntries(Object.entries(files).map(([to, text]) => [to, digest(text)])),
});
const attributes = { '.comicpile/.gitattributes': 'base/** -text linguist-generated\n' };

describe('readBase', () => {
  it('is what we wrote last, an empty text too', () => {
    const directory = folderWith({ [basePath('a/b')]: 'ours\n', [basePath('empty')]: '' });
    const lock = lockOf({ 'a/b': 'ours\n', empty: '' });
    assert.equal(readBase(directory, 'a/b', lock), 'ours\n');
    assert.equal(readBase(directory, 'empty', lock), '');
  });
  it('is none where it is lost, changed, or not in the lock', () => {
    const directory = folderWith({ [basePath('changed')]: 'formatted\n', [basePath('unknown')]: 'ours\n' });
    const lock = lockOf({ changed: 'ours\n', lost: 'ours\n' });
    for (const to of ['changed', 'lost', 'unknown']) assert.equal(readBase(directory, to, lock), undefined, to);
  });
});

describe('knownBase', () => {
  const lock = lockOf({ a: 'ours\n' });
  it('is the one that is kept', () => {
    const directory = folderWith({ [basePath('a')]: 'ours\n' });
    assert.equal(knownBase(directory, 'a', lock, 'other\n'), 'ours\n');
  });
  it('is, where that is lost, the first of the others that the lock knows', () => {
    assert.equal(knownBase(scratch(), 'a', lock, undefined, 'edited\n', 'ours\n'), 'ours\n');
    assert.equal(knownBase(scratch(), 'a', lock, 'edited\n'), undefined);
    assert.equal(knownBase(scratch(), 'b', lock, 'ours\n'), undefined);
  });
});

describe('basesAfter', () => {
  const shown = (directory: string, ...given: Parameters<typeof changeOf>[0][]) =>
    basesAfter(directory, given.map(changeOf)).map(({ to, kind, action, after }) => [to, kind, action, after]);

  it('are what we wrote, not what the user made of it; of no secret, of no file of the user, of no conflict', () => {
    const rows = shown(
      folderWith(attributes),
      { to: 'new', after: 'ours\n' },
      { to: 'script.sh', kind: 'script', after: '#!/bin/sh\n' },
      { to: 'merged', action: 'merge', after: 'both\n', base: 'ours\n' },
      { to: '.env.production', kind: 'secret', after: 'SECRET_KEY=x\n' },
      { to: 'Makefile', kind: 'once', after: 'all:\n' },
      { to: '.gitignore', kind: 'lines', after: '.env\n' },
      { to: 'disputed', action: 'conflict', after: 'ours\n' },
      { to: 'deleted', action: 'absent', after: 'ours\n' },
    );
    assert.deepEqual(rows, [
      [basePath('new'), 'base', 'create', 'ours\n'],
      [basePath('script.sh'), 'base', 'create', '#!/bin/sh\n'],
      [basePath('merged'), 'base', 'create', 'ours\n'],
    ]);
  });
  it('change with their files, go with them, and stay where nothing is new', () => {
    const directory = folderWith({
      ...attributes,
      [basePath('same')]: 'ours\n',
      [basePath('newer')]: 'old\n',
      [basePath('gone')]: 'old\n',
      [basePath('released')]: 'old\n',
    });
    const rows = shown(
      directory,
      { to: 'same', action: 'identical', after: 'ours\n' },
      { to: 'newer', action: 'update', after: 'new\n' },
      { to: 'gone', action: 'remove' },
      { to: 'released', action: 'release' },
      { to: 'never', action: 'remove' },
    );
    assert.deepEqual(rows, [
      [basePath('newer'), 'base', 'update', 'new\n'],
      [basePath('gone'), 'base', 'remove', ''],
      [basePath('released'), 'base', 'remove', ''],
    ]);
  });
  it('come with what tells git to leave their line ends alone', () =>
    assert.deepEqual(shown(scratch()), [
      ['.comicpile/.gitattributes', 'base', 'create', 'base/** -text linguist-generated\n'],
    ]));
});
