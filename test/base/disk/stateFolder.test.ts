import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeStateFolder, readState, stateFolder, writeState } from '../../../src/base/disk/stateFolder.ts';
import { scratch } from '../../fixture.ts';

const names = ['XDG_STATE_HOME', 'HOME'] as const;

const withEnvironment = (
  given: Readonly<Partial<Record<(typeof names)[number], string>>>,
): ReturnType<typeof stateFolder> => {
  const before = names.map((name) => [name, process.env[name]] as const);
  const put = (rows: readonly (readonly [string, string | undefined])[]) => {
    for (const [name, value] of rows) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  try {
    put(names.map((name) => [name, given[name]]));
    return stateFolder(scratch());
  } finally {
    put(before);
  }
};

describe('stateFolder', () => {
  it('is where XDG says, or below the home directory', () => {
    const [state, home] = [scratch(), scratch()];
    assert.deepEqual(withEnvironment({ XDG_STATE_HOME: state, HOME: home }), { folder: join(state, 'comicpile') });
    assert.deepEqual(withEnvironment({ HOME: home }), { folder: join(home, '.local/state/comicpile') });
  });

  it('is never relative to where the user stands', () => {
    const home = scratch();
    const own = { folder: join(home, '.local/state/comicpile') };
    assert.deepEqual(withEnvironment({ XDG_STATE_HOME: 'state', HOME: home }), own);
    assert.deepEqual(withEnvironment({ HOME: 'me' }), { problem: 'there is no home directory' });
  });

  it('is made for its owner alone, and what is in it is believed only so', () => {
    const folder = join(scratch(), 'a/b');
    makeStateFolder(folder);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    const path = join(folder, 'note');
    assert.equal(readState(path, 100), undefined);
    for (const text of ['one', 'two']) writeState(path, text);
    assert.equal(readState(path, 100), 'two');
    assert.equal(readState(path, 2), undefined);
    chmodSync(path, 0o640);
    assert.equal(readState(path, 100), undefined);
    chmodSync(path, 0o600);
    symlinkSync(path, join(folder, 'link'));
    mkdirSync(join(folder, 'folder'));
    for (const name of ['link', 'folder']) assert.equal(readState(join(folder, name), 100), undefined);
  });

  it('cannot be below a file', () => {
    const file = join(scratch(), 'file');
    writeFileSync(file, '');
    assert.ok('problem' in withEnvironment({ XDG_STATE_HOME: file }));
  });
});
