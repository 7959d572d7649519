import type { Door } from '../base/door.ts';
import { Refusal } from '../base/refusal.ts';
import { isPinned, type Lock } from '../changes/lock.ts';
import type { Pack } from './pack.ts';

const about = ({ name, version }: Pack, lock: Lock): string => {
  const pin = lock.packs[name];
  const moved = pin === undefined ? 'is new here' : `has changed since the ${pin.version} of .comicpile/lock.json`;
  return `the pack ${name} ${version} ${moved}`;
};

export type Admission = {
  readonly lock: Lock;
  /** --trust: yes to everything, for machines. */
  readonly trust: boolean;
  /** Whether this run writes, and so pins. */
  readonly writes: boolean;
};

/**
 * Asks for the user's word on each pack that the lock has not, or has otherwise, before anything of it is written; refuses without.
 * The lock then has it. To look at what a pack would do needs no word, as all that it brings is data.
 */
export const admit = async (door: Door, packs: readonly Pack[], { lock, trust, writes }: Admission): Promise<void> => {
  const open = writes && !trust ? packs.filter((pack) => !isPinned(lock, pack)) : [];
  if (open.length > 0 && !door.interactive) {
    throw new Refusal('This needs your word (nothing was written):', [
      ...open.map((pack) => about(pack, lock)),
      'look at it, then say so on a terminal, or with --trust',
    ]);
  }
  for (const pack of open) {
    const message = `T${about(pack, lock).slice(1)}. Use it?`;
    const { agreed } = await door.prompt([{ type: 'confirm', name: 'agreed', message, default: false }]);
    if (agreed !== true) throw new Refusal('Without it nothing was done.', [], 1);
  }
};
