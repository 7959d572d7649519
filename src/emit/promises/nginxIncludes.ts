import { posix } from 'node:path';
import { wordsOf } from './nginx.ts';
import { isNginx } from './parsedFiles.ts';
import type { Promised } from './promised.ts';

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

/** As a shell reads a pattern: `*` and `?` stop at a slash. */
const isOf = (pattern: string, path: string): boolean => {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  return /[[\]]/.test(pattern) ? false : new RegExp(`^${source}$`).test(path);
};

/** nginx/ is mounted as /etc/nginx: every include must name a file that is emitted there. */
export const nginxIncludes: Promised = (set) => {
  const emitted = set.files.map(({ artifact: { to } }) => to);
  return emitted
    .filter(isNginx)
    .flatMap((to) =>
      [...new Set(wordsOf(set.nginx(to), 'include').map((words) => inProject(words.join(' '))))]
        .filter((pattern) => !emitted.some((path) => isOf(pattern, path)))
        .map((pattern) => `${to} includes ${pattern}, which nobody emits`),
    );
};
