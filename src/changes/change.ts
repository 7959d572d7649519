import type { Kind } from '../emit/catalogue.ts';

/**
 * `update`: the file is as we wrote it, and the answers or we changed; `extend`: lines are appended to the user's file;
 * `mode`: only the permissions change; `keep`: the user's file stays; `conflict`: it was there before us, or was edited and is no
 * text; `overwrite`: so it was, and the user wants ours; `backup`: a copy of what ours takes the place of; `merge`: it was edited, and
 * both changes fit; `mark`: they do not, and stand between markers; `remove`: we no longer have it; `release`: so it is, but it was
 * edited, and is the user's from now on. Of an update: `absent`: the user has deleted it, and so it stays.
 */
export type Action =
  | 'create'
  | 'update'
  | 'extend'
  | 'mode'
  | 'identical'
  | 'keep'
  | 'conflict'
  | 'overwrite'
  | 'backup'
  | 'merge'
  | 'mark'
  | 'remove'
  | 'release'
  | 'absent';

export type Change = {
  readonly to: string;
  /** As in the catalogue; `state`: our own notes in the project; `base`: of them, a merge base. */
  readonly kind: Kind | 'state' | 'base';
  readonly action: Action;
  readonly mode: number;
  /** What is on disk now, what will be. */
  readonly before: string;
  readonly after: string;
  /** What we would have written, where that is not `after`: the base of the next merge. */
  readonly base?: string;
  /** The file was there before us: no run of ours has written it. */
  readonly isForeign?: true;
  /** Of a backup: the file whose bytes it has, which need not be text. */
  readonly copyOf?: string;
};

/** Whether carrying out the change alters the directory. */
export const alters = ({ action }: Change): boolean => !['identical', 'keep', 'release', 'absent'].includes(action);

/** The change that gives a JSON file of ours this value. */
export const jsonChange = (to: string, before: string, value: object): Change => {
  const after = `${JSON.stringify(value, null, 2)}\n`;
  const action = before === '' ? 'create' : before === after ? 'identical' : 'extend';
  return { to, kind: 'state', action, mode: 0o644, before, after };
};
