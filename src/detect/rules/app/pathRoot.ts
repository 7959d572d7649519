import { folderOf, isBelow, joinPath } from '../../read/paths.ts';
import type { Python } from '../../read/python.ts';
import type { View } from '../../view.ts';
import type { Context } from '../code/context.ts';
import { moduleFile } from '../code/modulePaths.ts';

const holdsPython = (view: View, folder: string, deep: boolean): boolean =>
  view.files.some((path) => path.endsWith('.py') && isBelow(path, folder) && (deep || folderOf(path) === folder));

/** The folders from the app's to that of the file. */
const between = (root: string, folder: string): readonly string[] => {
  const rest = root === '' ? folder : folder.slice(root.length + 1);
  const parts = rest === '' || folder === root ? [] : rest.split('/');
  return [root, ...parts.map((_, index) => joinPath(root, ...parts.slice(0, index + 1)))];
};

const topsOf = ({ imports }: Python): ReadonlySet<string> =>
  new Set(
    imports
      .filter(({ module }) => !module.startsWith('.'))
      .map(({ module, name }) => (module || name || '').split('.')[0] ?? '')
      .filter((top) => top !== ''),
  );

/** How many of the names that a module imports are found from a folder. */
const countFrom = (view: View, python: Python, folder: string): number =>
  [...topsOf(python)].filter((top) => {
    const file = moduleFile(view, folder, top);
    const package_ = joinPath(folder, top);
    return (
      (file !== undefined && file !== python.path) || (view.isFolder(package_) && holdsPython(view, package_, true))
    );
  }).length;

/** Whether a module cannot be meant to be found from this folder: nothing that it imports is, but from another one it is. */
export const contradicts = ({ view, root }: Context, python: Python, pathRoot: string): boolean =>
  countFrom(view, python, pathRoot) === 0 &&
  between(root, folderOf(python.path)).some((folder) => countFrom(view, python, folder) > 0);

/**
 * The folder that must be on PYTHONPATH for a module: the one from which its imports are found; where they do not tell, the first
 * on the way to it that holds Python itself is a package, and counts from the folder above it.
 */
export const pathRootOf = ({ view, root }: Context, python: Python): string => {
  const folders = between(root, folderOf(python.path));
  const isRelative = python.imports.some(({ module }) => module.startsWith('.'));
  const candidates = isRelative && folders.length > 1 ? folders.slice(0, -1) : folders;
  const counts = candidates.map((folder) => ({ folder, count: countFrom(view, python, folder) }));
  const most = Math.max(...counts.map(({ count }) => count));
  if (most > 0) return counts.find(({ count }) => count === most)?.folder ?? root;
  let current = root;
  for (const folder of candidates.slice(1)) {
    if (holdsPython(view, folder, false)) break;
    current = folder;
  }
  return current;
};
