import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownerOf } from '../../../src/base/disk/owner.ts';
import { packageRoot } from '../../../src/base/packageRoot.ts';
import { write } from '../../../src/changes/write.ts';
import { changeOf, scratch } from '../../fixture.ts';
import { give } from '../../unprivileged.ts';

const [user, group] = [1000, 1000];
const ownersBelow = (root: string): ReadonlySet<string> =>
  new Set(
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .concat('.')
      .map((path) => lstatSync(join(root, path)))
      .map(({ uid, gid }) => `${uid}:${gid}`),
  );

describe('what root writes in the folder of another user', () => {
  before(function () {
    // Nobody else can give a file away.
    if (process.geteuid?.() !== 0) this.skip();
  });

  it('is theirs: files, folders, merge bases, secrets, and a folder that is named for it', () => {
    const home = scratch();
    give(home);
    const bin = join(packageRoot(), 'dist/bin/comicpile.js');
    const args = ['--yes', '--skip-install', '--domain', 'app.example.test', '--secrets', 'files', '--output', 'a/b'];
    const { status, stderr } = spawnSync(process.execPath, [bin, ...args], { cwd: home, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    assert.deepEqual([...ownersBelow(home)], [`${user}:${group}`]);
    const stat = statSync(join(home, 'a/b/secrets/db_password'));
    assert.deepEqual([stat.uid, stat.mode & 0o777], [user, 0o600]);
  });

  it('stays whose it was where it replaces a file', () => {
    const directory = scratch();
    give(directory);
    const path = join(directory, 'x');
    writeFileSync(path, 'old\n');
    chownSync(path, 1001, 10001);
    write(directory, [changeOf({ to: 'x', action: 'update', before: 'old\n', after: 'new\n' })]);
    write(directory, [changeOf({ to: 'copy', action: 'backup', copyOf: 'x' })]);
    for (const name of ['x', 'copy']) {
      const { uid, gid } = statSync(join(directory, name));
      assert.deepEqual([uid, gid], [1001, 10001], name);
    }
  });

  it('is of who has the folder that it lies in', () => {
    const directory = scratch();
    give(directory);
    mkdirSync(join(directory, 'theirs'));
    chownSync(join(directory, 'theirs'), 1001, 1001);
    write(directory, [changeOf({ to: 'theirs/a/x' }), changeOf({ to: 'ours/a/x' })]);
    assert.deepEqual([...ownersBelow(join(directory, 'theirs'))], ['1001:1001']);
    assert.deepEqual([...ownersBelow(join(directory, 'ours'))], [`${user}:${group}`]);
  });

  it('is read by them: the folder that it was staged in is gone', () => {
    const directory = scratch();
    chmodSync(directory, 0o755);
    give(directory);
    write(directory, [changeOf({ to: 'x' })]);
    assert.deepEqual(readdirSync(directory), ['x']);
  });
});

describe('ownerOf', () => {
  it('is who has a folder', () => {
    const { uid } = ownerOf({ place: scratch() });
    assert.equal(uid, process.geteuid?.());
  });
});
