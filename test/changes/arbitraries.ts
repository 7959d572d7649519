import fc from 'fast-check';
import type { Three } from '../../src/changes/merge3.ts';

/** Few different lines, so that they repeat as braces and blank ones do. */
const line = fc.oneof(
  fc.constantFrom('', '}', '  listen 443 ssl;', '  location / {'),
  fc.integer({ min: 0, max: 30 }).map((n) => `  directive_${n} on;`),
);
type Edit = { readonly at: number; readonly drop: number; readonly add: readonly string[] };

/** A file of up to 60 lines, without line ends. */
export const someLines: fc.Arbitrary<readonly string[]> = fc.oneof(
  fc.array(line, { maxLength: 8 }),
  fc.array(line, { minLength: 30, maxLength: 60 }),
);

export const someEdits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    drop: fc.integer({ min: 0, max: 3 }),
    add: fc.array(line, { maxLength: 3 }),
  }),
  { maxLength: 3 },
);

export const edited = (lines: readonly string[], changes: readonly Edit[]): string[] => {
  const copy = [...lines];
  for (const { at, drop, add } of changes) copy.splice(Math.round(at * copy.length), drop, ...add);
  return copy;
};

export const textOf = (lines: readonly string[], ended = true): string =>
  lines.length === 0 ? '' : `${lines.join('\n')}${ended ? '\n' : ''}`;

const countOf = (text: string, by: number, count: Map<string, number>): void => {
  for (const each of text.split('\n')) {
    const bare = each.replace(/\r$/, '');
    count.set(bare, (count.get(bare) ?? 0) + by);
  }
};

/** Lines that the user has beyond the base, and that `result` has not: what an update has lost. Line ends do not count. */
export const lostLines = (yours: string, base: string, result: string): readonly string[] => {
  const count = new Map<string, number>();
  countOf(yours, 1, count);
  countOf(base, -1, count);
  const has = new Map<string, number>();
  countOf(result, 1, has);
  return [...count].filter(([each, times]) => times > 0 && (has.get(each) ?? 0) < times).map(([each]) => each);
};

/** One text, and two that were made from it. */
export const three: fc.Arbitrary<Three> = fc
  .record({ base: someLines, yours: someEdits, theirs: someEdits, ended: fc.boolean() })
  .map(({ base, yours, theirs, ended }) => ({
    base: textOf(base),
    yours: textOf(edited(base, yours), ended),
    theirs: textOf(edited(base, theirs)),
  }));
