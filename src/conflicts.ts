import type { Door } from './door.ts';
import type { Change } from './plan.ts';
import { Refusal } from './refusal.ts';
import { diffOf } from './report.ts';

type Choice = 'keep' | 'merge' | 'overwrite' | 'overwrite-all' | 'abort';

const choices: readonly { readonly value: Choice; readonly name: string }[] = [
  { value: 'keep', name: 'keep mine' },
  { value: 'merge', name: 'merge both; what does not fit stands between markers' },
  { value: 'overwrite', name: 'overwrite it' },
  { value: 'overwrite-all', name: 'overwrite this one and all others' },
  { value: 'abort', name: 'abort; write nothing' },
];

const overwrite = (change: Change): Change =>
  change.action === 'conflict' ? { ...change, action: 'overwrite' } : change;

/**
 * The changes that the user agrees to. A file that differs from ours is shown as a diff and is theirs to decide;
 * without a terminal it stands in the way of the whole run, unless `force` was said. `mergedWith` gives the same change as a
 * merge, where there is a base for one.
 */
export const settleConflicts = async (
  door: Door,
  changes: readonly Change[],
  force: boolean,
  mergedWith: (change: Change) => Change | undefined = () => undefined,
): Promise<readonly Change[]> => {
  const conflicts = changes.filter(({ action }) => action === 'conflict');
  if (conflicts.length === 0 || force) return changes.map(overwrite);
  if (!door.interactive) {
    throw new Refusal(
      'These files were changed by hand or by an older version (nothing was written):',
      [
        ...conflicts.map(({ to }) => to),
        'see the differences with --diff; take ours with --force; or run on a terminal to decide one by one',
      ],
      1,
    );
  }
  const kept = new Set<string>();
  const merged = new Map<string, Change>();
  for (const conflict of conflicts) {
    door.say(await diffOf(conflict));
    const both = mergedWith(conflict);
    const open = choices.filter(({ value }) => value !== 'merge' || both !== undefined);
    const { choice } = await door.prompt([
      { type: 'select', name: 'choice', message: `${conflict.to} differs from ours`, choices: open, default: 'keep' },
    ]);
    if (choice === 'abort') throw new Refusal('Aborted; nothing was written.', [], 1);
    if (choice === 'overwrite-all') break;
    if (choice === 'keep') kept.add(conflict.to);
    if (choice === 'merge' && both !== undefined) merged.set(conflict.to, both);
  }
  return changes.filter(({ to }) => !kept.has(to)).map((change) => merged.get(change.to) ?? overwrite(change));
};
