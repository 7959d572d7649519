import { chownSync } from 'node:fs';

// yo refuses to work as root: it changes to another user who cannot write where root can.
const isRoot = process.getuid?.() === 0;

/** Options of a child process that runs as somebody else where we are root, and as ourselves otherwise. */
export const someone = isRoot ? { uid: 1000, gid: 1000 } : {};

/** Makes a path theirs. */
export const give = (path: string): void => {
  if (isRoot) chownSync(path, 1000, 1000);
};
