import { dirname, join, resolve } from 'node:path';
import type { PackName } from '../answers/values.ts';
import { digest } from '../base/digest.ts';
import { entriesBelow, isThere, readText } from '../base/files.ts';
import { packageRoot } from '../base/packageRoot.ts';
import { Refusal } from '../base/refusal.ts';
import { compareVersions, version } from '../base/version.ts';
import { type Manifest, manifestName } from './manifest.ts';
import { problemsOf } from './schema.ts';

/** A pack that the project names, as it is on this machine. */
export type Pack = {
  /** As in .yo-rc.json. */
  readonly name: string;
  readonly root: string;
  readonly version: string;
  /** Digest of all that it can bring into a project: its manifest and its templates, names and contents. */
  readonly integrity: string;
  readonly manifest: Manifest;
  /** Its templates, by path. */
  readonly templates: readonly string[];
};

const above = (folder: string): readonly string[] =>
  dirname(folder) === folder ? [folder] : [folder, ...above(dirname(folder))];

/**
 * Where the pack is installed: in a node_modules of the project or above, or beside this generator, as global packages are.
 * Never fetched.
 */
const rootOf = (directory: string, name: PackName): string | undefined => {
  const places = name.startsWith('.')
    ? [resolve(directory, name)]
    : [...above(directory), ...above(packageRoot())].map((folder) => join(folder, 'node_modules', name));
  return places.find((place) => isThere(place, manifestName));
};

type PackFile = { readonly path: string; readonly text: string };

/** All templates below a folder, in order; a link, or what is no file, is named in `problems`. */
const filesBelow = (root: string, problems: string[]): readonly PackFile[] =>
  entriesBelow(root, 'templates').flatMap(({ path, isFile }) => {
    if (isFile) return [{ path, text: readText(root, `templates/${path}`) }];
    problems.push(`templates/${path} is a link or no plain file`);
    return [];
  });

/** Names and contents as one digest. */
const digestOf = (files: readonly PackFile[]): string =>
  digest(files.map(({ path, text }) => `${JSON.stringify(path)} ${digest(text)}\n`).join(''));

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    return (error as Error).message;
  }
};

/** The pack of this name; refuses one that is not there, or whose manifest is wrong, and says all that is. */
export const loadPack = (directory: string, name: PackName): Pack => {
  const root = rootOf(directory, name);
  if (root === undefined) {
    const install = name.startsWith('.') ? `there is no ${name}/${manifestName}` : `install it: npm install ${name}`;
    throw new Refusal(`The pack ${name} is not here (nothing was written):`, [
      install,
      'or take it out of "packs" in .yo-rc.json',
    ]);
  }
  const text = readText(root, manifestName);
  const value = parse(text);
  const problems = [...(typeof value === 'string' ? [value] : problemsOf('pack', value))];
  const manifest = value as Manifest;
  if (problems.length === 0 && compareVersions(manifest.comicpile, version()) > 0) {
    problems.push(`needs generator-comicpile ${manifest.comicpile} or newer, this is ${version()}`);
  }
  const templates = filesBelow(root, problems);
  if (problems.length > 0) {
    throw new Refusal(
      `The pack ${name} cannot be used (nothing was written):`,
      problems.map((problem) => `${manifestName}: ${problem}`),
    );
  }
  const about = parse(readText(root, 'package.json') || '{}') as { readonly version?: unknown };
  return {
    name,
    root,
    // Shown on a terminal.
    version: /^[\w.+-]{1,60}$/.test(String(about.version)) ? String(about.version) : '0.0.0',
    integrity: digestOf([{ path: manifestName, text }, ...templates]),
    manifest,
    templates: templates.map(({ path }) => path),
  };
};
