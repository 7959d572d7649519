import type { Door } from '../base/door.ts';
import { printable } from '../base/printable.ts';
import { Refusal } from '../base/refusal.ts';
import { bold, yellow } from '../base/terminal.ts';
import type { Lock } from '../changes/lock.ts';
import type { Digests } from '../policy/digests.ts';
import { type Agreed, agreedHere } from './agreed.ts';
import { digestsDigest, type Item, itemsOf } from './consent.ts';
import type { Team } from './team.ts';

export type Admission = {
  readonly directory: string;
  readonly lock: Lock;
  /** Those of the project that the run prints. */
  readonly digests?: Digests;
  /** --trust: yes to everything in this run, for machines; it is not remembered. */
  readonly trust: boolean;
  /** Whether the run writes, and so puts all of it where it is run. */
  readonly writes: boolean;
  /** What a run that writes nothing runs itself of the emitted files. */
  readonly runs?: ((to: string) => boolean) | undefined;
};

const mostShown = 10;

const inFull = ({ says, details }: Item): readonly string[] => [says, ...details.map((detail) => `    ${detail}`)];

/** One line an item. */
const shorten = (items: readonly Item[]): readonly string[] => {
  const shown = items.slice(0, mostShown).map(({ says }) => `  ${printable(says)}`);
  return items.length > mostShown ? [...shown, `  and ${items.length - mostShown} more`] : shown;
};

const refuse = (open: readonly Item[]): never => {
  throw new Refusal('This needs your word, as it ends in what is run (nothing was written):', [
    ...open.map((item) => inFull(item).join('\n  ')),
    'look at it, then say so on a terminal, or with --trust',
  ]);
};

const today = (): string => new Date().toISOString().slice(0, 10);

const askFor = async (door: Door, open: readonly Item[], agreed: Agreed, directory: string): Promise<void> => {
  door.say(bold('What is not of this generator and will be run:'));
  door.say(open.flatMap((item) => inFull(item).map((line) => `  ${printable(line, 2000)}`)).join('\n'));
  const message = open.length === 1 ? 'Have you read it, and agree?' : `Have you read these ${open.length}, and agree?`;
  const answer = await door.prompt([{ type: 'confirm', name: 'agreed', message, default: false }]);
  if (answer.agreed !== true) throw new Refusal('Without it nothing was done.', [], 1);
  const problem = agreed.keep(
    Object.fromEntries(open.map(({ digest, says }) => [digest, `${today()} in ${directory}: ${says}`])),
  );
  if (problem !== undefined) door.say(yellow(`Your word holds for this run only: ${printable(problem)}.`));
};

/**
 * Asks once for the user's word on whatever of a team's own making ends in something that is run, and that this user has not agreed to on
 * this machine, before anything of it is written; refuses without. What is used is named in each run. To look at it needs no word.
 */
export const admit = async (
  door: Door,
  team: Team,
  { directory, lock, digests, trust, writes, runs }: Admission,
): Promise<void> => {
  if (!writes && runs === undefined) return;
  const isConcerned = ({ touches }: Item): boolean => writes || touches.some((to) => runs?.(to) === true);
  const concerned = () => itemsOf(team, lock, digests).filter(isConcerned);
  const items = concerned();
  if (items.length === 0) return;
  const agreed = agreedHere(directory);
  const open = trust ? [] : items.filter(({ digest }) => !agreed.has(digest));
  const used = items.filter((item) => !open.includes(item));
  if (open.length > 0) {
    if (!door.interactive) refuse(open);
    await askFor(door, open, agreed, directory);
    // Somebody may have taken minutes to read.
    const digests = new Set(items.map(({ digest }) => digest));
    if (!concerned().every(({ digest }) => digests.has(digest)))
      throw new Refusal('It has changed while you read it (nothing was written): run this again.', [], 1);
  }
  // What only looks may print JSON.
  if (writes && used.length > 0)
    door.say([bold(trust ? 'Used, on the word of --trust:' : 'Used, as agreed:'), ...shorten(used)].join('\n'));
};

/** Remembers digests that a run of this user's has just asked of the registries. */
export const agreeToDigests = (directory: string, digests: Digests): void => {
  agreedHere(directory).keep({ [digestsDigest(digests)]: `${today()} in ${directory}: asked of the registries` });
};
