import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { digest } from '../base/digest.ts';
import { Refusal } from '../base/refusal.ts';
import type { Change } from './change.ts';

const prefix = '.comicpile-staging-';
// Its presence is the moment at which a run is decided: before it all is as it was, after it all will be as it should.
const journal = 'journal.json';

/** One file: `from` is its name in the staging folder, without one it is removed; `before` is what was there, by digest. */
type Step = {
  readonly from?: string;
  readonly to: string;
  readonly folderMode: number;
  readonly before?: string;
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

const digestAt = (path: string): string | undefined =>
  lstatSync(path, { throwIfNoEntry: false })?.isFile() ? digest(readFileSync(path)) : undefined;

const stage = (staging: string, directory: string, changes: readonly Change[]): Step[] => {
  writeFileSync(join(staging, '.gitignore'), '*\n');
  return changes.map(({ to, kind, action, after, mode, copyOf }, index) => {
    const before = action === 'create' ? undefined : digestAt(join(directory, to));
    const step = { to, folderMode: kind === 'secret' ? 0o700 : 0o755, ...(before === undefined ? {} : { before }) };
    if (action === 'remove') return step;
    // A copy has the bytes and the mode of this moment, not those of when it was planned.
    if (copyOf !== undefined) copyFileSync(join(directory, copyOf), join(staging, String(index)));
    else writeFileSync(join(staging, String(index)), after, { mode, flag: 'wx' });
    return { ...step, from: String(index) };
  });
};

const commit = (staging: string, steps: readonly Step[]): void => {
  writeFileSync(join(staging, 'journal.new'), JSON.stringify(steps), { mode: 0o600, flush: true });
  renameSync(join(staging, 'journal.new'), join(staging, journal));
};

const removeEmpty = (directory: string, folder: string): void => {
  if (folder === '.' || readdirSync(join(directory, folder)).length > 0) return;
  rmdirSync(join(directory, folder));
  removeEmpty(directory, dirname(folder));
};

// In order, and again without harm: what has been moved is no longer in the staging folder.
const carryOut = (staging: string, directory: string, steps: readonly Step[]): void => {
  const made = new Set<string>();
  const make = (folder: string, mode: number): void => {
    if (!made.has(folder)) mkdirSync(folder, { recursive: true, mode });
    made.add(folder);
  };
  for (const { from, to, folderMode } of steps) {
    const path = join(directory, to);
    if (from === undefined) {
      if (!existsSync(path)) continue;
      rmSync(path);
      removeEmpty(directory, dirname(to));
      made.clear();
    } else {
      make(dirname(path), folderMode);
      try {
        renameSync(join(staging, from), path);
      } catch (error) {
        if (existsSync(join(staging, from))) throw error;
      }
    }
  }
};

const open = (staging: string, directory: string, steps: readonly Step[]): Step[] =>
  steps.filter(({ from, to }) => existsSync(from === undefined ? join(directory, to) : join(staging, from)));

/** The folders of runs that were killed: those that had decided have a journal. */
const left = (directory: string): { readonly staging: string; readonly name: string; readonly steps?: Step[] }[] => {
  if (!existsSync(directory)) return [];
  return readdirSync(directory).flatMap((name) => {
    const pid = name.startsWith(prefix) ? Number(/^\d+/.exec(name.slice(prefix.length))?.[0]) : Number.NaN;
    if (Number.isNaN(pid) || isAlive(pid)) return [];
    const staging = join(directory, name);
    if (!existsSync(join(staging, journal))) return [{ staging, name }];
    return [{ staging, name, steps: JSON.parse(readFileSync(join(staging, journal), 'utf8')) as Step[] }];
  });
};

/** Whether a run was killed after it had decided and before it was done. */
export const wasInterrupted = (directory: string): boolean => left(directory).some(({ steps }) => steps !== undefined);

/**
 * Carries on what a killed run had decided, and drops what another one had only begun. What the user has changed in the
 * meantime is not overwritten: then it refuses.
 */
export const resume = (directory: string): void => {
  for (const { staging, name, steps = [] } of left(directory)) {
    const rest = open(staging, directory, steps);
    const changed = rest.filter(({ to, before }) => {
      const now = digestAt(join(directory, to));
      return now !== undefined && now !== before;
    });
    if (changed.length > 0) {
      throw new Refusal(
        'A run was interrupted, and these files have changed since (nothing was written):',
        [
          ...changed.map(({ to }) => to),
          `move them away and run this again, which finishes that run; or give it up: rm -r ${name}`,
        ],
        1,
      );
    }
    withoutUmask(() => carryOut(staging, directory, rest));
    rmSync(staging, { recursive: true });
  }
};

/**
 * Carries out the changes: every file is written whole into a private folder beside its place (same file system), with its
 * mode from the first byte. Then a journal is written, and the files are renamed in the order given. A kill leaves each file
 * old or new, never half of one; after the journal the next run goes on to the end, before it nothing has changed.
 */
export const write = (directory: string, changes: readonly Change[]): void => {
  resume(directory);
  if (changes.length === 0) return;
  mkdirSync(directory, { recursive: true });
  const staging = mkdtempSync(join(directory, `${prefix}${process.pid}-`)); // mode 0700
  withoutUmask(() => {
    let steps: Step[];
    try {
      steps = stage(staging, directory, changes);
      commit(staging, steps);
    } catch (error) {
      rmSync(staging, { recursive: true });
      throw error;
    }
    carryOut(staging, directory, steps);
  });
  rmSync(staging, { recursive: true });
};
