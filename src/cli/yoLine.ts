import { type Line, parseLine } from './parse.ts';

// Those of yo and yeoman-environment themselves.
const flagsOfYo = [
  'skip-cache',
  'force-install',
  'local-only',
  'color',
  'no-color',
  'insight',
  'no-insight',
  'generators',
  'debug',
];

/**
 * What stands behind `yo comicpile:<word>` on the command line, read by our own rules: yo's take any flag, so that a typing error
 * would pass as if it had been heard, and make numbers of what looks like one (`--python-version 3.10` is 3.1 there). Undefined
 * where yo was not called for this generator.
 */
export const yoLine = (
  argv: readonly string[],
  word: string | undefined,
):
  | { readonly args: readonly string[]; readonly values: Line['values']; readonly problems: readonly string[] }
  | undefined => {
  const { words, values, problems } = parseLine(argv, flagsOfYo);
  const [name = '', ...args] = words;
  const [, called = 'app'] = /^(?:generator-)?comicpile(?::([a-z]+))?$/.exec(name) ?? [undefined, ''];
  return called === (word ?? 'app') ? { args, values, problems } : undefined;
};
