import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, type Stats, statSync } from 'node:fs';
import { kindOf } from './strange.ts';

/** A folder that stays this one, whatever is put in its place meanwhile. */
export type OpenFolder = {
  /** Where the names in it are reached. */
  readonly place: string;
  readonly descriptor?: number;
};

/*
 * Node has no openat(2). On Linux the kernel shows an open folder as /proc/self/fd/N, and a name behind that is looked up in this
 * very folder. Where there is no such thing (macOS, Windows, no /proc) each part of a path is looked at just before it is used:
 * who changes the project at the same moment could still get between the two.
 */
let hasProc: boolean | undefined;
const isShown = (descriptor: number): boolean => {
  if (hasProc !== undefined) return hasProc;
  const [own, shown] = [fstatSync(descriptor), statSync(`/proc/self/fd/${descriptor}`, { throwIfNoEntry: false })];
  hasProc = own.ino === shown?.ino && own.dev === shown.dev;
  return hasProc;
};

const byDescriptor = (path: string, follows: boolean): OpenFolder => {
  const flags = constants.O_RDONLY | constants.O_DIRECTORY | (follows ? 0 : constants.O_NOFOLLOW);
  const descriptor = openSync(path, flags);
  if (isShown(descriptor)) return { place: `/proc/self/fd/${descriptor}`, descriptor };
  closeSync(descriptor);
  return { place: path };
};

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

// Below a file there is nothing.
const statOf = (path: string, follows: boolean): Stats | undefined => {
  try {
    return (follows ? statSync : lstatSync)(path, { throwIfNoEntry: false });
  } catch (error) {
    if (codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
};

/**
 * Opens a folder; undefined where there is nothing, a text where there is something else. A link is followed only where the user
 * has named it.
 */
export const openFolder = (path: string, follows = false): OpenFolder | undefined | string => {
  if (process.platform === 'linux' && hasProc !== false) {
    try {
      return byDescriptor(path, follows);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      if (codeOf(error) !== 'ENOTDIR' && codeOf(error) !== 'ELOOP') throw error;
    }
  }
  const stat = statOf(path, follows);
  if (stat === undefined) return undefined;
  return stat.isDirectory() ? { place: path } : kindOf(stat);
};

export const closeFolder = ({ descriptor }: OpenFolder): void => {
  if (descriptor !== undefined) closeSync(descriptor);
};

export const namesIn = ({ place }: OpenFolder): readonly string[] => readdirSync(place);

/** Which folder it is, of all at the same path: a restart may give its device another number, but the folder keeps its own. */
export const identityOf = ({ place }: OpenFolder): string => String(statSync(place, { bigint: true }).ino);
