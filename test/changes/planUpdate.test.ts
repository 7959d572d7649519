import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digest } from '../../src/base/digest.ts';
import { Refusal } from '../../src/base/refusal.ts';
import { version } from '../../src/base/version.ts';
import { basePath } from '../../src/changes/mergeBase.ts';
import { type Choices, mergedWith, planUpdate } from '../../src/changes/planUpdate.ts';
import type { Kind } from '../../src/emit/catalogue.ts';
import type { RenderedFile } from '../../src/emit/renderedFile.ts';
import { changeOf, folderWith } from '../fixture.ts';

const rendered = (to: string, text: string, kind?: Kind): RenderedFile => ({
  artifact: { owner: 'docker', to, ...(kind === undefined ? {} : { kind }) },
  text,
});
const old = 'one\ntwo\nthree\nfour\nfive\n';
const next = old.replace('one', 'ONE');

/** What an update does in a project in which we wrote `written` last and in which `disk` is now. */
const updating = (
  {
    written = {},
    disk = {},
    once = [],
  }: Partial<Record<'written' | 'disk', Record<string, string>>> & { once?: string[] },
  files: readonly RenderedFile[],
  choices: Partial<Choices> = {},
) => {
  const bases = Object.fromEntries(Object.entries(written).map(([to, text]) => [basePath(to), text]));
  const directory = folderWith({ ...bases, ...disk });
  const digests = Object.fromEntries(Object.entries(written).map(([to, text]) => [to, digest(text)]));
  const lock = { generator: '0.0.1', files: digests, once, templates: {}, packs: {}, places: {} };
  return planUpdate(directory, files, lock, { restore: false, ...choices });
};
const only = (...given: Parameters<typeof updating>) => {
  const [change, ...more] = updating(...given);
  assert.deepEqual(more, []);
  return change ?? assert.fail('nothing is planned');
};
const actions = (...given: Parameters<typeof updating>) =>
  updating(...given).map(({ to, action }) => `${action} ${to}`);

describe('planUpdate, of one file of ours', () => {
  for (const [what, disk, now, action, after] of [
    ['as we wrote it, nothing new', old, old, 'identical', old],
    ['as we wrote it, something new', old, next, 'update', next],
    [
      'as we wrote it but for its line ends',
      old.replaceAll('\n', '\r\n'),
      next,
      'update',
      next.replaceAll('\n', '\r\n'),
    ],
    ['edited, nothing new', `${old}mine\n`, old, 'keep', `${old}mine\n`],
    ['edited, something new elsewhere', `${old}mine\n`, next, 'merge', `${next}mine\n`],
    ['edited to what is new', next, next, 'identical', next],
    [
      'edited in the same place',
      old.replace('one', 'mine'),
      next,
      'mark',
      `<<<<<<< yours\nmine\n=======\nONE\n>>>>>>> comicpile ${version()}\n${old.replace('one\n', '')}`,
    ],
  ] as const) {
    it(`${what}: ${action}`, () => {
      const change = only({ written: { a: old }, disk: { a: disk } }, [rendered('a', now)]);
      assert.deepEqual([change.action, change.after, change.base], [action, after, now]);
    });
  }

  it('that the user has deleted stays so, until it is to be restored', () => {
    const given = { written: { a: old } };
    assert.deepEqual(actions(given, [rendered('a', next)]), ['absent a']);
    assert.deepEqual(actions(given, [rendered('a', next)], { restore: true }), ['create a']);
    assert.deepEqual(actions({}, [rendered('a', next)]), ['create a']);
  });
  it('that git ignores is the user’s: neither touched nor kept in the lock', () => {
    const ignored = new Set(['a', 'b', 'c']);
    const given = { written: { a: old, b: old }, disk: { a: 'mine\n', b: old } };
    assert.deepEqual(actions(given, [rendered('a', next), rendered('c', next)], { ignored }), [
      'release a',
      'release b',
    ]);
  });
  it('whose base is lost is merged from nothing: each difference is one to decide', () => {
    const directory = folderWith({ a: `${old}mine\n` });
    const lock = { generator: '0.0.1', files: { a: digest(old) }, once: [], templates: {}, packs: {}, places: {} };
    const [change] = planUpdate(directory, [rendered('a', next)], lock, { restore: false });
    assert.equal(change?.action, 'mark');
    assert.equal(change?.after.match(/^<<<<<<< /gm)?.length, 2);
  });
  it('that is no text cannot be merged', () => {
    const directory = folderWith({ [basePath('a')]: old });
    writeFileSync(join(directory, 'a'), Buffer.from([0xff, 0xfe]));
    const lock = { generator: '0.0.1', files: { a: digest(old) }, once: [], templates: {}, packs: {}, places: {} };
    assert.equal(planUpdate(directory, [rendered('a', next)], lock, { restore: false })[0]?.action, 'conflict');
  });
  it('keeps the permissions that the user has given it, but a script runs', () => {
    const directory = folderWith({ [basePath('a.sh')]: old, 'a.sh': old });
    chmodSync(join(directory, 'a.sh'), 0o640);
    const lock = { generator: '0.0.1', files: { 'a.sh': digest(old) }, once: [], templates: {}, packs: {}, places: {} };
    const [same] = planUpdate(directory, [rendered('a.sh', old, 'script')], lock, { restore: false });
    assert.deepEqual([same?.action, same?.mode], ['mode', 0o740]);
    const [changed] = planUpdate(directory, [rendered('a.sh', next, 'script')], lock, { restore: false });
    assert.deepEqual([changed?.action, changed?.mode], ['update', 0o740]);
  });
  it('counts for nothing what `settle` takes back of an edit', () => {
    const settle = (text: string) => text.replace('two by a bot', 'two');
    const disk = { a: `${old.replace('two', 'two by a bot')}mine\n` };
    const now = old.replace('two', 'TWO');
    const change = only({ written: { a: old }, disk }, [rendered('a', now)], { settle });
    assert.deepEqual([change.action, change.after], ['merge', `${now}mine\n`]);
  });
});

describe('planUpdate, of files that we no longer have', () => {
  it('removes what was not edited, and leaves the rest to the user', () => {
    const written = { same: old, edited: old, deleted: old, crlf: old };
    const disk = { same: old, edited: `${old}mine\n`, crlf: old.replaceAll('\n', '\r\n') };
    assert.deepEqual(actions({ written, disk }, []), [
      'remove same',
      'release edited',
      'release deleted',
      'remove crlf',
    ]);
  });
  const renames = [{ since: '0.2.0', from: 'former', to: 'now' }];
  it('carries an edit over to the new name', () => {
    const given = { written: { former: old }, disk: { former: `${old}mine\n` } };
    const [change, ...more] = updating(given, [rendered('now', next)], { renames });
    assert.deepEqual(
      [change?.to, change?.action, change?.before, change?.after],
      ['now', 'merge', '', `${next}mine\n`],
    );
    assert.deepEqual(
      more.map(({ to, action }) => `${action} ${to}`),
      ['remove former'],
    );
  });
  it('what was deleted under its former name stays so under the new one', () => {
    const [change] = updating({ written: { former: old } }, [rendered('now', next)], { renames });
    assert.deepEqual([change?.action, change?.base], ['absent', old]);
  });
});

describe('planUpdate, of files of the user', () => {
  it('appends what is missing, and brings back no file that was written once', () => {
    const files = [rendered('.gitignore', 'a\nb\n', 'lines'), rendered('Makefile', 'all:\n', 'once')];
    const [lines, once] = updating({ disk: { '.gitignore': 'mine\na\n' }, once: ['Makefile'] }, files);
    assert.deepEqual([lines?.action, once?.action], ['extend', 'absent']);
    assert.match(lines?.after ?? '', /^mine\na\n[\s\S]*\nb\n$/);
  });
  it('draws no secret in a clone that has none, and the new one where there are some', () => {
    const files = [rendered('.env.production', 'A=1\nB=2\n', 'secret')];
    assert.deepEqual(actions({}, files), []);
    assert.deepEqual(actions({ disk: { '.env.production': 'A=x\n' } }, files), ['extend .env.production']);
    const asFiles = ['secrets/a', 'secrets/b'].map((to) => rendered(to, 'drawn', 'secret'));
    assert.deepEqual(actions({ disk: { 'secrets/a': 'kept' } }, asFiles).at(-1), 'create secrets/b');
  });
  it('refuses to append to what is no text', () => {
    const directory = folderWith({});
    writeFileSync(join(directory, '.gitignore'), Buffer.from([0xe9]));
    const lock = { generator: '0.0.1', files: {}, once: [], templates: {}, packs: {}, places: {} };
    const files = [rendered('.gitignore', 'a\n', 'lines')];
    assert.throws(() => planUpdate(directory, files, lock, { restore: false }), Refusal);
  });
});

describe('planUpdate, of a generation', () => {
  const generating = { generates: true, restore: true } as const;
  const crlf = (text: string) => text.replaceAll('\n', '\r\n');

  it('merges what is ours as an update does; only what was there before us is the user’s to decide', () => {
    const written = { a: old, b: old, c: old };
    const disk = { a: `${old}mine\n`, b: old.replace('one', 'mine'), c: crlf(old), theirs: 'x\n' };
    const files = ['a', 'b', 'c', 'theirs'].map((to) => rendered(to, next));
    assert.deepEqual(actions({ written, disk }, files, generating), [
      'merge a',
      'mark b',
      'update c',
      'conflict theirs',
    ]);
    const changes = updating({ written, disk }, files, generating);
    assert.deepEqual(
      changes.map(({ isForeign }) => isForeign === true),
      [false, false, false, true],
    );
  });
  it('has nothing to do where the files of a checkout have other line ends, whether ours or not yet', () => {
    const files = [rendered('a', old), rendered('b.sh', old, 'script'), rendered('theirs', old)];
    const disk = { a: crlf(old), 'b.sh': crlf(old), theirs: crlf(old) };
    const changes = updating({ written: { a: old, 'b.sh': old }, disk }, files, generating);
    assert.deepEqual(
      changes.map(({ to, action, after }) => [to, action === 'mode' ? 'identical' : action, after]),
      Object.entries(disk).map(([to, text]) => [to, 'identical', text]),
    );
  });
  it('brings back what was deleted, draws secrets, and removes what is no longer ours unless it is of a part', () => {
    const given = { written: { a: old, gone: old }, disk: { gone: old }, once: ['Makefile'] };
    const files = [rendered('a', old), rendered('Makefile', 'x\n', 'once'), rendered('secrets/x', 'x', 'secret')];
    const all = ['create a', 'create Makefile', 'create secrets/x'];
    assert.deepEqual(actions(given, files, generating), [...all, 'remove gone']);
    assert.deepEqual(actions(given, files, { ...generating, isPart: true }), all);
  });
});

describe('mergedWith', () => {
  const conflict = changeOf({ to: 'a', action: 'conflict', before: `${old}mine\n`, after: next, isForeign: true });
  it('marks each difference, and notes ours as the next base', () => {
    const directory = folderWith({ a: conflict.before });
    const change = mergedWith(directory)(conflict);
    assert.deepEqual([change?.action, change?.base], ['mark', next]);
    assert.match(change?.after ?? '', /^<<<<<<< yours\none\n=======\nONE\n>>>>>>> /);
  });
  it('cannot merge bytes', () => {
    const directory = folderWith({});
    writeFileSync(join(directory, 'a'), Buffer.from([0xff]));
    assert.equal(mergedWith(directory)(conflict), undefined);
  });
});
