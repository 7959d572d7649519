import { problemOfPath } from '../base/disk/safePath.ts';
import { isMap } from '../base/files.ts';

/** One file: `from` is its name in the staging folder, without one it is removed; `before` is what was there, by digest. */
export type Step = {
  readonly from?: string;
  /** Of what is staged. */
  readonly digest?: string;
  readonly to: string;
  readonly folderMode: number;
  readonly before?: string;
};

/** What one run notes of itself: it has `steps` from the moment on at which it is decided. */
export type Journal = {
  readonly pid: number;
  /** Which folder is meant by the name: the name alone could be given to another one. */
  readonly identity?: string;
  readonly steps?: readonly Step[];
};

const isText = (value: unknown): boolean => value === undefined || typeof value === 'string';

const isStep = (value: unknown): value is Step =>
  isMap(value) &&
  typeof value.to === 'string' &&
  problemOfPath(value.to) === undefined &&
  (value.from === undefined || (/^[0-9]+$/.test(String(value.from)) && typeof value.digest === 'string')) &&
  isText(value.before) &&
  Number.isInteger(value.folderMode);

/** A journal as it was noted; undefined where it is none. */
export const readJournal = (text: string): Journal | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    if (!isMap(value) || !Number.isInteger(value.pid) || !isText(value.identity)) return undefined;
    const { steps } = value;
    if (steps !== undefined && !(Array.isArray(steps) && steps.every(isStep))) return undefined;
    return value as Journal;
  } catch {
    return undefined;
  }
};
