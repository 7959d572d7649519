import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { refuseUnwritable } from '../../../src/base/disk/writable.ts';
import { packageRoot } from '../../../src/base/packageRoot.ts';
import { scratch } from '../../fixture.ts';
import { someone } from '../../unprivileged.ts';

/** What the module says to a user whom the kernel asks for permission: root is never asked. */
const asSomeone = (...folders: readonly string[]): string => {
  const module = join(packageRoot(), 'dist/src/base/disk/writable.js');
  const code = `import { refuseUnwritable } from ${JSON.stringify(module)};
    try { refuseUnwritable(${JSON.stringify(folders)}); console.log('fine'); } catch (error) { console.log(error.code, error.message); }`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: '/',
    encoding: 'utf8',
    ...someone,
  });
  assert.equal(stderr, '');
  return stdout;
};

const closedIn = (root: string, name: string): string => {
  mkdirSync(join(root, name));
  chmodSync(join(root, name), 0o555);
  return join(root, name);
};

describe('refuseUnwritable', () => {
  it('says nothing where files can be made, in a folder that is not there yet too', () => {
    const root = scratch();
    refuseUnwritable([root, join(root, 'new/folder')]);
    assert.deepEqual(readdirSync(root), []);
  });
  it('lists every folder that cannot be written to, once, as the nearest that is there', () => {
    const root = scratch();
    chmodSync(root, 0o755);
    const [one, other] = [closedIn(root, 'one'), closedIn(root, 'other')];
    assert.match(
      asSomeone(one, join(one, 'new'), join(other, 'a/b')),
      new RegExp(
        `^1 There is no permission to write here \\(nothing was written\\):\n  - ${one} cannot be [^\n]*\n  - ${other} cannot be [^\n]*\n  - give `,
      ),
    );
  });
});
