import { Refusal } from '../../base/refusal.ts';
import { compareVersions, version } from '../../base/version.ts';
import type { Lock } from '../../changes/lock.ts';

/** Whether a project is ready to be merged into: by a generation, and by an update. */

/** Refuses while somebody has not decided what stands between markers: a merge into it would be of both. */
export const refuseUnresolved = (unresolved: readonly string[]): void => {
  if (unresolved.length === 0) return;
  throw new Refusal('These files have conflicts of an earlier merge (nothing was written):', [
    ...unresolved,
    'decide each between <<<<<<< and >>>>>>>, then run this again',
  ]);
};

/** Why this version must not touch the project: a newer one has written it, and its files would be taken back. */
export const problemsOfVersion = ({ generator }: Pick<Lock, 'generator'>): readonly string[] =>
  generator !== '' && compareVersions(generator, version()) > 0
    ? [`it was written by version ${generator}, this is ${version()}: install that one or a newer one`]
    : [];
