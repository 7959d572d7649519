import { fchownSync, lchownSync, type Stats, statSync } from 'node:fs';
import type { OpenFolder } from './openFolder.ts';

/** Whose a file or a folder is. */
export type Owner = Pick<Stats, 'uid' | 'gid'>;

export const ownerOf = ({ place }: OpenFolder): Owner => statSync(place);

/** Whether what is made could be another user's than ours. */
export const isRoot = (): boolean => process.geteuid?.() === 0;

/**
 * Gives what was just made to whom the rest around it belongs. Only root can, and only for root it matters: with sudo in somebody's
 * project all would be root's, and its owner locked out of what is private.
 */
export const giveTo = ({ uid, gid }: Owner, made: number | string): void => {
  if ((uid === 0 && gid === 0) || !isRoot()) return;
  if (typeof made === 'number') fchownSync(made, uid, gid);
  else lchownSync(made, uid, gid);
};
