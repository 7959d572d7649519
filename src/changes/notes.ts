import type { Places } from '../model/places.ts';
import type { Change } from './change.ts';
import { type Lock, lockAfter } from './lock.ts';
import { basesAfter } from './mergeBase.ts';

/** What is noted in the project of these changes: the merge bases, and the lock as the last. */
export const notesAfter = (
  directory: string,
  changes: readonly Change[],
  packs: Lock['packs'] = {},
  places?: Places,
): readonly Change[] => {
  const noted = { packs, ...(places === undefined ? {} : { places }) };
  return [...basesAfter(directory, changes), lockAfter(directory, changes, noted)];
};
