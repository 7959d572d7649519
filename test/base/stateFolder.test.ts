import assert from 'node:assert/strict';
import { stateFolder } from '../../src/base/stateFolder.ts';

const names = ['XDG_STATE_HOME', 'HOME'] as const;

const withEnvironment = (given: Readonly<Partial<Record<(typeof names)[number], string>>>): string | undefined => {
  const before = names.map((name) => [name, process.env[name]] as const);
  const put = (rows: readonly (readonly [string, string | undefined])[]) => {
    for (const [name, value] of rows) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  try {
    put(names.map((name) => [name, given[name]]));
    return stateFolder();
  } finally {
    put(before);
  }
};

describe('stateFolder', () => {
  it('is where XDG says, or below the home directory', () => {
    assert.equal(withEnvironment({ XDG_STATE_HOME: '/var/state', HOME: '/home/me' }), '/var/state/comicpile');
    assert.equal(withEnvironment({ HOME: '/home/me' }), '/home/me/.local/state/comicpile');
  });
  it('is never relative to where the user stands', () => {
    assert.equal(withEnvironment({ XDG_STATE_HOME: 'state', HOME: '/home/me' }), '/home/me/.local/state/comicpile');
    assert.equal(withEnvironment({ HOME: 'me' }), undefined);
  });
});
