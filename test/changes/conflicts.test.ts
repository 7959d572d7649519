import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Door } from '../../src/base/door.ts';
import type { Change } from '../../src/changes/change.ts';
import { decide, placesAside, type Settling, settle } from '../../src/changes/conflicts.ts';
import { commandsOf } from '../../src/cli/door.ts';
import { changeOf, scratch, silentDoor } from '../fixture.ts';

const change = (to: string, action: Change['action'], given: Partial<Change> = {}) =>
  changeOf({ to, action, before: 'a\n', after: 'b\n', ...given });
const theirs = (to: string) => change(to, 'conflict', { isForeign: true });
const changes = [change('new', 'create'), ...['ops.mk', 'ssl/x', 'db/x'].map(theirs)];
const foreign = ['Dockerfile', 'nginx/nginx.conf', '.github/dependabot.yml'].map(theirs);

const deciding = (...choices: string[]) => {
  const shown: string[] = [];
  const offered: string[][] = [];
  const presets: unknown[] = [];
  const prompt: Door['prompt'] = ([one]) => {
    offered.push((one?.type === 'select' ? one.choices : []).map(({ value }) => value));
    presets.push(one?.default);
    return Promise.resolve({ choice: choices.shift() ?? assert.fail('asked too often') });
  };
  const door: Door = { interactive: true, run: commandsOf('comicpile'), say: (line) => shown.push(line), prompt };
  return { door, shown, offered, presets };
};
const settlingOf = (given: Partial<Settling> = {}): Settling => ({
  directory: scratch(),
  force: false,
  mergedWith: () => undefined,
  ...given,
});
const settled = async (door: Door, all: readonly Change[], given: Partial<Settling> = {}) => {
  const settling = settlingOf(given);
  return settle(all, await decide(door, all, settling), settling);
};
const backupOf = (to: string) =>
  changeOf({ to: `${to}.before-comicpile`, kind: 'state', action: 'backup', copyOf: to });
const names = (all: readonly Change[]) => all.map(({ to }) => to);

describe('decide', () => {
  it('shows each difference', async () => {
    const { door, shown } = deciding('overwrite', 'overwrite', 'overwrite');
    await settled(door, changes);
    assert.equal(shown.length, 3);
    assert.match(shown[0] ?? '', /--- a\/ops\.mk\n\+\+\+ b\/ops\.mk\n@@ -1,1 \+1,1 @@\n-a\n\+b/);
  });
  it('merges where the user says so, and offers it only where it can be done', async () => {
    const { door, offered } = deciding('merge', 'overwrite', 'overwrite');
    const merged = change('ops.mk', 'merge', { isForeign: true });
    const mergedWith = ({ to }: Change) => (to === 'ops.mk' ? merged : undefined);
    const result = await settled(door, changes, { mergedWith });
    assert.deepEqual(result.slice(1, 3), [backupOf('ops.mk'), merged]);
    assert.deepEqual(
      offered.map((values) => values.includes('merge')),
      [true, false, false],
    );
  });
  it('stops asking at "all"', async () => {
    const { door } = deciding('overwrite', 'overwrite-all');
    const result = await settled(door, changes);
    assert.deepEqual(
      result.filter(({ action }) => action === 'overwrite').map(({ to }) => to),
      ['ops.mk', 'ssl/x', 'db/x'],
    );
  });
  it('writes nothing after an abort', async () => {
    await assert.rejects(settled(deciding('abort').door, changes), /Aborted; nothing was written/);
  });
  it('asks nothing of a file of ours, whatever was edited in it', async () => {
    const ours = (['keep', 'merge', 'mark', 'conflict'] as const).map((action) =>
      change(action, action, { base: 'b\n' }),
    );
    assert.deepEqual(await settled(deciding().door, ours), ours);
    assert.deepEqual(await settled(silentDoor(), ours), ours);
  });
});

describe('a file of ours that was edited, with --force', () => {
  const edited = (['keep', 'mode', 'merge', 'mark', 'conflict'] as const).map((action) =>
    change(action, action, { base: 'ours\n', after: 'merged\n' }),
  );
  it('is ours again, and a copy of it comes first', async () => {
    const result = await settled(silentDoor(), edited, { force: true });
    assert.deepEqual(
      result.map(({ to, action, copyOf, after }) => [to, action, copyOf ?? after]),
      edited.flatMap(({ to }) => [
        [`${to}.before-comicpile`, 'backup', to],
        [to, 'overwrite', 'ours\n'],
      ]),
    );
  });
  it('needs no copy where it is as we wrote it, line ends aside', async () => {
    const same = [
      change('a', 'update', { base: 'ours\n' }),
      change('b', 'mode', { base: 'ours\n', before: 'ours\n', after: 'ours\n' }),
      change('c', 'keep', { base: 'ours\n', before: 'ours\r\n', after: 'ours\r\n' }),
    ];
    assert.deepEqual(await settled(silentDoor(), same, { force: true }), same);
  });
});

describe('a file that was there before us', () => {
  const copies = (all: readonly Change[]) =>
    all.filter(({ action }) => action === 'backup').map(({ to, copyOf }) => [copyOf, to]);

  it('is not offered to be kept where the deployment reads ours; then a mere Enter writes nothing', async () => {
    const { door, offered, presets } = deciding('keep', 'overwrite', 'keep');
    assert.deepEqual(names(await settled(door, foreign)), ['nginx/nginx.conf.before-comicpile', 'nginx/nginx.conf']);
    assert.deepEqual(
      offered.map((values) => values.includes('keep')),
      [true, false, true],
    );
    assert.deepEqual(presets, ['keep', 'abort', 'keep']);
  });
  it('has a backup whenever it is changed: by a choice, a merge, "all", --force, --existing backup', async () => {
    const all = names(foreign);
    const mergedWith = (one: Change): Change => ({ ...one, action: 'mark' });
    for (const [door, given] of [
      [deciding('overwrite', 'overwrite', 'overwrite').door, {}],
      [deciding('merge', 'merge', 'merge').door, { mergedWith }],
      [deciding('overwrite-all').door, {}],
      [silentDoor(), { force: true }],
      [silentDoor(), { existing: 'backup' }],
    ] as const) {
      const result = await settled(door, foreign, given);
      assert.deepEqual(
        copies(result),
        all.map((to) => [to, `${to}.before-comicpile`]),
      );
      // The copy comes first.
      assert.deepEqual(
        names(result).filter((_, index) => index % 2 === 1),
        all,
      );
    }
  });
  it('has the next free name for its backup', async () => {
    const directory = scratch();
    const backup = () => settled(silentDoor(), foreign.slice(1, 2), { directory, force: true });
    for (const name of ['nginx/nginx.conf.before-comicpile', 'nginx/nginx.conf.before-comicpile.2']) {
      assert.deepEqual(copies(await backup()), [['nginx/nginx.conf', name]]);
      mkdirSync(dirname(join(directory, name)), { recursive: true });
      writeFileSync(join(directory, name), '');
    }
    assert.deepEqual(copies(await backup()), [['nginx/nginx.conf', 'nginx/nginx.conf.before-comicpile.3']]);
  });
  it('stays with --existing keep, and ours goes elsewhere or nowhere', async () => {
    const all = [foreign[0] ?? assert.fail(), foreign[2] ?? assert.fail()];
    const settling = settlingOf({ existing: 'keep', force: true });
    const decisions = await decide(silentDoor(), all, settling);
    assert.deepEqual(settle(all, decisions, settling), []);
    assert.deepEqual(placesAside(all, decisions, settling), {
      Dockerfile: 'Dockerfile.comicpile',
      '.github/dependabot.yml': null,
    });
  });
  it('is refused without a word, with what can be said; each problem in one message', async () => {
    const all = [...changes, ...foreign];
    await assert.rejects(
      settled(silentDoor(), all),
      /differ from ours[\s\S]*- ops\.mk was there before us\n[\s\S]*- Dockerfile was there before us\n[\s\S]*--existing backup[^\n]*--existing keep/,
    );
    for (const force of [false, true]) {
      await assert.rejects(settled(silentDoor(), all, { existing: 'keep', force }), (error: Error) => {
        assert.match(
          error.message,
          /- nginx\/nginx\.conf was there before us, and cannot stay beside ours: the deployment/,
        );
        assert.doesNotMatch(error.message, /- Dockerfile/);
        return true;
      });
    }
    await assert.rejects(settled(deciding().door, foreign, { existing: 'refuse' }), /- Dockerfile was there/);
    await assert.rejects(settled(silentDoor(), foreign, { existing: 'refuse', force: true }), /- Dockerfile was there/);
  });
  it('is shown without the values of secrets, and without what a terminal would obey', async () => {
    const { door, shown } = deciding('overwrite');
    const before = 'POSTGRES_PASSWORD: hunter2\n"api_key" = "k3y"\nURL=postgres://me:pw123@db/x\n\u001b[2J\nplain\n';
    await settled(door, [change('nginx/nginx.conf', 'conflict', { isForeign: true, before })]);
    const text = shown.join('\n');
    assert.doesNotMatch(text, /hunter2|k3y|pw123/);
    assert.ok(!text.includes('\u001b'));
    assert.match(
      text,
      /-POSTGRES_PASSWORD: \(not shown\)\n-"api_key" = \(not shown\)\n.*me:\(not shown\)@db\/x\n-\\u001b\[2J\n-plain/,
    );
  });
});
