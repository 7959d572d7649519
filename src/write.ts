import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Change } from './plan.ts';

const prefix = '.comicpile-staging-';

/** Folders left by a run that was killed; they hold whole files under private modes and are safe to drop. */
const dropStale = (directory: string): void => {
  for (const name of readdirSync(directory)) {
    const pid = name.startsWith(prefix) ? Number(/^\d+/.exec(name.slice(prefix.length))?.[0]) : Number.NaN;
    if (!Number.isNaN(pid) && !isAlive(pid)) rmSync(join(directory, name), { recursive: true });
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

// Past umask: a container reads these files and folders under another user, and nobody but the owner reads a secret.
const withoutUmask = (work: () => void): void => {
  const umask = process.umask(0);
  try {
    work();
  } finally {
    process.umask(umask);
  }
};

const stage = (staging: string, directory: string, changes: readonly Change[]) => {
  writeFileSync(join(staging, '.gitignore'), '*\n');
  return changes.map(({ to, after, mode, secret }, index) => {
    const from = join(staging, String(index));
    writeFileSync(from, after, { mode, flag: 'wx' });
    return { from, to: join(directory, to), folderMode: secret ? 0o700 : 0o755 };
  });
};

/**
 * Carries out the changes: every file is written whole into a private folder beside its place (same file system),
 * with its mode from the first byte, and then renamed in the order given. A kill at any point leaves old or new
 * files, never half of one.
 */
export const write = (directory: string, changes: readonly Change[]): void => {
  // Also with nothing to write: a run may have been killed between its last rename and its own cleaning.
  if (existsSync(directory)) dropStale(directory);
  if (changes.length === 0) return;
  mkdirSync(directory, { recursive: true });
  const staging = mkdtempSync(join(directory, `${prefix}${process.pid}-`)); // mode 0700
  try {
    withoutUmask(() => {
      for (const { from, to, folderMode } of stage(staging, directory, changes)) {
        mkdirSync(dirname(to), { recursive: true, mode: folderMode });
        renameSync(from, to);
      }
    });
  } finally {
    rmSync(staging, { recursive: true });
  }
};
