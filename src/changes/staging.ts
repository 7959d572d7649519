import { randomBytes } from 'node:crypto';
import { makePrivate, removePrivate } from '../base/disk/changing.ts';
import { closeFolder, identityOf, type OpenFolder, openFolder } from '../base/disk/openFolder.ts';
import { type Records, recordsOf } from '../base/disk/records.ts';
import type { Tree } from '../base/disk/tree.ts';
import { type Journal, readJournal, type Step } from './journal.ts';

const prefix = '.comicpile-staging-';
// By the word of its record.
const stagingName = (word: string): string => prefix + word;

/** A private folder in the project, as a file can only be renamed on one file system; what is decided of it is noted outside. */
export type Staging = {
  readonly folder: OpenFolder;
  /** From here on the run is to be carried to its end. */
  readonly decide: (steps: readonly Step[]) => void;
  readonly remove: () => void;
};

const rootOf = (tree: Tree): OpenFolder => {
  const root = tree.folder('');
  if (typeof root !== 'object') throw new Error('there is no folder to write into');
  return root;
};

const removed = (tree: Tree, word: string, folder: OpenFolder, records: Records | undefined): void => {
  removePrivate(rootOf(tree), stagingName(word), folder);
  closeFolder(folder);
  records?.drop(word);
};

const begun = (project: string, word: string, note: Journal): Records | undefined => {
  const records = recordsOf(project, true);
  try {
    records?.begin(word, JSON.stringify(note));
    return records;
  } catch {
    return undefined;
  }
};

/** A new one. Where nothing can be noted it works as well, but what a kill leaves is not finished. */
export const newStaging = (tree: Tree): Staging => {
  const root = rootOf(tree);
  const word = randomBytes(16).toString('hex');
  const note: Journal = { pid: process.pid };
  // Noted before it is there: a folder that nobody has noted is believed by nobody.
  const records = begun(tree.realPath(), word, note);
  const folder = makePrivate(root, stagingName(word));
  return {
    folder,
    decide: (steps) => records?.replace(word, JSON.stringify({ ...note, identity: identityOf(folder), steps })),
    remove: () => removed(tree, word, folder, records),
  };
};

const isAlive = (pid: number): boolean => {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** What a run of this user on this machine has left when it was killed; `steps`: it had decided. */
export type Left = Omit<Staging, 'decide'> & { readonly name: string; readonly steps: readonly Step[] | undefined };

// Its folder, unless that is gone or another one by now.
const folderOf = (tree: Tree, word: string, { identity, steps }: Journal): OpenFolder | undefined => {
  const folder = openFolder(`${rootOf(tree).place}/${stagingName(word)}`);
  if (typeof folder !== 'object') return undefined;
  if (steps === undefined || identity === identityOf(folder)) return folder;
  closeFolder(folder);
  return undefined;
};

/**
 * The runs that were killed, as they have noted it themselves, and the names of folders that look like those of such a run without
 * that this user has noted one on this machine: whatever is in these may be anybody's, and is left alone.
 */
export const leftIn = (tree: Tree): { readonly runs: readonly Left[]; readonly strays: readonly string[] } => {
  if (typeof tree.folder('') !== 'object') return { runs: [], strays: [] };
  const records = recordsOf(tree.realPath(), false);
  const noted = [...(records?.all() ?? [])].flatMap(([word, text]) => {
    const journal = readJournal(text);
    return journal === undefined ? [] : [{ word, journal }];
  });
  const dead = noted.filter(({ journal: { pid } }) => !isAlive(pid));
  const runs = dead.flatMap(({ word, journal }): readonly Left[] => {
    const folder = folderOf(tree, word, journal);
    // It had come to its end but for the note, or the user has given it up.
    if (folder === undefined) {
      records?.drop(word);
      return [];
    }
    return [
      { folder, name: stagingName(word), steps: journal.steps, remove: () => removed(tree, word, folder, records) },
    ];
  });
  const known = new Set([
    ...runs.map(({ name }) => name),
    ...noted.filter(({ journal: { pid } }) => isAlive(pid)).map(({ word }) => stagingName(word)),
  ]);
  const strays = tree.names('').filter((name) => name.startsWith(prefix) && !known.has(name));
  return { runs, strays };
};
