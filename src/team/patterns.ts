import { RE2JS } from 're2js';
import type { Promised } from '../emit/promises/promised.ts';
import type { PatternPromise } from './manifest.ts';

/**
 * A pattern of a pack, by an engine whose time grows with the text alone (RE2): in that of JavaScript a line such as `(a+)+#` never ends. It
 * throws for what is no pattern, and for what RE2 has not.
 */
const compile = (pattern: string): RE2JS => {
  if (/\\k</.test(pattern)) throw new Error('it refers back to a group');
  return RE2JS.compile(RE2JS.translateRegExp(pattern), RE2JS.MULTILINE);
};

/** Why it is none; undefined: it is one. */
const problemOf = (pattern: string): string | undefined => {
  try {
    compile(pattern);
    return undefined;
  } catch (error) {
    const reason = (error as Error).message.replace('(?m)', '');
    return `${reason}; there is neither looking around (?=, ?<=, ?!) nor a reference to a group (\\1), for example ^Team: .`;
  }
};

/** What is wrong with the patterns of a promise, each by its key. */
export const patternProblems = ({ matches, lacks }: PatternPromise): readonly string[] =>
  Object.entries({ matches, lacks }).flatMap(([key, pattern]) => {
    const problem = pattern === undefined ? undefined : problemOf(pattern);
    return problem === undefined ? [] : [`${key}: ${problem}`];
  });

/** Time that the promises of all packs have together. */
export type Patience = { left: number };
export const patience = (milliseconds = 5000): Patience => ({ left: milliseconds });

/** A promise of a manifest, made of patterns; files that hold secrets are never looked at. */
export const promisedBy = ({ files: paths, matches, lacks }: PatternPromise, time = patience()): Promised => {
  const must = matches === undefined ? undefined : compile(matches);
  const mustNot = lacks === undefined ? undefined : compile(lacks);
  const finds = (pattern: RE2JS | undefined, text: string): boolean | undefined => {
    if (pattern === undefined || time.left <= 0) return undefined;
    const started = performance.now();
    const found = pattern.test(text);
    time.left -= performance.now() - started;
    return found;
  };
  return ({ files }) => {
    const visible = files.filter(({ artifact }) => artifact.kind !== 'secret');
    const isIn = (path: string, to: string) => to === path || (path.endsWith('/') && to.startsWith(path));
    const absent = paths.filter((path) => !visible.some(({ artifact: { to } }) => isIn(path, to)));
    const broken = visible
      .filter(({ artifact: { to } }) => paths.some((path) => isIn(path, to)))
      .flatMap(({ artifact: { to }, text }) => [
        ...(finds(must, text) === false ? [`${to} does not match ${matches}`] : []),
        ...(finds(mustNot, text) === true ? [`${to} matches ${lacks}`] : []),
      ]);
    const late = time.left > 0 ? [] : ['the patterns of packs take too long: make them simpler'];
    return [...absent.map((path) => `${path} is not emitted`), ...broken, ...late];
  };
};
