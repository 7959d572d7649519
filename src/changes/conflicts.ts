import type { Door } from '../base/door.ts';
import { Refusal } from '../base/refusal.ts';
import { canStandAside, type Places, placeBeside } from '../model/places.ts';
import { backupName, backupOf } from './backup.ts';
import type { Change } from './change.ts';
import { diffOf } from './report.ts';

/** What becomes of files that were there before us, where nobody is asked. */
export const treatments = ['backup', 'keep', 'refuse'] as const;
export type Treatment = (typeof treatments)[number];

/** What the user has decided of one file. */
type Decision = 'keep' | 'merge' | 'overwrite';
export type Decisions = ReadonlyMap<string, Decision>;
type Choice = Decision | 'overwrite-all' | 'abort';

export type Settling = {
  readonly directory: string;
  readonly force: boolean;
  /** Of files that were there before us; omitted: the user is asked, or `force` says. */
  readonly existing?: Treatment | undefined;
  /** A change as a merge; undefined where it cannot be merged. */
  readonly mergedWith: (change: Change) => Change | undefined;
};

type Option = { readonly value: Choice; readonly name: string };
const last: readonly Option[] = [
  { value: 'overwrite-all', name: 'overwrite this one and all others; of what is not ours a backup is kept' },
  { value: 'abort', name: 'abort; write nothing' },
];

const mergeOption: Option = { value: 'merge', name: 'merge both; what does not fit stands between markers' };

const optionsFor = (change: Change, settling: Settling): readonly Option[] => {
  const { directory } = settling;
  const { to } = change;
  const merge: readonly Option[] = settling.mergedWith(change) === undefined ? [] : [mergeOption];
  if (!change.isForeign) {
    return [{ value: 'keep', name: 'keep mine' }, ...merge, { value: 'overwrite', name: 'overwrite it' }, ...last];
  }
  const other = canStandAside(to) ? placeBeside(directory, to) : undefined;
  const keep = other === null ? 'keep mine; ours is not written' : `keep both; ours becomes ${other}`;
  const backup = `mine as it is goes to ${backupName(directory, to)}`;
  return [
    ...(other === undefined ? [] : [{ value: 'keep', name: keep } as const]),
    ...merge.map(({ value, name }) => ({ value, name: `${name}; ${backup}` })),
    { value: 'overwrite', name: `replace it; ${backup}` },
    ...last,
  ];
};

// What a mere Enter does.
const safest = (options: readonly Option[]): Choice =>
  options.some(({ value }) => value === 'keep') ? 'keep' : 'abort';

// No deployment that works by half: what it reads at this very place must be ours.
const cannotStay = 'cannot stay beside ours: the deployment reads ours in the same place';

const refuse = (conflicts: readonly Change[], settling: Settling): never => {
  const foreign = conflicts.filter(({ isForeign }) => isForeign);
  const lineOf = (change: Change): string => {
    if (!foreign.includes(change)) return change.to;
    return `${change.to} was there before us${byFlag(change, settling) === 'keep' ? `, and ${cannotStay}` : ''}`;
  };
  throw new Refusal(
    foreign.length > 0
      ? 'These files differ from ours (nothing was written):'
      : 'These files were changed by hand or by an older version (nothing was written):',
    [
      ...conflicts.map(lineOf),
      'see the differences with --diff; take ours with --force; or run on a terminal to decide one by one',
      ...(foreign.length > 0
        ? ['what was there before us: --existing backup takes ours and a copy of yours, --existing keep keeps both']
        : []),
    ],
    1,
  );
};

/** What flags say of a conflict; undefined: nothing. */
const byFlag = (change: Change, { force, existing }: Settling): Decision | 'refuse' | undefined => {
  const decided = change.isForeign ? existing : undefined;
  if (decided === undefined) return force ? 'overwrite' : undefined;
  return decided === 'backup' ? 'overwrite' : decided;
};

const isInTheWay = (change: Change, settling: Settling): boolean => {
  const decision = byFlag(change, settling);
  return decision === 'refuse' || (decision === 'keep' && !canStandAside(change.to));
};

/** What flags decide, without a question; what they refuse is refused. */
export const decidedByFlags = (changes: readonly Change[], settling: Settling): Decisions => {
  const conflicts = changes.filter(({ action }) => action === 'conflict');
  const refused = conflicts.filter((change) => isInTheWay(change, settling));
  if (refused.length > 0) refuse(refused, settling);
  return new Map(
    conflicts.flatMap((change) => {
      const decision = byFlag(change, settling);
      return decision === undefined || decision === 'refuse' ? [] : [[change.to, decision] as const];
    }),
  );
};

/**
 * What the user decides of the files that differ from ours, beyond what is decided already. Each is shown as a diff and is theirs
 * to decide; without a terminal it stands in the way of the whole run, unless flags have said what to do.
 */
export const decide = async (
  door: Door,
  changes: readonly Change[],
  settling: Settling,
  former: Decisions = new Map(),
): Promise<Decisions> => {
  const conflicts = changes.filter(({ to, action }) => action === 'conflict' && !former.has(to));
  const isOpen = (change: Change): boolean => byFlag(change, settling) === undefined;
  const open = conflicts.filter(isOpen);
  if (open.length > 0 && !door.interactive) {
    refuse(
      conflicts.filter((change) => isOpen(change) || isInTheWay(change, settling)),
      settling,
    );
  }
  const decisions = new Map([...decidedByFlags(conflicts, settling), ...former]);
  let all = false;
  for (const conflict of open) {
    const { to } = conflict;
    if (all) {
      decisions.set(to, 'overwrite');
      continue;
    }
    door.say(await diffOf(conflict));
    const options = optionsFor(conflict, settling);
    const message = conflict.isForeign ? `${to} was there before us, and differs from ours` : `${to} differs from ours`;
    const { choice } = await door.prompt([
      { type: 'select', name: 'choice', message, choices: options, default: safest(options) },
    ]);
    if (choice === 'abort') throw new Refusal('Aborted; nothing was written.', [], 1);
    all = choice === 'overwrite-all';
    decisions.set(to, all ? 'overwrite' : (choice as Decision));
  }
  return decisions;
};

/** The changes as decided. Of a file that was there before us and is changed a backup goes first; one that stays is no change. */
export const settle = (
  changes: readonly Change[],
  decisions: Decisions,
  { directory, mergedWith }: Settling,
): readonly Change[] =>
  changes.flatMap((change): readonly Change[] => {
    const decision = decisions.get(change.to);
    if (change.action !== 'conflict' || decision === undefined) return [change];
    if (decision === 'keep') return [];
    const decided: Change =
      (decision === 'merge' ? mergedWith(change) : undefined) ?? ({ ...change, action: 'overwrite' } as const);
    return change.isForeign ? [backupOf(directory, change.to), decided] : [decided];
  });

/** Where ours goes, as the user keeps what was there before us. */
export const placesAside = (changes: readonly Change[], decisions: Decisions, { directory }: Settling): Places =>
  Object.fromEntries(
    changes
      .filter((change) => change.isForeign && decisions.get(change.to) === 'keep')
      .map(({ to }) => [to, placeBeside(directory, to)]),
  );
