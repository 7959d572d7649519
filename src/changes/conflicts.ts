import type { Door } from '../base/door.ts';
import { Refusal } from '../base/refusal.ts';
import { canStandAside, type Places, placeBeside } from '../model/places.ts';
import { backupName, backupOf } from './backup.ts';
import type { Change } from './change.ts';
import { isSame } from './edited.ts';
import { diffOf } from './report.ts';

/** What becomes of files that were there before us, where nobody is asked. */
export const treatments = ['backup', 'keep', 'refuse'] as const;
export type Treatment = (typeof treatments)[number];

/** What the user has decided of one file that was there before us. */
type Decision = 'keep' | 'merge' | 'overwrite';
export type Decisions = ReadonlyMap<string, Decision>;
type Choice = Decision | 'overwrite-all' | 'abort';

export type Settling = {
  readonly directory: string;
  /** Ours is taken wherever it differs, and a copy is kept of what it overwrites. */
  readonly force: boolean;
  /** Of files that were there before us; omitted: the user is asked, or `force` says. */
  readonly existing?: Treatment | undefined;
  /** A change as a merge; undefined where it cannot be merged. */
  readonly mergedWith: (change: Change) => Change | undefined;
};

type Option = { readonly value: Choice; readonly name: string };
const last: readonly Option[] = [
  { value: 'overwrite-all', name: 'replace this one and all others; a backup is kept of each' },
  { value: 'abort', name: 'abort; write nothing' },
];

const mergeOption: Option = { value: 'merge', name: 'merge both; what does not fit stands between markers' };

const optionsFor = (change: Change, settling: Settling): readonly Option[] => {
  const { directory } = settling;
  const { to } = change;
  const merge: readonly Option[] = settling.mergedWith(change) === undefined ? [] : [mergeOption];
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
  const lineOf = ({ to }: Change): string =>
    `${to} was there before us${byFlag(settling) === 'keep' ? `, and ${cannotStay}` : ''}`;
  throw new Refusal(
    'These files differ from ours (nothing was written):',
    [
      ...conflicts.map(lineOf),
      'see the differences with --diff; or run on a terminal to decide one by one',
      '--existing backup takes ours and a copy of yours, --existing keep keeps both',
    ],
    1,
  );
};

/** What flags say of what was there before us; undefined: nothing. */
const byFlag = ({ force, existing }: Settling): Decision | 'refuse' | undefined => {
  if (existing === undefined) return force ? 'overwrite' : undefined;
  return existing === 'backup' ? 'overwrite' : existing;
};

const isInTheWay = ({ to }: Change, settling: Settling): boolean => {
  const decision = byFlag(settling);
  return decision === 'refuse' || (decision === 'keep' && !canStandAside(to));
};

const isOpenQuestion = ({ action, isForeign }: Change): boolean => action === 'conflict' && isForeign === true;

/** What flags decide, without a question; what they refuse is refused. */
export const decidedByFlags = (changes: readonly Change[], settling: Settling): Decisions => {
  const conflicts = changes.filter(isOpenQuestion);
  const refused = conflicts.filter((change) => isInTheWay(change, settling));
  if (refused.length > 0) refuse(refused, settling);
  const decision = byFlag(settling);
  if (decision === undefined || decision === 'refuse') return new Map();
  return new Map(conflicts.map(({ to }) => [to, decision]));
};

/**
 * What the user decides of the files that were there before us and differ from ours, beyond what is decided already. Each is shown as
 * a diff and is theirs to decide; without a terminal it stands in the way of the whole run, unless flags have said what to do.
 */
export const decide = async (
  door: Door,
  changes: readonly Change[],
  settling: Settling,
  former: Decisions = new Map(),
): Promise<Decisions> => {
  const conflicts = changes.filter((change) => isOpenQuestion(change) && !former.has(change.to));
  const open = byFlag(settling) === undefined ? conflicts : [];
  if (open.length > 0 && !door.interactive) refuse(open, settling);
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
    const message = `${to} was there before us, and differs from ours`;
    const { choice } = await door.prompt([
      { type: 'select', name: 'choice', message, choices: options, default: safest(options) },
    ]);
    if (choice === 'abort') throw new Refusal('Aborted; nothing was written.', [], 1);
    all = choice === 'overwrite-all';
    decisions.set(to, all ? 'overwrite' : (choice as Decision));
  }
  return decisions;
};

// A file of ours that the user has edited, as `base` is what ours would be.
const isTheirs = ({ action, before, base }: Change): boolean =>
  base !== undefined && ['keep', 'mode', 'merge', 'mark', 'conflict'].includes(action) && !isSame(before, base);

/**
 * The changes as decided, and as forced. Where ours takes the place of what the user has, or is merged into what was there before us, a
 * copy of that goes first; what was there before us and stays is no change.
 */
export const settle = (
  changes: readonly Change[],
  decisions: Decisions,
  { directory, force, mergedWith }: Settling,
): readonly Change[] => {
  const replaced = (change: Change): readonly Change[] => [
    backupOf(directory, change.to),
    { ...change, action: 'overwrite', after: change.base ?? change.after },
  ];
  return changes.flatMap((change): readonly Change[] => {
    if (!change.isForeign) return force && isTheirs(change) ? replaced(change) : [change];
    const decision = isOpenQuestion(change) ? decisions.get(change.to) : undefined;
    if (decision === undefined) return [change];
    if (decision === 'keep') return [];
    const merged = decision === 'merge' ? mergedWith(change) : undefined;
    return merged === undefined ? replaced(change) : [backupOf(directory, change.to), merged];
  });
};

/** Where ours goes, as the user keeps what was there before us. */
export const placesAside = (changes: readonly Change[], decisions: Decisions, { directory }: Settling): Places =>
  Object.fromEntries(
    changes
      .filter((change) => change.isForeign && decisions.get(change.to) === 'keep')
      .map(({ to }) => [to, placeBeside(directory, to)]),
  );
