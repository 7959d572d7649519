import { longestExpansion } from '../../base/expansion.ts';
import { deepest, piecesOf, type Variable } from '../../base/interpolation.ts';

const variablesAt = (text: string, depth: number): readonly Variable[] => {
  if (!text.includes('$')) return [];
  const pieces =
    (depth > deepest ? undefined : piecesOf(text, undefined)) ??
    [...text.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name = '']) => ({ name, operator: '', word: '' }));
  return pieces.flatMap((piece) => (typeof piece === 'string' ? [] : [piece, ...variablesAt(piece.word, depth + 1)]));
};

/** Every variable of it, those in the words of others too. Where compose cannot read it, all that could be one. */
export const variablesIn = (text: string): readonly Variable[] => variablesAt(text, 0);

const most = 32;

const outcomesOf = (
  { name, operator, word }: Variable,
  env: ReadonlyMap<string, string>,
  depth: number,
): readonly string[] => {
  const value = env.get(name);
  const words = outcomesAt(word, env, depth + 1);
  if (operator.endsWith('+')) return ['', ...words];
  const own = value === undefined || (value === '' && operator !== '') ? [] : [value];
  if (operator.endsWith('-')) return [...own, ...words];
  return own;
};

const outcomesAt = (text: string, env: ReadonlyMap<string, string>, depth: number): readonly string[] => {
  if (!text.includes('$')) return [text];
  const pieces = depth > deepest ? undefined : piecesOf(text, undefined);
  if (pieces === undefined) return [];
  let found: readonly string[] = [''];
  for (const piece of pieces) {
    const next = typeof piece === 'string' ? [piece] : outcomesOf(piece, env, depth);
    found = found.flatMap((start) => next.map((end) => start + end));
    if (found.length > most || found.some((each) => each.length > longestExpansion.text + text.length)) return [];
  }
  return [...new Set(found)];
};

/**
 * All that a scalar of a compose file can be when compose has put the values in, with the environment file as it is and without each
 * line of it. None where nobody can know: there is no value and no default, there are too many, or compose cannot read it.
 */
export const outcomes = (text: string, env: ReadonlyMap<string, string>): readonly string[] => outcomesAt(text, env, 0);
