import type { Lock } from './lock.ts';

/** A file of ours that has another name since this version of the generator. */
export type Rename = { readonly since: string; readonly from: string; readonly to: string };

/** THE table of renames, oldest first; a file that is only gone needs no row. */
export const renames: readonly Rename[] = [];

/** New name to the one under which the project has the file; a chain of renames is followed. */
export const renamesOf = (
  table: readonly Rename[],
  lock: Lock,
  rendered: ReadonlySet<string>,
): ReadonlyMap<string, string> => {
  const found = new Map<string, string>();
  for (const former of Object.keys(lock.files)) {
    if (rendered.has(former)) continue;
    const now = table.reduce((name, { from, to }) => (name === from ? to : name), former);
    if (now !== former && rendered.has(now) && !(now in lock.files)) found.set(now, former);
  }
  return found;
};
