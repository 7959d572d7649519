import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { isMap } from '../base/files.ts';
import { stateFolder } from '../base/stateFolder.ts';

/** What the user of this machine has agreed to, by the digest of its content. */
export type Agreed = {
  readonly has: (digest: string) => boolean;
  /** Remembers these, each with what it is in words; why that cannot be, or undefined. */
  readonly keep: (given: Readonly<Record<string, string>>) => string | undefined;
};

const fileName = 'agreed.json';
const isDigest = (text: string): boolean => /^sha256:[0-9a-f]{64}$/.test(text);
/** The latest; years of a team's templates. */
const mostKept = 20_000;
const mostBytes = 8 * 1024 * 1024;

const isOurs = ({ uid }: Stats): boolean => process.getuid === undefined || uid === process.getuid();
// Nobody else has it: git, an archive and a shared folder make other modes.
const isPrivate = (about: Stats): boolean =>
  isOurs(about) && (process.platform === 'win32' || (about.mode & 0o077) === 0);

/** The text of a file that is nobody else's; empty where there is none that is. */
const readPrivate = (path: string): string => {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const about = fstatSync(descriptor);
    return about.isFile() && isPrivate(about) && about.size <= mostBytes ? readFileSync(descriptor, 'utf8') : '';
  } catch {
    return '';
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
};

const rowsIn = (text: string): ReadonlyMap<string, string> => {
  try {
    const { agreed }: { readonly agreed?: unknown } = JSON.parse(text);
    const rows = Object.entries(isMap(agreed) ? agreed : {});
    return new Map(rows.filter(([digest]) => isDigest(digest)).map(([digest, what]) => [digest, String(what)]));
  } catch {
    return new Map();
  }
};

/** The nearest folder that is there. */
const existing = (folder: string): string =>
  lstatSync(folder, { throwIfNoEntry: false }) === undefined ? existing(dirname(folder)) : folder;

/** Why the folder cannot be the user's own memory; undefined: it can. */
const problemOf = (folder: string, directory: string): string | undefined => {
  const there = realpathSync(existing(folder));
  const project = realpathSync(existing(directory));
  // What is in a project comes with it.
  if (there === project || there.startsWith(project.endsWith(sep) ? project : `${project}${sep}`))
    return `${folder} is in the project`;
  // As root with the HOME of somebody else, for instance: it would be full of files that are not theirs.
  if (!isOurs(lstatSync(there))) return `${there} belongs to another user`;
  const about = lstatSync(folder, { throwIfNoEntry: false });
  return about === undefined || (about.isDirectory() && isPrivate(about))
    ? undefined
    : `${folder} is no folder of yours alone (chmod 700)`;
};

// One by one: where the system says that a folder cannot be, as in /proc, Node.js would try for ever to make those above it.
const make = (folder: string): void => {
  if (lstatSync(folder, { throwIfNoEntry: false }) !== undefined) return;
  make(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
};

const write = (folder: string, rows: ReadonlyMap<string, string>): void => {
  make(folder);
  const path = join(folder, fileName);
  const next = `${path}.${process.pid}`;
  rmSync(next, { force: true });
  writeFileSync(next, `${JSON.stringify({ agreed: Object.fromEntries(rows) }, null, 2)}\n`, {
    mode: 0o600,
    flag: 'wx',
  });
  renameSync(next, path);
};

/**
 * What was agreed to on this machine, whatever project it was in: the word is for the content, so the same lines in a second checkout
 * need no second word, and none that somebody has changed passes for agreed. It is in the user's own folder and is believed only as
 * a file that nobody else can have written.
 */
export const agreedHere = (directory: string): Agreed => {
  const folder = stateFolder();
  const why = (): string | undefined => {
    if (folder === undefined) return 'there is no home directory';
    try {
      return problemOf(folder, directory);
    } catch (error) {
      return (error as Error).message;
    }
  };
  const problem = why();
  const path = join(folder ?? '', fileName);
  const rows = problem === undefined ? rowsIn(readPrivate(path)) : new Map<string, string>();
  return {
    has: (digest) => rows.has(digest),
    keep: (given) => {
      if (folder === undefined || problem !== undefined) return problem;
      try {
        // Another run may have written since.
        const all = [...new Map([...rowsIn(readPrivate(path)), ...Object.entries(given)])];
        write(folder, new Map(all.slice(-mostKept)));
        return undefined;
      } catch (error) {
        return (error as Error).message;
      }
    },
  };
};
