import { posix } from 'node:path';

/** Where folders of the project are in the container of nginx; whatever is relative is below the last. */
const mounted = [
  ['/etc/nginx-monitoring/', 'monitoring/nginx/'],
  ['/etc/nginx/', 'nginx/'],
] as const;
const inProject = (include: string): string => {
  const path = posix.resolve('/etc/nginx', include);
  const [there, here] = mounted.find(([folder]) => path.startsWith(folder)) ?? ['', ''];
  return here + path.slice(there.length);
};

/** As a shell reads a pattern: `*` and `?` stop at a slash; of one with a class of characters nothing is known. */
const matchesOf = (pattern: string, paths: readonly string[]): readonly string[] => {
  if (/[[\]]/.test(pattern)) return [];
  // Most are a name.
  if (!/[*?]/.test(pattern)) return paths.filter((path) => path === pattern);
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  const expression = new RegExp(`^${source}$`);
  return paths.filter((path) => expression.test(path)).sort();
};

/** The files of the set that an `include` of nginx names, in the order in which it reads them, and how it names them. */
export const includedFiles = (
  include: string,
  emitted: readonly string[],
): { readonly pattern: string; readonly files: readonly string[] } => {
  const pattern = inProject(include);
  return { pattern, files: matchesOf(pattern, emitted) };
};
