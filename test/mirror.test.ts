import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { entriesBelow } from '../src/base/files.ts';
import { packageRoot } from '../src/base/packageRoot.ts';
import { mirrorOf } from './mirrorOf.ts';
import { untested } from './untested.ts';

const below = (folder: string): readonly string[] =>
  entriesBelow(join(packageRoot(), folder))
    .filter(({ path, isFile }) => isFile && path.endsWith('.ts'))
    .map(({ path }) => path);

const rooms = readdirSync(join(packageRoot(), 'src'));
const modules = below('src');
const tests = below('test').filter((path) => rooms.includes(path.split('/')[0] ?? ''));

describe('test/ mirrors src/', () => {
  const { missing, stale, strays } = mirrorOf(modules, tests, Object.keys(untested));

  it('each module has a test of its name, or a reason in test/untested.ts', () => assert.deepEqual(missing, []));
  it('no reason is for a module that is gone or has its test', () => assert.deepEqual(stale, []));
  it('each test of a room is of a module', () => assert.deepEqual(strays, []));
  it('a reason says where else the module is proved, in a test that there is', () => {
    for (const [module, reason] of Object.entries(untested)) {
      const named = reason.match(/test\/[\w./-]+\.ts/g) ?? [];
      if (!/^only (?:types|names|a table)/.test(reason)) assert.notDeepEqual(named, [], `${module}: ${reason}`);
      for (const path of named) assert.ok(existsSync(join(packageRoot(), path)), `${module}: there is no ${path}`);
    }
  });
});

describe('mirrorOf', () => {
  const modules = ['base/a.ts', 'base/b.ts', 'base/types.d.ts'];
  it('finds a module without a test, a reason that is stale, and a test without a module', () => {
    assert.deepEqual(mirrorOf(modules, ['base/a.test.ts', 'base/helper.ts'], ['base/b.ts']), {
      missing: [],
      stale: [],
      strays: [],
    });
    assert.deepEqual(mirrorOf(modules, ['base/gone.test.ts'], ['base/b.ts', 'base/gone.ts']), {
      missing: ['base/a.ts'],
      stale: ['base/gone.ts'],
      strays: ['base/gone.test.ts'],
    });
    assert.deepEqual(mirrorOf(modules, ['base/a.test.ts', 'base/b.test.ts'], ['base/b.ts']).stale, ['base/b.ts']);
  });
});
