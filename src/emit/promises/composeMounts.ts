import type { Rule } from './rule.ts';
import { captures, textOf, withoutComments } from './text.ts';

/**
 * Docker makes an empty folder of a bind mount's missing source, unless the mount forbids it; each other source must be
 * emitted, in it or as it.
 */
export const composeMounts: Rule = (files, { app }) =>
  ['docker-compose.yml', 'docker-compose.prod.yml', 'docker-compose.monitoring.yml'].flatMap((compose) =>
    captures(
      withoutComments(textOf(files, compose)),
      /^\s*(?:- |source: |file: )["']?\.\/([^:"'\s]+)(?!.*\n(?:\s+(?:target|read_only|bind):.*\n){1,3}\s+create_host_path: false)/gm,
    )
      .filter((path) => !app.sources.some((source) => source === path))
      .filter((path) => !files.some(({ artifact: { to } }) => to === path || to.startsWith(`${path}/`)))
      .map((path) => `${compose} mounts ./${path}, which nobody emits`),
  );
