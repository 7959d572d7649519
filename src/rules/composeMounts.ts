import type { Rule } from '../verify.ts';
import { captures, textOf, withoutComments } from './text.ts';

/** Docker makes an empty folder of a bind mount's missing source; each source must be emitted, in it or as it. */
export const composeMounts: Rule = (files, { app, files: served }) =>
  ['docker-compose.yml', 'docker-compose.prod.yml'].flatMap((compose) =>
    captures(withoutComments(textOf(files, compose)), /^\s*(?:- |source: |file: )["']?\.\/([^:"'\s]+)/gm)
      .filter((path) => !app.sources.includes(path) && !served.mounts.some(({ source }) => source === path))
      .filter((path) => !files.some(({ artifact: { to } }) => to === path || to.startsWith(`${path}/`)))
      .map((path) => `${compose} mounts ./${path}, which nobody emits`),
  );
