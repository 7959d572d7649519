import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { alters, type Change } from '../../src/changes/change.ts';
import { lockAfter, readLock } from '../../src/changes/lock.ts';
import { hasMarkers } from '../../src/changes/merge3.ts';
import { notesAfter } from '../../src/changes/notes.ts';
import { planUpdate } from '../../src/changes/planUpdate.ts';
import type { Rename } from '../../src/changes/renames.ts';
import { write } from '../../src/changes/write.ts';
import type { Artifact, Kind } from '../../src/emit/catalogue.ts';
import { render } from '../../src/emit/render.ts';
import type { RenderedFile } from '../../src/emit/renderedFile.ts';
import { projectTemplates } from '../../src/emit/sources.ts';
import { edited, lostLines, someEdits, someLines, textOf } from '../changes/arbitraries.ts';
import { scratch, stackOf } from '../fixture.ts';
import { byGit } from './byGit.ts';

/** What happens to one file between two versions: to its template, and at its user's. */
const story = fc.record({
  kind: fc.constantFrom<Kind>('file', 'file', 'script', 'once', 'lines'),
  first: someLines,
  ours: someEdits,
  /** Ours: it stays, has another name, is gone, or is new in the second version. */
  fate: fc.constantFrom('stays', 'stays', 'stays', 'moves', 'goes', 'comes'),
  user: fc.constantFrom('leaves it', 'edits', 'edits', 'edits', 'deletes', 'has one of that name'),
  theirs: someEdits,
  crlf: fc.boolean(),
  ended: fc.boolean(),
  mode: fc.constantFrom(undefined, undefined, 0o600, 0o640, 0o755, 0o644),
  /** A template of the project's own, in both versions: for the whole file, or for a slot in it. */
  override: fc.constantFrom('none', 'none', 'whole', 'place'),
  own: someLines,
});
type Story = typeof story extends fc.Arbitrary<infer Value> ? Value : never;
type Named = Story & { readonly from: string; readonly to: string };

const nameOf = (index: number): string => `${['', 'nginx/', 'scripts/deep/'][index % 3]}file${index}`;
const named = (stories: readonly Story[]): Named[] =>
  stories.map((one, index) => {
    const from = nameOf(index);
    const moves = one.fate === 'moves' && (one.kind === 'file' || one.kind === 'script');
    return { ...one, from, to: moves ? `moved/${from}` : from };
  });

/** What a version renders of a story: by hand, not by what is tested. */
const renderedText = ({ override, own }: Story, lines: readonly string[]): string => {
  if (override === 'whole') return textOf(own);
  return override === 'place' ? textOf(lines) + textOf(own) : textOf(lines);
};
const baseText = (one: Story): string => renderedText(one, one.first);
const newText = (one: Story): string => renderedText(one, edited(one.first, one.ours));

type Row = { readonly one: Named; readonly to: string; readonly lines: readonly string[] };

/** The templates of a version in a folder, those of the project in it, and all rendered as the generator does. */
const renderVersion = (directory: string, rows: readonly Row[]): readonly RenderedFile[] => {
  const ours = scratch();
  const own = join(directory, projectTemplates);
  rmSync(own, { recursive: true, force: true });
  const catalogue = rows.map(({ one, to, lines }): Artifact => {
    const place = one.override === 'place' ? '<%# extra: more -%>\n' : '';
    put(ours, `${to}.ejs`, textOf(lines) + place);
    if (one.override === 'whole') put(own, `${to}.ejs`, textOf(one.own));
    if (one.override === 'place' && one.own.length > 0) put(own, `${to}.extra/more.ejs`, textOf(one.own));
    return { owner: 'nginx', to, kind: one.kind };
  });
  const sources = [
    { name: projectTemplates, root: own },
    { name: 'a release', root: ours },
  ];
  const files = render(catalogue, stack, sources);
  rmSync(ours, { recursive: true });
  for (const { artifact, text } of files) {
    const row = rows.find(({ to }) => to === artifact.to) ?? assert.fail(artifact.to);
    assert.equal(text, renderedText(row.one, row.lines), artifact.to);
  }
  return files;
};
const firstVersion = (directory: string, stories: readonly Named[]): readonly RenderedFile[] =>
  renderVersion(
    directory,
    stories.filter(({ fate }) => fate !== 'comes').map((one) => ({ one, to: one.from, lines: one.first })),
  );
const secondVersion = (directory: string, stories: readonly Named[]): readonly RenderedFile[] =>
  renderVersion(
    directory,
    stories
      .filter(({ fate }) => fate !== 'goes')
      .map((one) => ({ one, to: one.to, lines: edited(one.first, one.ours) })),
  );
const renamesIn = (stories: readonly Named[]): Rename[] =>
  stories.filter(({ from, to }) => from !== to).map(({ from, to }) => ({ since: '0.2.0', from, to }));

const put = (directory: string, path: string, text: string): void => {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), text);
};
const get = (directory: string, path: string): string | undefined =>
  existsSync(join(directory, path)) ? readFileSync(join(directory, path), 'utf8') : undefined;

const generate = (directory: string, files: readonly RenderedFile[]): void => {
  const changes = planUpdate(directory, files, readLock(directory), { restore: true, generates: true });
  write(directory, [...changes, ...notesAfter(directory, changes)].filter(alters));
};
const update = (directory: string, files: readonly RenderedFile[], renames: readonly Rename[]): readonly Change[] => {
  const changes = planUpdate(directory, files, readLock(directory), { restore: false, renames });
  const settled = changes.filter(({ action }) => action !== 'conflict');
  write(directory, [...settled, ...notesAfter(directory, settled)].filter(alters));
  return changes;
};

const act = (directory: string, { from, user, fate, theirs, crlf, ended, mode, first }: Named): void => {
  const path = join(directory, from);
  if (user === 'has one of that name' && fate === 'comes') put(directory, from, textOf(edited(first, theirs), ended));
  if (!existsSync(path)) return;
  if (user === 'deletes') {
    rmSync(path);
    return;
  }
  if (user === 'edits') {
    const lines = edited(readFileSync(path, 'utf8').split('\n').slice(0, -1), theirs);
    const text = textOf(lines, ended);
    writeFileSync(path, crlf ? text.replaceAll('\n', '\r\n') : text);
  }
  if (mode !== undefined) chmodSync(path, mode);
};

const treeOf = (directory: string): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path, `${statSync(path).mode & 0o777} ${readFileSync(path, 'utf8')}`]),
  );

const stack = stackOf();

describe('500 random histories', () => {
  const seen = { merged: 0, marked: 0, asGit: 0, deleted: 0, moved: 0, gone: 0, own: 0 };

  it('lose no line of the user, merge as git does, and are over after one update', () => {
    fc.assert(
      fc.property(fc.array(story, { minLength: 1, maxLength: 5 }), (stories) => {
        const all = named(stories);
        const directory = scratch();
        generate(directory, firstVersion(directory, all));
        put(directory, 'mine/notes.txt', 'mine\n');
        for (const one of all) act(directory, one);
        const before = new Map(all.flatMap(({ from, to }) => [from, to].map((path) => [path, get(directory, path)])));
        const modes = new Map(
          all.map(({ from }) => [
            from,
            before.get(from) === undefined ? 0 : statSync(join(directory, from)).mode & 0o777,
          ]),
        );
        const changes = new Map(
          update(directory, secondVersion(directory, all), renamesIn(all)).map((one) => [one.to, one]),
        );

        assert.equal(get(directory, 'mine/notes.txt'), 'mine\n');
        for (const one of all) {
          const { from, to, kind, fate, user } = one;
          const yours = before.get(from);
          const base = fate === 'comes' ? '' : baseText(one);
          const managed = kind === 'file' || kind === 'script';
          const now = get(directory, to) ?? get(directory, from);
          if (yours === undefined) {
            // Nothing was there: it comes anew, or the user has deleted it and it stays so.
            assert.equal(
              now !== undefined,
              fate === 'comes' || (user === 'deletes' && kind === 'lines' && fate !== 'goes'),
              from,
            );
            if (user === 'deletes') seen.deleted += 1;
            continue;
          }
          const theirs = newText(one);
          const lf = (text: string): string => text.replaceAll('\r\n', '\n');
          if (now === undefined) {
            // Only what is ours and as we wrote it goes.
            assert.ok(managed && fate === 'goes' && lf(yours) === base, from);
            seen.gone += 1;
            continue;
          }
          assert.deepEqual(lostLines(yours, base, now), [], from);
          if (from !== to) {
            assert.equal(get(directory, from), undefined, from);
            seen.moved += 1;
          }
          if (!managed || fate === 'goes') {
            if (kind === 'once' || fate === 'goes') assert.equal(now, yours, from);
            continue;
          }
          const action = changes.get(to)?.action;
          if (action === 'mark') {
            assert.ok(hasMarkers(now), from);
            seen.marked += 1;
          } else {
            assert.equal(hasMarkers(now), false, from);
            const git = byGit({ yours: lf(yours), base, theirs });
            if (git.clean) {
              assert.equal(lf(now), git.text, from);
              seen.asGit += 1;
            }
            if (action === 'merge') seen.merged += 1;
            if (one.override !== 'none') seen.own += 1;
          }
          const mode = statSync(join(directory, to)).mode & 0o777;
          assert.equal(mode, kind === 'script' ? (modes.get(from) ?? 0) | 0o100 : modes.get(from), from);
        }

        const after = treeOf(directory);
        update(directory, secondVersion(directory, all), renamesIn(all));
        assert.deepEqual(treeOf(directory), after, 'a second update changes something');
        assert.equal(lockAfter(directory, []).action, 'identical');
        rmSync(directory, { recursive: true });
      }),
      { numRuns: 500 },
    );
    console.log(`      ${JSON.stringify(seen)}`);
    for (const [what, times] of Object.entries(seen)) assert.ok(times >= 10, `only ${times} times ${what}`);
  });
});
