import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digest } from '../../src/base/digest.ts';
import { Refusal } from '../../src/base/refusal.ts';
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
      '{"files": {"gone": "sha256:1111111111111111111111111111111111111111111111111111111111111111", "yours": "sha256:2222222222222222222222222222222222222222222222222222222222222222", "deleted": "sha256:3333333333333333333333333333333333333333333333333333333333333333"}, "once": ["app"]}',
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
      files: {
        a: digest('ours\n'),
        deleted: 'sha256:3333333333333333333333333333333333333333333333333333333333333333',
      },
      once: ['Makefile', 'app', 'pyproject.toml'],
      templates: {},
      packs: {},
    });
  });
  it('keeps the digests of files that this run does not touch', () => {
    const directory = locked(
      '{"files": {"other": "sha256:1111111111111111111111111111111111111111111111111111111111111111", "a": "sha256:2222222222222222222222222222222222222222222222222222222222222222"}}',
    );
    const { after } = lockAfter(directory, [change('a')]);
    assert.deepEqual(JSON.parse(after).files, {
      a: digest('a\n'),
      other: 'sha256:1111111111111111111111111111111111111111111111111111111111111111',
    });
  });
  it('is identical the second time', () => {
    const directory = locked(lockAfter(scratch(), [change('a')]).after);
    assert.equal(lockAfter(directory, [change('a')]).action, 'identical');
  });
});

describe('readLock', () => {
  it('is empty without a lock', () =>
    assert.deepEqual(structuredClone(readLock(scratch())), {
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

describe('a lock that somebody else has written', () => {
  const good = `sha256:${'0'.repeat(64)}`;
  const problemsOf = (lock: object): readonly string[] => {
    try {
      readLock(locked(JSON.stringify(lock)));
      return [];
    } catch (error) {
      assert.ok(error instanceof Refusal && error.code === 2, String(error));
      return error.problems;
    }
  };

  it('names files of the project only, and where this generator writes; all others are refused at once', () => {
    const wrong = [
      ...['../home/.bashrc', '/etc/passwd', 'a/../../x', '.git/config', 'vendor/.GIT/hooks/x', 'a\u001b[2Jb'],
      ...['.yo-rc.json', '.env.production', '.ENV.local', 'secrets/db_password', '.comicpile/lock.json', 'ssl/x.key'],
      ...['backups/x.dump', '.comicpile-staging-x/0'],
    ];
    const right = ['Dockerfile', '.env.example', 'ssl/.gitkeep', 'environment/x', '.github/workflows/security.yml'];
    const files = Object.fromEntries([...wrong, ...right].map((path) => [path, good]));
    assert.equal(problemsOf({ files }).length, wrong.length + 1);
    assert.equal(problemsOf({ once: [...wrong, ...right] }).length, wrong.length + 1);
    assert.deepEqual(problemsOf({ files: Object.fromEntries(right.map((path) => [path, good])), once: right }), []);
  });

  it('has digests, versions and names of packs, and no more of them than anybody needs', () => {
    const many = Object.fromEntries(Array.from({ length: 5001 }, (_, index) => [`${index}`, good]));
    for (const [lock, problem] of [
      [{ files: { a: 'sha256:1' } }, /^files: a has not a digest/],
      [{ files: { a: 1 } }, /^files: a has not a digest/],
      [{ files: [] }, /^files: is no map$/],
      [{ files: many }, /^files: has more than 5000 entries$/],
      [{ once: 'a' }, /^once: is no list/],
      [{ once: [1] }, /^once: is no list/],
      [{ templates: { '../x': good } }, /^templates: \.\.\/x leads out of the project$/],
      [{ packs: { 'a\u001b': { version: '1.0.0', integrity: good } } }, /^packs: .* is not the name of a pack$/],
      [{ packs: { a: { version: '1.0.0\u001b[2J', integrity: good } } }, /^packs: a has not a version and a digest/],
      [{ packs: { a: null } }, /^packs: a has not/],
      [{ generator: '0.1.0; id' }, /^generator: is no version/],
      [{ places: [] }, /^places: is no map$/],
    ] as const) {
      assert.match(problemsOf(lock)[0] ?? '', problem);
    }
    assert.equal(
      problemsOf({ files: Object.fromEntries(Array.from({ length: 99 }, (_, at) => [`../${at}`, good])) }).length,
      22,
    );
  });

  it('is a map, and not nested without end', () => {
    for (const text of [
      'null',
      '[]',
      '1',
      '"x"',
      `${'['.repeat(200_000)}${']'.repeat(200_000)}`,
      `{"a":${'[['.repeat(60)}${']]'.repeat(60)}}`,
    ]) {
      assert.throws(() => readLock(locked(text)), Refusal, text.slice(0, 20));
    }
  });

  it('gives no name a meaning that it has not', () => {
    const { files, packs } = readLock(locked(`{"files": {"__proto__": "${good}", "constructor": "${good}"}}`));
    assert.deepEqual([Object.keys(files).length, files.toString, packs.constructor], [2, undefined, undefined]);
    assert.equal(({} as Record<string, unknown>).sha256, undefined);
  });
});
