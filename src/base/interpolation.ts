import { longestExpansion } from './expansion.ts';

/** What stands for a name; undefined where nothing does. */
export type Lookup = (name: string) => string | undefined;

/** A variable that compose puts a value in for; `operator` is empty for `$NAME` and `${NAME}`. */
export type Variable = { readonly name: string; readonly operator: string; readonly word: string };

/** Deeper than anybody nests; a text that does is not resolved. */
export const deepest = 50;

const plain = /[A-Za-z_][A-Za-z0-9_]*/y;
const inBraces = /^([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-+?])([^\n]*))?$/;

/** The index of the brace that closes the one at `open`; compose counts all that stand between. */
const closing = (text: string, open: number): number => {
  let depth = 0;
  for (let index = open; index < text.length; index += 1) {
    if (text[index] === '{') depth += 1;
    else if (text[index] === '}') depth -= 1;
    if (depth === 0) return index;
  }
  return -1;
};

/**
 * A text in pieces, as compose takes it apart (compose-go's template/template.go); `$$` is a dollar, and what compose cannot read is
 * undefined. A dollar in front of nothing is one of those in a compose file, and is itself in an environment file.
 */
export const piecesOf = (text: string, lone: '$' | undefined): readonly (string | Variable)[] | undefined => {
  const pieces: (string | Variable)[] = [];
  let from = 0;
  for (let dollar = text.indexOf('$'); dollar !== -1; dollar = text.indexOf('$', from)) {
    pieces.push(text.slice(from, dollar));
    const next = text[dollar + 1];
    plain.lastIndex = dollar + 1;
    const name = plain.exec(text)?.[0];
    if (name !== undefined) {
      pieces.push({ name, operator: '', word: '' });
      from = dollar + 1 + name.length;
    } else if (next === '{') {
      const end = closing(text, dollar + 1);
      const [, inside, operator = '', word = ''] = inBraces.exec(text.slice(dollar + 2, Math.max(end, 0))) ?? [];
      if (inside === undefined) return undefined;
      pieces.push({ name: inside, operator, word });
      from = end + 1;
    } else {
      const dollarItself = next === '$' ? '$' : lone;
      if (dollarItself === undefined) return undefined;
      pieces.push(dollarItself);
      from = dollar + (next === '$' ? 2 : 1);
    }
  }
  return [...pieces, text.slice(from)];
};

const resolved = ({ name, operator, word }: Variable, lookup: Lookup, depth: number): string | undefined => {
  const value = lookup(name);
  const isThere = operator.startsWith(':') ? value !== undefined && value !== '' : value !== undefined;
  const sign = operator.at(-1);
  if (sign === '+' ? isThere : sign === '-' && !isThere) return interpolated(word, lookup, depth + 1);
  return sign === '?' && !isThere ? undefined : (value ?? '');
};

/**
 * `$NAME`, `${NAME}`, `${NAME:-instead}` and the like with their values, as compose resolves them in an environment file.
 * Undefined where compose refuses the file, and where it grows too long.
 */
export const interpolated = (text: string, lookup: Lookup, depth = 0): string | undefined => {
  let done = '';
  for (const piece of piecesOf(text, '$') ?? [undefined]) {
    const isTooDeep = depth > deepest && typeof piece === 'object';
    const value = typeof piece === 'object' && !isTooDeep ? resolved(piece, lookup, depth) : piece;
    if (typeof value !== 'string' || done.length + value.length > longestExpansion.text + text.length) return undefined;
    done += value;
  }
  return done;
};
