import { relative, resolve } from 'node:path';
import type { Given } from '../answers/gather.ts';
import { flagOf, isQuestionKey } from '../answers/questions.ts';
import { misuse } from '../base/refusal.ts';
import { didYouMean } from '../base/similar.ts';
import { type FlagKey, type FlagValues, flagKeys, rowOfFlag } from './flags.ts';

/** One run as a command takes it: its flags, those that answer questions, and where. */
export type Request = Omit<FlagValues, 'output'> & {
  readonly directory: string;
  /** Where the user stands, seen from the directory; empty: there. */
  readonly from: string;
  readonly flags: Given;
};

/** Flags by their key, camelCase, as a door has read them. */
export type Values = Readonly<Record<string, unknown>>;

const isText = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';

/** The value that a flag has of a text; what it cannot be is a problem. */
const textOf = (key: string, value: unknown, problems: string[]): string | undefined => {
  if (value === undefined) return undefined;
  if (isText(value)) return String(value);
  problems.push(`--${flagOf(key)} needs one value.`);
  return undefined;
};

const runValue = (key: FlagKey, value: unknown, problems: string[]): unknown => {
  const { value: kind, choices, isRepeatable } = rowOfFlag(key);
  const flag = `--${flagOf(key)}`;
  if (kind === undefined) return value === true;
  if (isRepeatable) return [value ?? []].flat().map(String);
  const text = textOf(key, value, problems);
  if (text === '') problems.push(`${flag} needs a value: ${flag} ${kind}.`);
  if (text === undefined || choices === undefined || choices.includes(text)) return text;
  const meant = didYouMean(text, choices) || ` For example: ${flag} ${choices[0]}`;
  problems.push(`${flag} ${JSON.stringify(text)} is not one of ${choices.join(', ')}.${meant}`);
  return undefined;
};

/** Parsed flags as a request; a flag that needs a value and has none is refused. */
export const requestOf = (values: Values, cwd: string): Request => {
  const flags: Given = {};
  const problems: string[] = [];
  for (const key of Object.keys(values).filter(isQuestionKey)) {
    const value = textOf(key, values[key], problems);
    if (value !== undefined) flags[key] = value;
  }
  const { output, answers, ...given } = Object.fromEntries(
    flagKeys.map((key) => [key, runValue(key, values[key], problems)]),
  ) as FlagValues;
  if (problems.length > 0) throw misuse(problems);
  const directory = resolve(cwd, output ?? '.');
  return {
    ...given,
    answers: answers === undefined ? undefined : resolve(cwd, answers),
    directory,
    from: relative(directory, cwd),
    flags,
  };
};
