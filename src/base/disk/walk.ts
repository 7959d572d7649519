import { type Dirent, existsSync, readdirSync, realpathSync, statSync } from 'node:fs';

/** An app of somebody's as a look at it walks: by names, into no folder that is a link, and never into one that cannot be read. */
const byName = (one: Dirent, other: Dirent): number => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0);

/** What is in a folder, in order; undefined where there is none, or it cannot be read. */
export const entriesOf = (folder: string): readonly Dirent[] | undefined => {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort(byName);
  } catch {
    return undefined;
  }
};

/** Whether the user has named a folder; links may lead to it. */
export const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** Where it is without them. */
export const realRoot = (path: string): string => realpathSync(path);

/** Whether there is something at a path that is not the project's to say: a program, a repository of git. */
export const exists = (path: string): boolean => existsSync(path);
