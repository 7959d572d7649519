import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { readPlain } from './plainFile.ts';

/** Notes that this user keeps on this machine of one project. */
export type Records = {
  readonly all: () => ReadonlyMap<string, string>;
  /** A new one. */
  readonly begin: (name: string, text: string) => void;
  /** In the place of it, at one moment. */
  readonly replace: (name: string, text: string) => void;
  readonly drop: (name: string) => void;
};

const most = 8 * 1024 * 1024;

// https://specifications.freedesktop.org/basedir-spec/latest/: state is what should outlast a restart, and is not portable.
const stateHome = (): string => {
  const { XDG_STATE_HOME: named = '' } = process.env;
  return isAbsolute(named) ? named : join(homedir(), '.local/state');
};

const nearest = (path: string): string =>
  lstatSync(path, { throwIfNoEntry: false }) === undefined && dirname(path) !== path ? nearest(dirname(path)) : path;

const isRoot = (): boolean => process.geteuid?.() === 0;

// Nobody else may have written it; nor, with sudo, does root write into the home of another user.
const isOwn = (path: string): boolean => {
  const stat = lstatSync(path);
  return (
    stat.isDirectory() &&
    (process.geteuid === undefined || (stat.uid === process.geteuid() && (stat.mode & 0o77) === 0))
  );
};
// Node's own way to make a folder with all above it never ends where a folder cannot be made in one that is there, as in /proc.
const makeAll = (path: string): void => {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  makeAll(dirname(path));
  mkdirSync(path, { mode: 0o700 });
};

const isOutside = (folder: string, project: string): boolean => {
  const there = nearest(folder);
  return !`${realpathSync(there)}${folder.slice(there.length)}/`.startsWith(`${project}/`);
};

const candidates = (): readonly string[] =>
  [stateHome, ...(isRoot() ? [() => join(userInfo().homedir, '.local/state')] : [])].flatMap((home) => {
    try {
      return [join(home(), 'comicpile')];
    } catch {
      return [];
    }
  });

/**
 * The folder of notes, of this user alone; undefined where there can be none: no home, one that cannot be written to, or one that is in
 * the project, so that the notes would be as believable as all else there.
 */
const folderFor = (project: string, makes: boolean): string | undefined => {
  try {
    const folder = candidates().find(
      (each) => isOutside(each, project) && !(isRoot() && statSync(nearest(each)).uid !== 0),
    );
    if (folder === undefined) return undefined;
    if (makes) makeAll(folder);
    return isOwn(folder) ? folder : undefined;
  } catch {
    return undefined;
  }
};

/** By the real path of the project; `makes`: the place for them too. */
export const recordsOf = (project: string, makes: boolean): Records | undefined => {
  const folder = folderFor(project, makes);
  if (folder === undefined) return undefined;
  const prefix = `${createHash('sha256').update(project).digest('hex').slice(0, 32)}-`;
  const fileOf = (name: string): string => join(folder, `${prefix}${name}.json`);
  const options = { mode: 0o600, flag: 'wx' } as const;
  const all = (): ReadonlyMap<string, string> =>
    new Map(
      readdirSync(folder).flatMap((file) => {
        if (!file.startsWith(prefix) || !file.endsWith('.json')) return [];
        const text = readPlain(join(folder, file), most)?.bytes.toString();
        return text === undefined ? [] : [[file.slice(prefix.length, -'.json'.length), text] as const];
      }),
    );
  return {
    all,
    begin: (name, text) => writeFileSync(fileOf(name), text, options),
    replace: (name, text) => {
      writeFileSync(`${fileOf(name)}.new`, text, { ...options, flush: true });
      renameSync(`${fileOf(name)}.new`, fileOf(name));
    },
    drop: (name) => {
      rmSync(fileOf(name), { force: true });
      rmSync(`${fileOf(name)}.new`, { force: true });
    },
  };
};
