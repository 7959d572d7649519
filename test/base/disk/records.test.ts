import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { recordsOf } from '../../../src/base/disk/records.ts';
import { scratch } from '../../fixture.ts';
import { give } from '../../unprivileged.ts';

describe('records', () => {
  const { HOME, XDG_STATE_HOME } = process.env;
  afterEach(() => Object.assign(process.env, { HOME, XDG_STATE_HOME }));
  const inState = (folder: string): void => {
    process.env.XDG_STATE_HOME = folder;
  };

  it('are of one project, private, and gone when they are dropped', () => {
    const [state, one, other] = [scratch(), scratch(), scratch()];
    inState(join(state, 'new'));
    assert.equal(recordsOf(one, false), undefined);
    const records = recordsOf(one, true) ?? assert.fail();
    records.begin('a', '1');
    records.replace('a', '2');
    records.begin('b', '3');
    assert.deepEqual([...records.all()].sort(), [
      ['a', '2'],
      ['b', '3'],
    ]);
    assert.deepEqual([...(recordsOf(other, true)?.all() ?? [])], []);
    const folder = join(state, 'new/comicpile');
    const modes = [folder, ...readdirSync(folder).map((name) => join(folder, name))].map(
      (path) => statSync(path).mode & 0o777,
    );
    assert.deepEqual(modes, [0o700, 0o600, 0o600]);
    for (const name of ['a', 'b']) records.drop(name);
    assert.deepEqual(readdirSync(folder), []);
  });

  it('are in the home of the user where nothing else is said, and a relative path says nothing', () => {
    const home = scratch();
    process.env.HOME = home;
    inState('here');
    recordsOf(scratch(), true)?.begin('a', '1');
    assert.equal(readdirSync(join(home, '.local/state/comicpile')).length, 1);
  });

  it('are never believed from a folder that others write to, that is a link, or that is in the project', () => {
    const project = scratch();
    const state = scratch();
    inState(state);
    mkdirSync(join(state, 'comicpile'), { mode: 0o700 });
    chmodSync(join(state, 'comicpile'), 0o770);
    const linked = scratch();
    symlinkSync(scratch(), join(linked, 'comicpile'));
    const inward = scratch();
    symlinkSync(project, join(inward, 'way'));
    const unless = (folder: string): void => {
      // Root has a home of its own to fall back to.
      const records = recordsOf(project, true);
      records?.begin(`test-${process.pid}`, 'x');
      const found = readdirSync(folder, { recursive: true, encoding: 'utf8' });
      records?.drop(`test-${process.pid}`);
      assert.ok(!found.some((path) => path.includes('test-')), folder);
    };
    unless(join(state, 'comicpile'));
    inState(linked);
    unless(join(linked, 'comicpile'));
    inState(join(project, 'state'));
    unless(project);
    inState(join(inward, 'way/state'));
    unless(project);
  });

  it('of root are not in the home of another user', function () {
    if (process.geteuid?.() !== 0) this.skip();
    const home = scratch();
    give(home);
    inState(home);
    recordsOf(scratch(), true);
    assert.deepEqual(readdirSync(home), []);
  });

  it('are none where nothing can be written', function () {
    if (process.platform !== 'linux') this.skip();
    inState('/proc/none');
    assert.equal(recordsOf(scratch(), true), undefined);
  });
});
