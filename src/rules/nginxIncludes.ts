import type { Rule } from '../verify.ts';
import { captures, withoutComments } from './text.ts';

/** nginx/ is mounted as /etc/nginx: every include must name a file that is emitted there. */
export const nginxIncludes: Rule = (files) => {
  const emitted = new Set(files.map(({ artifact }) => artifact.to));
  return files
    .filter(({ artifact }) => artifact.to.startsWith('nginx/'))
    .flatMap(({ artifact, text }) =>
      captures(withoutComments(text), /(?:^|[;{}])\s*include\s+["']?([^\s;"']+)["']?\s*;/gm)
        .map((include) => `nginx/${include.replace(/^\/etc\/nginx\//, '')}`)
        .filter((path) => !emitted.has(path))
        .map((path) => `${artifact.to} includes ${path}, which nobody emits`),
    );
};
