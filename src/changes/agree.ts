import { type Places, placesIn } from '../model/places.ts';
import type { Stack } from '../model/stack.ts';
import { ignoringBackups } from './backup.ts';
import type { Change } from './change.ts';
import { type Decisions, placesAside, type Settling, settle } from './conflicts.ts';
import type { Lock } from './lock.ts';

/** What a run would do. */
export type Planned = {
  readonly stack: Stack;
  /** Where files of ours are that are not at their usual place. */
  readonly places: Places;
  readonly changes: readonly Change[];
};

/**
 * The plan that the user agrees to. A file of ours that stands aside for one of the user's changes what others say of it, so all is
 * rendered anew, until nothing else stands aside; what is decided is not asked again.
 */
export const agree = async (
  planWith: (places: Places) => Promise<Planned>,
  decideOn: (changes: readonly Change[], former: Decisions) => Decisions | Promise<Decisions>,
  settling: Settling,
  lock: Lock,
): Promise<Planned> => {
  const { directory } = settling;
  let planned = await planWith(placesIn(directory, lock));
  let decisions = await decideOn(planned.changes, new Map());
  for (;;) {
    const aside = placesAside(planned.changes, decisions, settling);
    if (Object.keys(aside).length === 0) break;
    planned = await planWith({ ...planned.places, ...aside });
    decisions = await decideOn(planned.changes, decisions);
  }
  const changes = ignoringBackups(directory, settle(planned.changes, decisions, settling));
  return { ...planned, changes };
};
