import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/base/packageRoot.ts';
import { doubtsOf } from '../../src/detect/place.ts';
import { folderWith, scratch } from '../fixture.ts';
import { give, someone } from '../unprivileged.ts';

describe('doubtsOf', () => {
  for (const [directory, doubt] of [
    ['/', 'is the root of the file system'],
    ['/etc', 'is a folder of the system'],
    ['/usr/bin', 'is a folder of the system'],
    ['/tmp', 'is a folder of the system'],
    ['/var', 'is a folder of the system'],
  ] as const) {
    it(`${directory} ${doubt}`, () => assert.deepEqual(doubtsOf(directory), [doubt]));
  }

  it('is of the home folder, by whatever name, and not of what is in it', () => {
    const home = folderWith({ 'work/x': '', 'package.json': '{}' });
    const link = join(scratch(), 'link');
    symlinkSync(home, link);
    const former = process.env.HOME;
    process.env.HOME = home;
    try {
      assert.deepEqual(doubtsOf(home), ['is your home folder']);
      assert.deepEqual(doubtsOf(link), ['is your home folder']);
      assert.deepEqual(doubtsOf(join(home, 'work')), []);
    } finally {
      if (former === undefined) delete process.env.HOME;
      else process.env.HOME = former;
    }
  });

  for (const [file, language] of [
    ['package.json', 'JavaScript'],
    ['deno.json', 'JavaScript'],
    ['go.mod', 'Go'],
    ['Cargo.toml', 'Rust'],
    ['pom.xml', 'Java or Kotlin'],
    ['build.gradle.kts', 'Java or Kotlin'],
    ['Gemfile', 'Ruby'],
    ['composer.json', 'PHP'],
    ['mix.exs', 'Elixir'],
    ['Shop.csproj', '.NET'],
    ['Package.swift', 'Swift'],
    ['pubspec.yaml', 'Dart'],
    ['shop.cabal', 'Haskell'],
    ['build.sbt', 'Scala'],
  ] as const) {
    it(`${file} without Python is a project in ${language}`, () => {
      assert.deepEqual(doubtsOf(folderWith({ [file]: '' })), [
        `has ${file}, so it is a project in ${language}, and no Python`,
      ]);
    });
  }

  it('is none of an app of Python, with or without another language, of an empty folder, or of one that is not there', () => {
    for (const files of [
      { 'package.json': '{"private": true, "devDependencies": {"@acme/comicpile-pack": "^0.1.0"}}' },
      { 'package.json': '{"name": "shop"}', 'pyproject.toml': '' },
      { 'package.json': '{"name": "shop"}', 'services/api/requirements.txt': '' },
      { 'package.json': '{"name": "shop"}', 'main.py': '' },
      { 'README.md': '', Makefile: '' },
      {},
    ] as Record<string, string>[]) {
      assert.deepEqual(doubtsOf(folderWith(files)), [], Object.keys(files).join());
    }
    assert.deepEqual(doubtsOf(join(scratch(), 'new')), []);
    assert.deepEqual(doubtsOf(folderWith({ 'package.json': '{}' }), true), []);
  });

  it('is of a folder of root’s, for everybody else', function () {
    // Only root can make such a folder.
    if (process.getuid?.() !== 0) this.skip();
    const said = (directory: string): string => {
      chmodSync(directory, 0o777);
      const module = join(packageRoot(), 'dist/src/detect/place.js');
      const code = `import { doubtsOf } from ${JSON.stringify(module)}; console.log(doubtsOf(${JSON.stringify(directory)}).join());`;
      return spawnSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8', ...someone })
        .stdout;
    };
    const theirs = scratch();
    assert.equal(said(theirs), 'belongs to root, and you are somebody else\n');
    give(theirs);
    assert.equal(said(theirs), '\n');
  });
});
