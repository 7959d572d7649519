import type { Evidence } from '../model.ts';

/** Paths of a view: relative, with `/`; '' is the root. */
export const joinPath = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('/');
export const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
export const isBelow = (path: string, folder: string): boolean => folder === '' || path.startsWith(`${folder}/`);

/** Whether two folders are the same, or one is in the other. */
export const overlaps = (one: string, other: string): boolean => isBelow(`${one}/`, other) || isBelow(`${other}/`, one);

/** Without `.` and `..`; what leads out of the root ends at the root. */
export const normalisePath = (path: string): string => {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
};

/** One line of at most 160 characters. */
export const evidenceAt = (file: string, line: number | undefined, says: string): Evidence => ({
  file,
  ...(line === undefined ? {} : { line }),
  says: says.replace(/\s+/g, ' ').trim().slice(0, 160),
});
