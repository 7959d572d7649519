import type { Given } from '../../answers/gather.ts';
import { storedEntry } from '../../answers/stored.ts';
import { refuseUnwritable } from '../../base/disk/writable.ts';
import type { Door } from '../../base/door.ts';
import { Refusal } from '../../base/refusal.ts';
import { yellow } from '../../base/terminal.ts';
import type { Lock } from '../../changes/lock.ts';
import { doubtsOf } from '../../detect/place.ts';

type Asked = {
  readonly directory: string;
  readonly flags: Given;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly diff: boolean;
  readonly allowPlace?: boolean;
};

const isOurs = (directory: string, lock: Lock): boolean =>
  Object.keys(lock.files).length > 0 || Object.keys(storedEntry(directory)).length > 0;

/**
 * Whether the first run in a folder is meant, where that looks like no place for it: asked once, as the next run finds our notes there.
 * Where nobody can be asked, a flag says it.
 */
export const agreeToPlace = async (door: Door, request: Asked, lock: Lock): Promise<void> => {
  const { directory, flags, yes, dryRun, diff, allowPlace = false } = request;
  const isPreview = dryRun || diff;
  if (!isPreview) refuseUnwritable([directory]);
  if (allowPlace || isOurs(directory, lock)) return;
  const doubts = doubtsOf(directory, flags.app === 'existing').map((doubt) => `${directory} ${doubt}`);
  if (doubts.length === 0) return;
  const ways = [
    `a folder of its own is made when it is absent: ${door.run('--output my-app')}`,
    'where this one is meant: --allow-place',
  ];
  // A preview would look through all that is below: it is refused and asked about like the run.
  if (yes || !door.interactive) {
    throw new Refusal('This looks like no place for a deployment (nothing was written):', [...doubts, ...ways]);
  }
  door.say(yellow(['This looks like no place for a deployment:', ...doubts, ...ways].join('\n  ')));
  const message = 'Generate it here all the same?';
  const { place } = await door.prompt([{ type: 'confirm', name: 'place', message, default: false }]);
  if (place !== true) throw new Refusal('Nothing was written.', [], 1);
};
