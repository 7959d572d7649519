import type { Door } from '../../base/door.ts';
import { uncommitted } from '../../base/git.ts';
import { printable } from '../../base/printable.ts';
import { shellWord } from '../../base/shellWord.ts';
import { yellow } from '../../base/terminal.ts';
import type { Action, Change } from '../../changes/change.ts';
import type { Lock } from '../../changes/lock.ts';
import { trackedSecrets } from '../../detect/trackedSecrets.ts';
import { newPlaces, type Places } from '../../model/places.ts';

/** What a run tells of the project that it found: names that are the user's from now on, and what is not ours to mend. */

const makefile = 'Makefile';

/** Names of the user's that ours stand aside for, when this is new. */
export const tellNames = (door: Door, lock: Lock, places: Places, changes: readonly Change[]): void => {
  for (const line of newPlaces(places, lock.places)) door.say(yellow(line));
  const stays = changes.some(({ to, action }) => to === makefile && action === 'keep');
  if (!stays || lock.once.includes(makefile)) return;
  door.say(
    yellow(
      `Your ${makefile} stays: with a line \`include ops.mk\` it has our targets too; without one: make -f ops.mk`,
    ),
  );
};

/** What the user has to know of merges beyond the list of files, by what is done to them. */
const notices: Partial<Record<Action, string>> = {
  absent: 'You have deleted these; they stay so (--restore brings them back)',
  release: 'These are yours now: git ignores them, or they are no longer ours and were edited',
  mark: 'Conflicts: decide each between <<<<<<< and >>>>>>>, then `git add` the file',
  conflict: 'These are no text, so nothing was merged into them',
};
export const tellMerges = (door: Door, changes: readonly Change[]): void => {
  for (const [action, what] of Object.entries(notices)) {
    const names = changes.filter((change) => change.action === action).map(({ to }) => `  ${printable(to)}`);
    if (names.length > 0) door.say([yellow(what), ...names].join('\n'));
  }
};

/** Told, never touched: what is in no commit cannot be had back. */
export const tellDirty = (door: Door, directory: string, changes: readonly Change[]): void => {
  const dirty = new Set(uncommitted(directory) ?? []);
  if (dirty.size === 0) return;
  const touched = changes.map(({ to }) => to).filter((to) => dirty.has(to));
  const but = touched.length === 0 ? '' : `, but for what is listed above: ${touched.map(shellWord).join(', ')}`;
  const stay =
    dirty.size === 1
      ? '1 file is changed and not committed; it stays'
      : `${dirty.size} files are changed and not committed; they stay`;
  door.say(yellow(`${stay} as ${dirty.size === 1 ? 'it is' : 'they are'}${but}.`));
};

/** Secrets that git follows, by the names of their files. */
export const tellTracked = (door: Door, directory: string): void => {
  for (const { says, evidence } of trackedSecrets(directory)) {
    door.say([yellow(says), ...evidence.map((one) => `  ${shellWord(one.file)}: ${one.says}`)].join('\n'));
  }
};
