import type { Rule } from './rule.ts';
import { captures, withoutComments } from './text.ts';

/** Where folders of the project are in the container of nginx; whatever is relative is below the first. */
const mounted = [
  ['/etc/nginx-monitoring/', 'monitoring/nginx/'],
  ['/etc/nginx/', 'nginx/'],
] as const;
const inProject = (include: string): string => {
  const [there, here] = mounted.find(([folder]) => include.startsWith(folder)) ?? ['', 'nginx/'];
  return here + include.slice(there.length);
};
const isOf = (pattern: string, path: string): boolean =>
  pattern.endsWith('/*.conf')
    ? path.startsWith(pattern.slice(0, -'*.conf'.length)) && path.endsWith('.conf')
    : path === pattern;

/** nginx/ is mounted as /etc/nginx: every include must name a file that is emitted there. */
export const nginxIncludes: Rule = (files) => {
  return files
    .filter(({ artifact }) => artifact.to.startsWith('nginx/'))
    .flatMap(({ artifact, text }) =>
      captures(withoutComments(text), /(?:^|[;{}])\s*include\s+["']?([^\s;"']+)["']?\s*;/gm)
        .map(inProject)
        .filter((path) => !files.some(({ artifact: { to } }) => isOf(path, to)))
        .map((path) => `${artifact.to} includes ${path}, which nobody emits`),
    );
};
