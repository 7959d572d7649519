import type { RenderedFile } from '../renderedFile.ts';

/** The rendered text of one destination, or empty where it is not emitted. */
export const textOf = (files: readonly RenderedFile[], to: string): string =>
  files.find(({ artifact }) => artifact.to === to)?.text ?? '';

/** All matches' first group, each once. */
export const captures = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? '')),
];

/** Lines that are not comments, for syntaxes whose comments begin with #. */
export const withoutComments = (text: string): string => text.replace(/^\s*#.*$/gm, '');

/** The compose files of production; the second is there only with monitoring. */
export const productionFiles = ['docker-compose.prod.yml', 'docker-compose.monitoring.yml'] as const;

/** The text of each service of our own compose files, by name. */
export const composeServices = (compose: string): ReadonlyMap<string, string> => {
  const body = /^services:\n((?:[ #].*\n|\n)*)/m.exec(compose)?.[1] ?? '';
  const parts = body.split(/^ {2}([a-z][a-z0-9-]*):\n/m).slice(1);
  return new Map(parts.flatMap((name, index) => (index % 2 === 0 ? [[name, parts[index + 1] ?? ''] as const] : [])));
};
