import { lstatSync, mkdirSync, realpathSync, renameSync, rmSync, type Stats, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, sep } from 'node:path';
import { readPlain } from './plainFile.ts';

const home = (): string => {
  try {
    return homedir();
  } catch {
    // A user without an entry anywhere, as in a container.
    return '';
  }
};

// https://specifications.freedesktop.org/basedir-spec/latest/: state is what should outlast a restart, and is not portable; a relative
// path counts for nothing.
const usual = (): string | undefined => {
  const { XDG_STATE_HOME: named = '' } = process.env;
  const base = isAbsolute(named) ? named : join(home(), '.local/state');
  return isAbsolute(base) ? join(base, 'comicpile') : undefined;
};

const isOwn = ({ uid }: Stats): boolean => process.geteuid === undefined || uid === process.geteuid();
// Git, an archive and a shared folder make other modes.
const isPrivate = (stat: Stats): boolean => isOwn(stat) && (process.platform === 'win32' || (stat.mode & 0o77) === 0);

const nearest = (path: string): string =>
  lstatSync(path, { throwIfNoEntry: false }) === undefined && dirname(path) !== path ? nearest(dirname(path)) : path;
const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);

const problemOf = (folder: string, project: string): string | undefined => {
  const there = nearest(folder);
  // What is in a project comes with it, and would be as believable as all else there.
  if (isWithin(`${realpathSync(there)}${folder.slice(there.length)}`, realpathSync(nearest(project))))
    return `${folder} is in the project`;
  // As root with the HOME of somebody else, for instance: it would be full of files that are not theirs.
  if (!isOwn(lstatSync(there))) return `${there} belongs to another user`;
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  return stat === undefined || (stat.isDirectory() && isPrivate(stat))
    ? undefined
    : `${folder} is no folder of yours alone (chmod 700)`;
};

/**
 * Where runs remember something for this user on this machine, which no project can bring along: the folder, which need not be there
 * yet; or why there can be none.
 */
export const stateFolder = (project: string): { readonly folder: string } | { readonly problem: string } => {
  const folder = usual();
  if (folder === undefined) return { problem: 'there is no home directory' };
  try {
    const problem = problemOf(folder, project);
    return problem === undefined ? { folder } : { problem };
  } catch (error) {
    return { problem: (error as Error).message };
  }
};

/** Makes it. One by one: where the system says that a folder cannot be, as in /proc, Node would try for ever to make those above. */
export const makeStateFolder = (folder: string): void => {
  if (lstatSync(folder, { throwIfNoEntry: false }) !== undefined) return;
  makeStateFolder(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
};

/** The text of a file in it, of at most so many bytes; undefined unless it is one that nobody else can have written. */
export const readState = (path: string, most: number): string | undefined => {
  try {
    const content = readPlain(path, most);
    return content !== undefined && isPrivate(content.stat) ? content.bytes.toString() : undefined;
  } catch {
    return undefined;
  }
};

/** A file in it, in the place of what was there, at one moment. */
export const writeState = (path: string, text: string): void => {
  const next = `${path}.new`;
  rmSync(next, { force: true });
  writeFileSync(next, text, { mode: 0o600, flag: 'wx', flush: true });
  renameSync(next, path);
};
