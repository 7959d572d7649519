import { dirname, join } from 'node:path';
import { digest } from '../base/digest.ts';
import { create, makeRoot, move, ownersIn, remove } from '../base/disk/changing.ts';
import { closeFolder, namesIn, type OpenFolder } from '../base/disk/openFolder.ts';
import { readPlain } from '../base/disk/plainFile.ts';
import { strange } from '../base/disk/strange.ts';
import { inTree, type Tree } from '../base/disk/tree.ts';
import { refuseUnwritable } from '../base/disk/writable.ts';
import { Refusal } from '../base/refusal.ts';
import { shellWord } from '../base/shellWord.ts';
import type { Change } from './change.ts';
import type { Step } from './journal.ts';
import { type Left, leftIn, newStaging } from './staging.ts';

// Past umask: a container reads these files and folders under another user, and nobody but the owner reads a secret.
const withoutUmask = (work: () => void): void => {
  const umask = process.umask(0);
  try {
    work();
  } finally {
    process.umask(umask);
  }
};

/** Each file as it will be, whole, in the staging folder; refuses where one is no longer what the change is of. */
export const stage = (tree: Tree, folder: OpenFolder, changes: readonly Change[]): readonly Step[] => {
  create(folder, '.gitignore', '*\n', { mode: 0o644 });
  const owner = ownersIn(tree);
  const moved: string[] = [];
  const steps = changes.map((change, index): Step => {
    const { to, kind, action, after, mode, copyOf } = change;
    const former = tree.read(to);
    if ((former?.bytes.toString() ?? '') !== change.before) moved.push(to);
    const before = former === undefined ? {} : { before: digest(former.bytes) };
    const step = { to, folderMode: kind === 'secret' ? 0o700 : 0o755, ...before };
    if (action === 'remove') return step;
    // A copy has the bytes and the mode of this moment, not those of when it was planned.
    const origin = copyOf === undefined ? undefined : tree.read(copyOf);
    const content = origin?.bytes ?? after;
    create(folder, String(index), content, {
      mode: origin === undefined ? mode : origin.stat.mode & 0o777,
      owner: (origin ?? former)?.stat ?? owner(to),
    });
    return { ...step, from: String(index), digest: digest(content) };
  });
  // Questions take their time, and the user may have gone on meanwhile.
  if (moved.length > 0) {
    throw new Refusal('These files have changed since this run looked at them (nothing was written):', moved, 1);
  }
  return steps;
};

// In order, and again without harm: what has been moved is no longer in the staging folder.
const carryOut = (tree: Tree, folder: OpenFolder, steps: readonly Step[]): void => {
  for (const { from, to, folderMode } of steps) {
    if (from === undefined) remove(tree, to);
    else move(tree, folder, from, to, folderMode);
  }
};

/** Whether a run was killed after it had decided and before it was done. */
export const wasInterrupted = (directory: string): boolean =>
  inTree(directory, (tree) => {
    const { runs } = leftIn(tree);
    for (const { folder } of runs) closeFolder(folder);
    return runs.some(({ steps }) => steps !== undefined);
  });

// Only of this size is a file of ours: `create` has written it.
const stagedDigest = (folder: OpenFolder, from: string): string | undefined => {
  const found = readPlain(`${folder.place}/${from}`, Number.MAX_SAFE_INTEGER);
  return found === undefined ? undefined : digest(found.bytes);
};

const finish = (tree: Tree, { folder, name, steps = [], remove: removeStaging }: Left): void => {
  const staged = new Set(namesIn(folder));
  const rest = steps.filter(({ from, to }) => (from === undefined ? tree.has(to) : staged.has(from)));
  const problems = rest.flatMap(({ to }) => tree.look(to).problem ?? []);
  if (problems.length > 0) throw strange(problems);
  const changed = rest.filter(({ to, from, digest: expected, before }) => {
    const now = tree.read(to)?.bytes;
    const isOther = now !== undefined && digest(now) !== before;
    return isOther || (from !== undefined && stagedDigest(folder, from) !== expected);
  });
  if (changed.length > 0) {
    throw new Refusal(
      'A run was interrupted, and these files have changed since (nothing was written):',
      [
        ...changed.map(({ to }) => to),
        `move them away and run this again, which finishes that run; or give it up: rm -r ${name}`,
      ],
      1,
    );
  }
  withoutUmask(() => carryOut(tree, folder, rest));
  removeStaging();
};

const mostTold = 5;

/**
 * Carries on what a killed run had decided, and drops what another one had only begun. What the user has changed in the
 * meantime is not overwritten: then it refuses. A folder that looks like one of a killed run, but that this user has not noted on this
 * machine, is told and left alone.
 */
export const resume = (directory: string, say: (line: string) => void): void =>
  inTree(directory, (tree) => {
    const { runs, strays } = leftIn(tree);
    for (const name of strays.slice(0, mostTold)) {
      say(
        `${shellWord(name)} is not of a run of yours on this machine, so it is left alone. Unless another user is at work, delete it.`,
      );
    }
    if (strays.length > mostTold) say(`… and ${strays.length - mostTold} more of them`);
    for (const run of runs) finish(tree, run);
  });

/**
 * Carries out the changes: every file is written whole into a private folder beside its place (same file system), with its
 * mode and owner from the first byte. Then a journal is noted outside the project, and the files are renamed in the order given. A kill
 * leaves each file old or new, never half of one; after the journal the next run goes on to the end, before it nothing has changed.
 */
export const write = (directory: string, changes: readonly Change[]): void => {
  if (changes.length === 0) return;
  // Before anything is decided: half of the files would be there, and the others could not be.
  refuseUnwritable([directory, ...changes.map(({ to }) => dirname(join(directory, to)))]);
  makeRoot(directory);
  inTree(directory, (tree) => {
    const { folder, decide, remove: removeStaging } = newStaging(tree);
    withoutUmask(() => {
      let steps: readonly Step[];
      try {
        steps = stage(tree, folder, changes);
        decide(steps);
      } catch (error) {
        removeStaging();
        throw error;
      }
      carryOut(tree, folder, steps);
    });
    removeStaging();
  });
};
