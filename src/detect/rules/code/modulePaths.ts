import { folderOf, isBelow, joinPath } from '../../read/paths.ts';
import type { View } from '../../view.ts';

/** The name that Python imports a file by, with `pathRoot` on PYTHONPATH; undefined for a file that is not below it. */
export const moduleOf = (path: string, pathRoot: string): string | undefined => {
  if (!isBelow(path, pathRoot) || !path.endsWith('.py')) return undefined;
  const rest = pathRoot === '' ? path : path.slice(pathRoot.length + 1);
  const name = rest.replace(/\.py$/, '').replace(/(?:^|\/)__init__$/, '');
  return /^(?!\d)[\w/]+$/.test(name) ? name.replaceAll('/', '.') : undefined;
};

/** The file of a module below a folder: `a.b` is `a/b.py` or `a/b/__init__.py`. */
export const moduleFile = (view: View, folder: string, module: string): string | undefined => {
  const path = joinPath(folder, module.replaceAll('.', '/'));
  return [`${path}.py`, joinPath(path, '__init__.py')].find((candidate) => view.has(candidate));
};

/**
 * The file that an import in another file means. Where the folder on PYTHONPATH is not known, it is the nearest above that file
 * in which there is such a module.
 */
export const fileOfModule = (
  view: View,
  importer: string,
  module: string,
  pathRoot: string | undefined,
): string | undefined => {
  const [, dots = '', name = ''] = /^(\.*)(.*)$/.exec(module) ?? [];
  let folder = folderOf(importer);
  if (dots !== '') {
    for (let level = 1; level < dots.length; level += 1) folder = folderOf(folder);
    return name === '' ? moduleFile(view, folder, '__init__') : moduleFile(view, folder, name);
  }
  if (pathRoot !== undefined) {
    const file = moduleFile(view, pathRoot, name);
    if (file !== undefined) return file;
  }
  for (;;) {
    const file = moduleFile(view, folder, name);
    // A module does not import itself by a plain name: `import redis` in redis.py means the library.
    if (file !== undefined && file !== importer) return file;
    if (folder === '') return undefined;
    folder = folderOf(folder);
  }
};
