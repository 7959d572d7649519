import { folderOf, joinPath, normalisePath } from '../../read/paths.ts';

/** `file`: from the root of the project, as the code leads there from its own file; `cwd`: relative to where the app is run. */
export type CodePath = { readonly from: 'file' | 'cwd'; readonly path: string };

/** As Python joins paths: an absolute one, or one of a file, begins anew; undefined where a part is not known. */
export const joinCodePaths = (parts: readonly (CodePath | undefined)[]): CodePath | undefined => {
  let whole: CodePath | undefined;
  for (const part of parts) {
    if (part === undefined) return undefined;
    if (whole === undefined || part.from === 'file' || part.path.startsWith('/')) whole = part;
    else whole = { from: whole.from, path: joinPath(whole.path, part.path) };
  }
  return whole;
};

// No tree that is looked at is deeper; `.parents[999999999]` is read from the code as it is.
const deepest = 64;

/** The folder of a path; `.` is a folder, and its parent is `..`. */
export const parentOf = (path: CodePath | undefined, levels = 1): CodePath | undefined => {
  if (levels > deepest) return undefined;
  let result = path && { ...path, path: path.from === 'file' ? normalisePath(path.path) : path.path };
  for (let level = 0; level < levels && result; level += 1) {
    result = { ...result, path: result.from === 'file' ? folderOf(result.path) : joinPath(result.path, '..') };
  }
  return result;
};
