import { join } from 'node:path';
import { readWithin } from '../base/disk/plainFile.ts';
import { entriesOf, realRoot } from '../base/disk/walk.ts';
import { readPython } from './read/python/module.ts';
import type { Python } from './read/python.ts';

/** Bounds of a look at any tree: with them it ends, however large or hostile the tree is. */
export const bounds = {
  /** Files that are opened. */
  reads: 2000,
  /** Bytes of one file; a larger one was not written by hand. */
  bytes: 512 * 1024,
  /** Characters of Python that are parsed. */
  parsed: 6_000_000,
  /** Entries of folders that are seen. */
  entries: 150_000,
  depth: 16,
} as const;

// Never the project's own code: installed, generated, or state of tools.
const skipped = new Set(
  '.git .hg .svn .venv venv .tox .nox .mypy_cache .ruff_cache .pytest_cache __pycache__ node_modules site-packages .next .nuxt .svelte-kit .turbo .idea .vscode .comicpile htmlcov .eggs'.split(
    ' ',
  ),
);

/**
 * A tree, read-only: paths are relative, with `/`. No folder that is a link is entered, and no file that is a link is read unless
 * it leads to a file within the root; nothing is ever written, and nothing of the project is run.
 */
export type View = {
  /** Those that a rule may look for by name, near the root first: the data of a large project is left out. */
  readonly files: readonly string[];
  /** The names of what is directly in a folder, of any kind. */
  readonly names: (folder: string) => readonly string[];
  readonly has: (path: string) => boolean;
  readonly isFolder: (path: string) => boolean;
  /** LF, without a byte order mark; undefined where there is none, it cannot be read, is no text, or a bound is met. */
  readonly read: (path: string) => string | undefined;
  /** A Python file, parsed. */
  readonly python: (path: string) => Python | undefined;
  /** What was not looked at, and why. */
  readonly gaps: () => readonly Gap[];
  /** Files opened so far. */
  readonly reads: () => number;
};
export type Gap = { readonly path: string; readonly why: string };

type Tree = {
  readonly files: readonly string[];
  /** Of each folder. */
  readonly names: ReadonlyMap<string, readonly string[]>;
  readonly known: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
  readonly gaps: readonly Gap[];
};

// What no rule asks for: data, pictures, pages, the code of a frontend. Configurations of tools are told by their names.
const data =
  /\.(?:json|jsonl|csv|tsv|xml|svg|png|jpe?g|gif|webp|ico|avif|mp[34]|webm|wav|ogg|woff2?|ttf|otf|eot|pdf|zip|gz|bz2|xz|parquet|db|sqlite3?|bin|html?|css|s[ac]ss|less|[jt]sx?|vue|svelte|astro|md|mdx|rst|po|mo|map|snap|lock|log)$/;
const configuration = /^(?:package(?:-lock)?|angular|nx|project|turbo)\.json$|\.config\.|^\..*rc\b|\.lock$/;
const isData = (name: string): boolean => data.test(name) && !configuration.test(name);

/** Breadth first, so that a bound cuts off what is deep. */
const walk = (root: string): Tree => {
  const files: string[] = [];
  const folders = new Set(['']);
  const names = new Map<string, readonly string[]>();
  const known = new Set<string>();
  const gaps: Gap[] = [];
  let level = [''];
  let seen = 0;
  for (let depth = 0; level.length > 0 && depth < bounds.depth; depth += 1) {
    const next: string[] = [];
    for (const folder of level) {
      const entries = entriesOf(join(root, folder));
      if (entries === undefined) {
        gaps.push({ path: folder || '.', why: 'this folder cannot be read' });
        continue;
      }
      if (folder !== '' && entries.some(({ name }) => name === 'pyvenv.cfg')) continue;
      seen += entries.length;
      if (seen > bounds.entries) {
        gaps.push({
          path: folder || '.',
          why: `more than ${bounds.entries} files: this and what is deeper was not seen`,
        });
        return { files, names, known, folders, gaps };
      }
      names.set(
        folder,
        entries.map(({ name }) => name),
      );
      for (const entry of entries) {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (entry.isDirectory()) {
          if (skipped.has(entry.name)) continue;
          folders.add(path);
          next.push(path);
        } else if (entry.isFile() || entry.isSymbolicLink()) {
          known.add(path);
          if (!isData(entry.name)) files.push(path);
        }
      }
    }
    level = next;
  }
  if (level.length > 0) gaps.push({ path: level[0] ?? '', why: `deeper than ${bounds.depth} folders` });
  return { files, names, known, folders, gaps };
};

const textOf = (root: string, path: string): string | undefined => {
  const text = readWithin(root, join(root, path), bounds.bytes)?.toString();
  if (text === undefined || text.includes('\0')) return undefined;
  return text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
};

/** A view of the directory as it is now; files are read when they are asked for, each once. */
export const viewOf = (directory: string): View => {
  const root = realRoot(directory);
  const { files, names, known, folders, gaps } = walk(root);
  const texts = new Map<string, string | undefined>();
  const modules = new Map<string, Python | undefined>();
  const late: Gap[] = [];
  let reads = 0;
  let parsed = 0;

  const read = (path: string): string | undefined => {
    if (texts.has(path) || !known.has(path)) return texts.get(path);
    if (reads >= bounds.reads) {
      if (!late.some(({ why }) => why.startsWith('more than'))) {
        late.push({ path, why: `more than ${bounds.reads} files to read: this and later ones were not read` });
      }
      return undefined;
    }
    reads += 1;
    const text = textOf(root, path);
    if (text === undefined) late.push({ path, why: 'this file cannot be read, is no text, or is too large' });
    texts.set(path, text);
    return text;
  };

  const python = (path: string): Python | undefined => {
    if (modules.has(path)) return modules.get(path);
    const text = read(path);
    const fits = text !== undefined && parsed + text.length <= bounds.parsed;
    if (fits) parsed += text.length;
    const module = fits ? readPython(path, text) : undefined;
    modules.set(path, module);
    return module;
  };

  return {
    files,
    names: (folder) => names.get(folder) ?? [],
    has: (path) => known.has(path),
    isFolder: (path) => folders.has(path),
    read,
    python,
    gaps: () => [...gaps, ...late],
    reads: () => reads,
  };
};
