import type { Stats } from 'node:fs';
import { Refusal } from '../refusal.ts';

/** What is at a place that is no plain file, in words. */
export const kindOf = (stat: Stats): string => {
  if (stat.isSymbolicLink()) return 'is a link';
  if (stat.isDirectory()) return 'is a folder';
  if (stat.isFIFO()) return 'is a named pipe';
  if (stat.isSocket()) return 'is a socket';
  return stat.isFile() ? 'is a file' : 'is a device';
};

/**
 * The one refusal of what is no plain file or folder where one of ours belongs, or has no end: it is neither read nor replaced, as
 * it may lead anywhere.
 */
export const strange = (problems: readonly string[]): Refusal =>
  new Refusal('These places of ours hold what cannot be used (nothing was written):', [
    ...new Set(problems),
    'look at each, and move it away',
  ]);
