import { includedFiles } from './includedFiles.ts';
import { wordsOf } from './nginx.ts';
import { isNginx } from './parsedFiles.ts';
import type { Promised } from './promised.ts';

/** nginx/ is mounted as /etc/nginx: every include must name a file that is emitted there. */
export const nginxIncludes: Promised = (set) => {
  const emitted = set.files.map(({ artifact: { to } }) => to);
  return emitted.filter(isNginx).flatMap((to) => {
    const includes = wordsOf(set.nginx(to), 'include').map((words) => includedFiles(words.join(' '), emitted));
    const missing = includes.filter(({ files }) => files.length === 0).map(({ pattern }) => pattern);
    return [...new Set(missing)].map((pattern) => `${to} includes ${pattern}, which nobody emits`);
  });
};
