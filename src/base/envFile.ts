/** Reads and extends `KEY=value` files the way compose does; a user's lines and comments are never touched. */
import { type Statement, statementsOf } from './envStatements.ts';
import { longestExpansion } from './expansion.ts';
import { interpolated, type Lookup } from './interpolation.ts';

const escapes: Readonly<Record<string, string>> = {
  ...{ a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
  ...{ '"': '"', '\\': '\\', $: '$$' },
};

/** In double quotes; an octal number that is none loses its 0. */
const unescaped = (written: string): string =>
  written.replace(/\\(?:0([0-9]{0,3})|([\s\S]))/g, (all, digits: string | undefined, character = '') => {
    if (digits === undefined) return escapes[character] ?? all;
    return /^[0-3][0-7]{2}$/.test(digits) ? String.fromCodePoint(Number.parseInt(digits, 8)) : `\\${digits}`;
  });

// Without values in it where all of them would be too long.
const readValue = ({ written, quote }: Statement, lookup: Lookup, left: number): string => {
  if (quote === "'") return written.replace(/\\([\s\S])/g, (all, character) => (character === "'" ? "'" : all));
  const text = quote === '"' ? unescaped(written) : written;
  const value = interpolated(text, lookup) ?? text;
  return value.length - text.length > left ? text : value;
};

/**
 * Keys and values; a later line of the same key wins. test/cases/env.json says what that means, line by line: what compose
 * reads with `--env-file`, and scripts/lib.sh too. One thing cannot be the same: to compose a variable in a value is first one
 * of its environment, and here one of this file only. Where compose refuses the file, what stands there.
 */
export const readEnv = (text: string): ReadonlyMap<string, string> => {
  const found = new Map<string, string>();
  let left: number = longestExpansion.file;
  for (const statement of statementsOf(text)) {
    const value = readValue(statement, (name) => found.get(name), left);
    left -= Math.max(0, value.length - statement.written.length);
    found.set(statement.key, value);
  }
  return found;
};

/** `existing` with the assignments of `wanted` whose keys it lacks appended, each under its own comment lines. */
export const appendMissing = (existing: string, wanted: string): string => {
  const has = readEnv(existing);
  const added: string[] = [];
  let comments: string[] = [];
  for (const line of wanted.split('\n')) {
    const [statement] = statementsOf(line);
    if (statement === undefined) {
      comments = line.startsWith('#') ? [...comments, line] : [];
    } else {
      if (!has.has(statement.key)) added.push(...comments, line);
      comments = [];
    }
  }
  return joinBlocks(existing, added);
};

/** The lines of an ignore file that `existing` lacks, appended once under one heading. */
export const appendLines = (existing: string, wanted: string): string => {
  const has = new Set(existing.split(/\r?\n/).map((line) => line.trim()));
  const added = wanted.split('\n').filter((line) => line !== '' && !line.startsWith('#') && !has.has(line.trim()));
  return joinBlocks(existing, added.length === 0 ? [] : ['# generator-comicpile', ...added]);
};

const joinBlocks = (existing: string, added: readonly string[]): string => {
  if (added.length === 0) return existing;
  const start = existing === '' || existing.endsWith('\n') ? existing : `${existing}\n`;
  return `${start}${start === '' ? '' : '\n'}${added.join('\n')}\n`;
};
