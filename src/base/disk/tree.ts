import { type Dirent, lstatSync, readdirSync, realpathSync, type Stats } from 'node:fs';
import { shellWord } from '../shellWord.ts';
import { bounds, inWords } from './bounds.ts';
import { closeFolder, type OpenFolder, openFolder } from './openFolder.ts';
import { readPlain } from './plainFile.ts';
import { problemOfPath } from './safePath.ts';
import { kindOf, strange } from './strange.ts';

/** What is at a path; neither `stat` nor `problem`: nothing. */
type Found = { readonly stat?: Stats; readonly problem?: string };
export type Content = { readonly bytes: Buffer; readonly stat: Stats };
type Entry = { readonly path: string; readonly isFile: boolean };

/** A folder of the user's as it is read: by paths from it, each part of which is proved when it is used. */
export type Tree = {
  /** Open, with all above it; undefined where there is none, a text says what is in its place. */
  readonly folder: (path: string) => OpenFolder | undefined | string;
  /** A file; a problem where it is no plain one, or too large. */
  readonly look: (path: string) => Found;
  /** Whether anything is there, a link too; not what links among the folders would lead to. */
  readonly has: (path: string) => boolean;
  /** A file; undefined where there is none. What `look` has a problem with is refused. */
  readonly read: (path: string) => Content | undefined;
  /** What is directly in a folder; nothing where there is none. */
  readonly names: (path: string) => readonly string[];
  /** All below a folder but folders, in order. */
  readonly below: (path: string) => readonly Entry[];
  /** Forgets what is known of a folder, and of those in it. */
  readonly forget: (path: string) => void;
  /** An error of the file system's, with names that the user knows. */
  readonly named: (error: unknown) => unknown;
  /** Of the root, which the user has named: links may lead to it. */
  readonly realPath: () => string;
  readonly close: () => void;
};

// A process may have a thousand files open, or only 256.
const mostOpen = 100;

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The folders of a tree, each opened once and from the one that it is in. */
const foldersOf = (root: string) => {
  const known = new Map<string, OpenFolder | undefined | string>();
  const drop = (paths: Iterable<string>): void => {
    for (const path of [...paths]) {
      const folder = known.get(path);
      known.delete(path);
      if (typeof folder === 'object') closeFolder(folder);
    }
  };
  const within = (path: string): OpenFolder | undefined | string => {
    if (path === '') {
      const top = openFolder(root, true);
      if (typeof top !== 'string') return top;
      // As the system calls it: not a place of ours, but what the user has named.
      throw Object.assign(new Error(`ENOTDIR: not a directory, open '${root}'`), { syscall: 'open', path: root });
    }
    const above = folder(parentOf(path));
    if (typeof above !== 'object') return above;
    const found = openFolder(`${above.place}/${nameOf(path)}`);
    return typeof found === 'string' ? `${shellWord(path)} ${found}, and no plain folder` : found;
  };
  const folder = (path: string): OpenFolder | undefined | string => {
    if (!known.has(path)) {
      if (known.size >= mostOpen)
        drop([...known.keys()].filter((each) => !`${path}/`.startsWith(`${each}/`) && each !== ''));
      known.set(path, within(path));
    }
    return known.get(path);
  };
  const forget = (path: string): void => drop([...known.keys()].filter((each) => `${each}/`.startsWith(`${path}/`)));
  const named = (error: unknown): unknown => {
    if (!(error instanceof Error && 'path' in error)) return error;
    for (const [path, opened] of known) {
      if (typeof opened !== 'object' || opened.descriptor === undefined) continue;
      error.message = error.message.replaceAll(`'${opened.place}/`, `'${[root, path].filter(Boolean).join('/')}/`);
    }
    return error;
  };
  return { folder, forget, named, close: () => drop(known.keys()) };
};

/** Opens a tree; whoever does closes it. Use `inTree`. */
export const openTree = (root: string): Tree => {
  const { folder, ...folders } = foldersOf(root);
  let left: number = bounds.all;

  const at = (path: string): { readonly place?: string; readonly problem?: string } => {
    const problem = problemOfPath(path);
    if (problem !== undefined) return { problem };
    const above = folder(parentOf(path));
    if (typeof above === 'string') return { problem: above };
    return above === undefined ? {} : { place: `${above.place}/${nameOf(path)}` };
  };
  const look = (path: string): Found => {
    const { place, problem } = at(path);
    if (place === undefined) return problem === undefined ? {} : { problem };
    const stat = lstatSync(place, { throwIfNoEntry: false });
    if (stat === undefined) return {};
    if (!stat.isFile()) return { problem: `${shellWord(path)} ${kindOf(stat)}, and no plain file` };
    if (stat.size > bounds.file) return { problem: `${shellWord(path)} is larger than ${inWords(bounds.file)}` };
    if (stat.size > left)
      return { problem: `${shellWord(path)} and others are together larger than ${inWords(bounds.all)}` };
    return { stat };
  };
  const has = (path: string): boolean => {
    const { place } = at(path);
    return place !== undefined && lstatSync(place, { throwIfNoEntry: false }) !== undefined;
  };
  const read = (path: string): Content | undefined => {
    const { stat, problem } = look(path);
    if (problem !== undefined) throw strange([problem]);
    if (stat === undefined) return undefined;
    const content = readPlain(at(path).place ?? '', Math.min(left, bounds.file));
    if (content === undefined) throw strange([`${shellWord(path)} changes while it is read`]);
    left -= content.bytes.length;
    return content;
  };
  const entries = (path: string): readonly Dirent[] => {
    const opened = folder(path);
    if (typeof opened === 'string') throw strange([opened]);
    return opened === undefined ? [] : readdirSync(opened.place, { withFileTypes: true });
  };
  const names = (path: string): readonly string[] => entries(path).map(({ name }) => name);
  const below = (path: string): readonly Entry[] => {
    const all: Entry[] = [];
    let seen = 0;
    const walk = (at: string, depth: number): void => {
      const found = entries(at);
      seen += found.length;
      if (seen > bounds.entries || depth > bounds.depth)
        throw strange([`${shellWord(at)} holds too much, or is too deep`]);
      for (const entry of found) {
        const one = at === '' ? entry.name : `${at}/${entry.name}`;
        if (entry.isDirectory()) walk(one, depth + 1);
        else all.push({ path: path === '' ? one : one.slice(path.length + 1), isFile: entry.isFile() });
      }
    };
    walk(path, 0);
    return all.sort((one, other) => (one.path < other.path ? -1 : 1));
  };
  return { folder, look, has, read, names, below, realPath: () => realpathSync(root), ...folders };
};

/** Looks at a folder of the user's, and keeps nothing open. */
export const inTree = <Result>(root: string, work: (tree: Tree) => Result): Result => {
  const tree = openTree(root);
  try {
    return work(tree);
  } catch (error) {
    throw tree.named(error);
  } finally {
    tree.close();
  }
};
