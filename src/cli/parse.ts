import { parseArgs } from 'node:util';
import { flagOf, questionKeys } from '../answers/questions.ts';
import { didYouMean } from '../base/similar.ts';
import { commandWords } from './commandOf.ts';
import { flagKeys, rowOfFlag } from './flags.ts';

/** A command line as it was read. */
export type Line = {
  /** All words, the command first. */
  readonly words: readonly string[];
  /** Flags by their key, camelCase. */
  readonly values: Readonly<Record<string, string | true | readonly string[]>>;
  /** Flags of which one says that help, all of it, or the version is wanted. */
  readonly wants: { readonly help: boolean; readonly all: boolean; readonly version: boolean };
  /** What cannot be read, a sentence each. */
  readonly problems: readonly string[];
};

type Option = { readonly type: 'string' | 'boolean'; readonly short?: string; readonly multiple?: boolean };

const asks = {
  help: { type: 'boolean', short: 'h' },
  all: { type: 'boolean' },
  version: { type: 'boolean', short: 'v' },
} as const satisfies Record<string, Option>;

const known = (): Readonly<Record<string, Option & { readonly key: string }>> =>
  Object.fromEntries([
    ...Object.entries(asks).map(([flag, option]) => [flag, { ...option, key: flag }] as const),
    ...questionKeys.map((key) => [flagOf(key), { type: 'string', key }] as const),
    ...flagKeys.map((key) => {
      const { value, short, isRepeatable } = rowOfFlag(key);
      const option: Option = {
        type: value === undefined ? 'boolean' : 'string',
        ...(short === undefined ? {} : { short }),
        ...(isRepeatable === undefined ? {} : { multiple: true }),
      };
      return [flagOf(key), { ...option, key }] as const;
    }),
  ]);

const unknown = (rawName: string, flags: readonly string[]): string => {
  const name = rawName.replace(/^--?/, '');
  const off = name.replace(/^no-/, '');
  if (off !== name && flags.includes(off)) return `There is no flag ${rawName}: leave --${off} out.`;
  const meant = didYouMean(name, flags, (flag) => `--${flag}`);
  return `There is no flag ${JSON.stringify(rawName).slice(1, -1)}.${meant}`;
};

// A value that looks like a flag is one, unless an equals sign says that it is not.
const problemOf = (
  flag: string,
  { type }: Option,
  value: string | undefined,
  isInline: boolean,
): string | undefined => {
  if (type === 'boolean') return value === undefined ? undefined : `${flag} takes no value.`;
  if (value === undefined) return `${flag} needs a value.`;
  if (isInline || !/^-./.test(value)) return undefined;
  return `${flag} needs a value; one that begins with a hyphen is given as ${flag}=${value}`;
};

/** Reads a command line; never throws, so that all that is wrong can be said at once. `others`: flags of somebody else. */
export const parseLine = (args: readonly string[], others: readonly string[] = []): Line => {
  const options = known();
  const foreign = Object.fromEntries(others.map((flag) => [flag, { type: 'boolean' }] as const));
  const { tokens } = parseArgs({
    args: [...args],
    options: { ...foreign, ...options },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const words: string[] = [];
  const values: Record<string, string | true | readonly string[]> = {};
  const wants = { help: false, all: false, version: false };
  const problems: string[] = [];
  // What follows an unknown flag is its value rather than a command, unless it is one.
  let valueAt = -1;
  for (const token of tokens) {
    if (token.kind === 'positional' && (token.index !== valueAt || commandWords.includes(token.value))) {
      words.push(token.value);
    }
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue = false, index } = token;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (option === undefined) {
      if (others.includes(name)) continue;
      if (!inlineValue) valueAt = index + 1;
      problems.push(unknown(rawName, Object.keys(options)));
      continue;
    }
    const { key } = option;
    const problem = problemOf(rawName, option, value, inlineValue);
    if (problem !== undefined) problems.push(problem);
    else if (Object.hasOwn(asks, key)) wants[key as keyof typeof asks] = true;
    else if (option.multiple) values[key] = [values[key] ?? [], value ?? ''].flat().map(String);
    // The last one wins, so that whoever calls a script that has flags of its own can say otherwise.
    else values[key] = value ?? true;
  }
  return { words, values, wants, problems };
};
