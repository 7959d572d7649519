import { chmodSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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

/**
 * Carries out the changes: every file is written whole into a private folder beside its place (same file system),
 * with its mode from the first byte, and then renamed in the order given. A kill at any point leaves old or new
 * files, never half of one.
 */
export const write = (directory: string, changes: readonly Change[]): void => {
  if (changes.length === 0) return;
  mkdirSync(directory, { recursive: true });
  dropStale(directory);
  const staging = mkdtempSync(join(directory, `${prefix}${process.pid}-`)); // mode 0700
  try {
    writeFileSync(join(staging, '.gitignore'), '*\n');
    const staged = changes.map(({ to, after, mode }, index) => {
      const from = join(staging, String(index));
      writeFileSync(from, after, { mode: mode & 0o700, flag: 'wx' });
      return { from, to: join(directory, to), mode };
    });
    for (const folder of new Set(staged.map(({ to }) => dirname(to)))) mkdirSync(folder, { recursive: true });
    for (const { from, to, mode } of staged) {
      // Past umask: containers read these files under other users, and a secret must not be wider than 0600.
      chmodSync(from, mode);
      renameSync(from, to);
    }
  } finally {
    rmSync(staging, { recursive: true });
  }
};
