import { closeSync, mkdirSync, openSync, readdirSync, renameSync, rmdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type OpenFolder, openFolder } from './openFolder.ts';
import { giveTo, isRoot, type Owner, ownerOf } from './owner.ts';
import { strange } from './strange.ts';
import { inTree, type Tree } from './tree.ts';

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The folder, which is made with those above it where it is not there: each is of the owner of what it lies in. */
const make = (tree: Tree, path: string, mode: number): OpenFolder => {
  const found = tree.folder(path);
  if (typeof found === 'string') throw strange([found]);
  if (found !== undefined) return found;
  // Above the root nothing is made: it was there, or somebody has taken it away.
  if (path === '') throw strange(['the folder of the project is gone']);
  const above = make(tree, parentOf(path), mode);
  mkdirSync(`${above.place}/${nameOf(path)}`, { mode });
  tree.forget(path);
  const made = tree.folder(path);
  if (typeof made !== 'object') throw strange([made ?? `${path} is gone again`]);
  giveTo(ownerOf(above), made.descriptor ?? made.place);
  return made;
};

/** Makes the folder that the user has named, where there is none. */
export const makeRoot = (directory: string): void => {
  const above = dirname(directory);
  if (inTree(directory, (tree) => tree.folder('')) !== undefined) return;
  makeRoot(above);
  inTree(above, (tree) => make(tree, nameOf(directory), 0o777));
};

/** Whose a new file is to be, by its path: of who has the nearest folder. Each folder is asked once. */
export const ownersIn = (tree: Tree): ((path: string) => Owner | undefined) => {
  const known = new Map<string, Owner>();
  const ofFolder = (path: string): Owner => {
    const folder = tree.folder(path);
    const owner = known.get(path) ?? (typeof folder === 'object' ? ownerOf(folder) : ofFolder(parentOf(path)));
    known.set(path, owner);
    return owner;
  };
  return (path) => (isRoot() ? ofFolder(parentOf(path)) : undefined);
};

/** A file that was not there, with its mode and owner from the first byte. */
export const create = (
  { place }: OpenFolder,
  name: string,
  content: string | Buffer,
  { mode, owner }: { readonly mode: number; readonly owner?: Owner | undefined },
): void => {
  const descriptor = openSync(`${place}/${name}`, 'wx', mode);
  try {
    if (owner !== undefined) giveTo(owner, descriptor);
    writeFileSync(descriptor, content);
  } finally {
    closeSync(descriptor);
  }
};

/** Moves a file out of an open folder to its place, over a plain file only. */
export const move = (tree: Tree, from: OpenFolder, name: string, to: string, folderMode: number): void => {
  const { problem } = tree.look(to);
  if (problem !== undefined) throw strange([problem]);
  renameSync(`${from.place}/${name}`, `${make(tree, parentOf(to), folderMode).place}/${nameOf(to)}`);
};

const removeEmpty = (tree: Tree, path: string): void => {
  if (path === '') return;
  const [folder, above] = [tree.folder(path), tree.folder(parentOf(path))];
  if (typeof folder !== 'object' || typeof above !== 'object' || readdirSync(folder.place).length > 0) return;
  rmdirSync(`${above.place}/${nameOf(path)}`);
  tree.forget(path);
  removeEmpty(tree, parentOf(path));
};

/** Removes a plain file, if it is there, and the folders that are empty then. */
export const remove = (tree: Tree, path: string): void => {
  const { stat, problem } = tree.look(path);
  if (problem !== undefined) throw strange([problem]);
  const above = tree.folder(parentOf(path));
  if (stat === undefined || typeof above !== 'object') return;
  unlinkSync(`${above.place}/${nameOf(path)}`);
  removeEmpty(tree, parentOf(path));
};

/** A folder of this name, of ours alone, which was not there. */
export const makePrivate = ({ place }: OpenFolder, name: string): OpenFolder => {
  mkdirSync(`${place}/${name}`, { mode: 0o700 });
  const made = openFolder(`${place}/${name}`);
  if (typeof made !== 'object') throw strange([`${name} ${made ?? 'is gone again'}`]);
  return made;
};

/** Removes such a folder with its files; it has no folders. */
export const removePrivate = ({ place }: OpenFolder, name: string, folder: OpenFolder): void => {
  for (const each of readdirSync(folder.place)) unlinkSync(`${folder.place}/${each}`);
  rmdirSync(`${place}/${name}`);
};
