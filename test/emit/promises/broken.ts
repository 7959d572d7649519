import assert from 'node:assert/strict';
import type { RawAnswers } from '../../../src/answers/questions.ts';
import type { Promised } from '../../../src/emit/promises/promised.ts';
import { setOf } from '../../../src/emit/promises/renderedSet.ts';
import type { RenderedFile } from '../../../src/emit/renderedFile.ts';
import type { Stack } from '../../../src/model/stack.ts';
import { renderAll, spoil, stackOf } from '../../fixture.ts';

/** A file of ours that somebody has edited, and what the promise says then. */
export type Broken = {
  readonly to: string;
  readonly edit: (text: string) => string;
  readonly offence: string;
  /** The answers that it was rendered with; all that there is, by default. */
  readonly given?: Partial<RawAnswers>;
};
/** An edit that the promise has nothing against. */
export type Harmless = Omit<Broken, 'offence'> & { readonly what: string };

type Rendered = { readonly stack: Stack; readonly files: readonly RenderedFile[] };
const made = new Map<string, Rendered>();
/** The set for these answers, rendered once. */
export const rendered = (given: Partial<RawAnswers> = { secrets: 'env', monitoring: 'on' }): Rendered => {
  const key = JSON.stringify(given);
  const stack = made.get(key)?.stack ?? stackOf(given);
  const files = made.get(key)?.files ?? renderAll(stack);
  made.set(key, { stack, files });
  return { stack, files };
};

/** What the promise says of a set. */
export const offencesOf = (promised: Promised, { files, stack }: Rendered): readonly string[] =>
  promised(setOf(files), stack);

export const isKeptByOurs = (promised: Promised): void => {
  for (const given of [{}, { secrets: 'env', monitoring: 'on' }, { ci: 'both', monitoring: 'on' }] as const) {
    it(`is kept by what we emit with ${JSON.stringify(given)}`, () =>
      assert.deepEqual(offencesOf(promised, rendered(given)), []));
  }
};

const edited = (promised: Promised, { to, edit, given }: Omit<Broken, 'offence'>): readonly string[] => {
  const { files, stack } = rendered(given);
  const spoilt = spoil(files, to, edit);
  assert.notDeepEqual(spoilt, files, 'the edit changed nothing');
  return offencesOf(promised, { files: spoilt, stack });
};

/** Each edit is noticed, and said in these words. */
export const breaks = (
  promised: Promised,
  rows: readonly Broken[],
  isSaid = (said: readonly string[], offence: string): boolean => said.includes(offence),
): void => {
  for (const row of rows) {
    it(row.offence, () => {
      const said = edited(promised, row);
      assert.ok(isSaid(said, row.offence), said.join('\n'));
    });
  }
};

/** No edit is noticed. */
export const allows = (promised: Promised, rows: readonly Harmless[]): void => {
  for (const row of rows) it(`allows ${row.what}`, () => assert.deepEqual(edited(promised, row), []));
};
