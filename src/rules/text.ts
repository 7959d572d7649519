import type { RenderedFile } from '../render.ts';

/** The rendered text of one destination, or empty where it is not emitted. */
export const textOf = (files: readonly RenderedFile[], to: string): string =>
  files.find(({ artifact }) => artifact.to === to)?.text ?? '';

/** All matches' first group, each once. */
export const captures = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? '')),
];

/** Lines that are not comments, for syntaxes whose comments begin with #. */
export const withoutComments = (text: string): string => text.replace(/^\s*#.*$/gm, '');

/** Keys at the given top-level section of our own compose files: two spaces, a name, a colon. */
export const composeKeys = (compose: string, section: string): string[] => {
  const body = new RegExp(`^${section}:\\n((?:[ #].*\\n|\\n)*)`, 'm').exec(compose)?.[1] ?? '';
  return captures(body, /^ {2}([a-z][a-z0-9-]*):/gm);
};
