import type { Change } from './change.ts';
import { markUnmerged } from './git.ts';
import type { Lock } from './lock.ts';
import { readBase } from './mergeBase.ts';
import { write } from './write.ts';

/** Carries out the changes, and tells git of the conflicts among them, with the bases that they had before. */
export const writeMerged = (directory: string, changes: readonly Change[], lock: Lock): void => {
  const marked = changes.filter(({ action, isForeign }) => action === 'mark' && !isForeign);
  const bases = new Map(marked.map(({ to }) => [to, readBase(directory, to, lock)]));
  write(directory, changes);
  if (marked.length > 0) markUnmerged(directory, marked, (to) => bases.get(to));
};
