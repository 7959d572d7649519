import assert from 'node:assert/strict';
import { settleConflicts } from '../src/conflicts.ts';
import type { Door } from '../src/door.ts';
import type { Change } from '../src/plan.ts';
import { changeOf, silentDoor } from './fixture.ts';

const change = (to: string, action: Change['action']) => changeOf({ to, action, before: 'a\n', after: 'b\n' });
const changes = [
  change('new', 'create'),
  change('one', 'conflict'),
  change('two', 'conflict'),
  change('three', 'conflict'),
];

const deciding = (...choices: string[]) => {
  const shown: string[] = [];
  const prompt = () => Promise.resolve({ choice: choices.shift() ?? assert.fail('asked too often') });
  const door: Door = { interactive: true, command: 'comicpile', say: (line) => shown.push(line), prompt };
  return { door, shown };
};
const names = (settled: readonly Change[]) => settled.map(({ to }) => to);

describe('settleConflicts', () => {
  it('shows each difference and keeps what the user wants to keep', async () => {
    const { door, shown } = deciding('keep', 'overwrite', 'keep');
    assert.deepEqual(names(await settleConflicts(door, changes, false)), ['new', 'two']);
    assert.equal(shown.length, 3);
    assert.match(shown[0] ?? '', /--- a\/one\n\+\+\+ b\/one\n@@ -1,1 \+1,1 @@\n-a\n\+b/);
  });
  it('merges where the user says so, and offers it only where there is a base', async () => {
    const offered: string[][] = [];
    const prompt: Door['prompt'] = ([one]) => {
      offered.push((one?.choices ?? []).map(({ value }) => value));
      return Promise.resolve({ choice: offered.length === 1 ? 'merge' : 'keep' });
    };
    const door: Door = { interactive: true, command: 'comicpile', say: () => undefined, prompt };
    const merged = change('one', 'merge');
    const settled = await settleConflicts(door, changes, false, ({ to }) => (to === 'one' ? merged : undefined));
    assert.deepEqual(settled, [changes[0], merged]);
    assert.deepEqual(
      offered.map((values) => values.includes('merge')),
      [true, false, false],
    );
  });
  it('stops asking at "all"', async () => {
    const { door } = deciding('keep', 'overwrite-all');
    assert.deepEqual(names(await settleConflicts(door, changes, false)), ['new', 'two', 'three']);
  });
  it('writes nothing after an abort', async () => {
    await assert.rejects(settleConflicts(deciding('abort').door, changes, false), /Aborted; nothing was written/);
  });
  it('refuses without a terminal, and lists all files', async () => {
    await assert.rejects(settleConflicts(silentDoor(), changes, false), /- one\n {2}- two\n {2}- three/);
  });
  it('overwrites when forced', async () => {
    assert.deepEqual(names(await settleConflicts(silentDoor(), changes, true)), ['new', 'one', 'two', 'three']);
  });
});
