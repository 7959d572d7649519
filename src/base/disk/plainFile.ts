import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  type Stats,
} from 'node:fs';
import { sep } from 'node:path';

// A named pipe would block, a link may lead anywhere. Windows has neither flag, and `|` takes undefined for 0.
const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

type Plain = { readonly bytes: Buffer; readonly stat: Stats };

const bytesOf = (descriptor: number, length: number): Buffer => {
  const buffer = Buffer.allocUnsafe(length);
  let at = 0;
  while (at < length) {
    const read = readSync(descriptor, buffer, at, length - at, at);
    if (read === 0) break;
    at += read;
  }
  return buffer.subarray(0, at);
};

// To open a device can already do something, so it is looked at before; and after, as it may be another one by then.
const opened = <Result>(path: string, work: (descriptor: number, stat: Stats) => Result): Result | undefined => {
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  const descriptor = openSync(path, flags);
  try {
    const stat = fstatSync(descriptor);
    return stat.isFile() ? work(descriptor, stat) : undefined;
  } finally {
    closeSync(descriptor);
  }
};

/** The bytes of a plain file of at most so many, opened without following a link and without waiting; undefined for all else. */
export const readPlain = (path: string, most: number): Plain | undefined =>
  opened(path, (descriptor, stat) => (stat.size > most ? undefined : { bytes: bytesOf(descriptor, stat.size), stat }));

/** The first bytes of a plain file, however large it is; none where it is none or cannot be read. */
export const startOf = (path: string, length: number): Buffer => {
  try {
    return opened(path, (descriptor, { size }) => bytesOf(descriptor, Math.min(length, size))) ?? Buffer.of();
  } catch {
    return Buffer.of();
  }
};

const isWithin = (root: string, path: string): boolean => path.startsWith(root.endsWith(sep) ? root : root + sep);

// What was opened may not be what was looked for, where somebody changes folders meanwhile: the kernel tells.
const isAt = (descriptor: number, path: string): boolean => {
  if (process.platform !== 'linux') return true;
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`) === path;
  } catch {
    return true;
  }
};

/**
 * The bytes of a file that the path, links and all, leads to within the root (as `realpath` has it); undefined for all else. For an
 * app of somebody's, which may have links as it likes.
 */
export const readWithin = (root: string, path: string, most: number): Buffer | undefined => {
  try {
    const real = realpathSync(path);
    if (!isWithin(root, real)) return undefined;
    return opened(real, (descriptor, { size }) =>
      size > most || !isAt(descriptor, real) ? undefined : bytesOf(descriptor, size),
    );
  } catch {
    return undefined;
  }
};
