import { lockAfter, type Pin } from './lock.ts';
import type { Pack } from './packs/pack.ts';
import type { Places } from './places.ts';
import type { Change } from './plan.ts';
import { basesAfter } from './update/base.ts';

const pinsOf = (packs: readonly Pack[]): Readonly<Record<string, Pin>> =>
  Object.fromEntries(packs.map(({ name, version, integrity }) => [name, { version, integrity }]));

/** What is noted in the project of these changes: the merge bases, and the lock as the last. */
export const notesAfter = (
  directory: string,
  changes: readonly Change[],
  packs: readonly Pack[] = [],
  places?: Places,
): readonly Change[] => {
  const noted = { packs: pinsOf(packs), ...(places === undefined ? {} : { places }) };
  return [...basesAfter(directory, changes), lockAfter(directory, changes, noted)];
};
