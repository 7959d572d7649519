import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digest } from '../../src/base/digest.ts';
import { version } from '../../src/base/version.ts';
import type { Change } from '../../src/changes/change.ts';
import { lockAfter, readLock } from '../../src/changes/lock.ts';
import { changeOf, scratch } from '../fixture.ts';

const change = (to: string, given: Partial<Change> = {}) => changeOf({ to, after: `${to}\n`, ...given });

const locked = (text: string): string => {
  const directory = scratch();
  mkdirSync(join(directory, '.comicpile'));
  writeFileSync(join(directory, '.comicpile/lock.json'), text);
  return directory;
};

describe('lockAfter', () => {
  it('records what is ours, by digest, with the version that wrote it', () => {
    const { after, action } = lockAfter(scratch(), [
      change('b'),
      change('a', { action: 'overwrite' }),
      change('.env.production', { kind: 'secret' }),
      change('edited', { action: 'conflict' }),
    ]);
    assert.equal(action, 'create');
    assert.deepEqual(JSON.parse(after), {
      generator: version(),
      files: { a: digest('a\n'), b: digest('b\n') },
      once: [],
      templates: {},
      packs: {},
    });
  });
  it('records what we would have written where it was merged, and forgets what is no longer ours', () => {
    const directory = locked(
      '{"files": {"gone": "sha256:1", "yours": "sha256:2", "deleted": "sha256:3"}, "once": ["app"]}',
    );
    const { after } = lockAfter(directory, [
      change('a', { action: 'merge', base: 'ours\n' }),
      change('gone', { action: 'remove' }),
      change('yours', { action: 'release' }),
      change('deleted', { action: 'absent' }),
      change('Makefile', { kind: 'once' }),
      change('pyproject.toml', { kind: 'once', action: 'keep' }),
      change('tests/test_app.py', { kind: 'once', action: 'absent' }),
    ]);
    assert.deepEqual(JSON.parse(after), {
      generator: version(),
      files: { a: digest('ours\n'), deleted: 'sha256:3' },
      once: ['Makefile', 'app', 'pyproject.toml'],
      templates: {},
      packs: {},
    });
  });
  it('keeps the digests of files that this run does not touch', () => {
    const directory = locked('{"files": {"other": "sha256:1", "a": "sha256:2"}}');
    const { after } = lockAfter(directory, [change('a')]);
    assert.deepEqual(JSON.parse(after).files, { a: digest('a\n'), other: 'sha256:1' });
  });
  it('is identical the second time', () => {
    const directory = locked(lockAfter(scratch(), [change('a')]).after);
    assert.equal(lockAfter(directory, [change('a')]).action, 'identical');
  });
});

describe('readLock', () => {
  it('is empty without a lock', () =>
    assert.deepEqual(readLock(scratch()), {
      generator: '',
      files: {},
      once: [],
      templates: {},
      packs: {},
      places: {},
    }));
  it('refuses to guess at a broken one', () => assert.throws(() => readLock(locked('{')), /lock\.json cannot be read/));
});

describe('digest', () => {
  it('is the file’s SHA-256', () => {
    assert.equal(digest(''), 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });
});
