/** A variable that compose puts a value in for; `operator` is empty for `$NAME` and `${NAME}`. */
export type Variable = { readonly name: string; readonly operator: string; readonly word: string };

const whole = /^([A-Za-z_]\w*)(?:(:?[-+?])([\s\S]*))?$/;
const plain = /[A-Za-z_]\w*/y;

/** The index of the brace that closes the one at `open`; compose counts all that stand between. */
const closing = (text: string, open: number): number => {
  let depth = 0;
  for (let index = open; index < text.length; index += 1) {
    if (text[index] === '{') depth += 1;
    if (text[index] === '}') depth -= 1;
    if (depth === 0) return index;
  }
  return -1;
};

/** A scalar of a compose file in pieces; `$$` is a dollar, and what compose cannot read is undefined. */
const piecesOf = (text: string): readonly (string | Variable)[] | undefined => {
  const pieces: (string | Variable)[] = [];
  let from = 0;
  for (let dollar = text.indexOf('$'); dollar !== -1; dollar = text.indexOf('$', from)) {
    pieces.push(text.slice(from, dollar));
    const next = text[dollar + 1];
    plain.lastIndex = dollar + 1;
    const name = plain.exec(text)?.[0];
    if (next === '$') {
      pieces.push('$');
      from = dollar + 2;
    } else if (name !== undefined) {
      pieces.push({ name, operator: '', word: '' });
      from = dollar + 1 + name.length;
    } else {
      const end = next === '{' ? closing(text, dollar + 1) : -1;
      const [, inside, operator = '', word = ''] = whole.exec(text.slice(dollar + 2, end)) ?? [];
      if (end === -1 || inside === undefined) return undefined;
      pieces.push({ name: inside, operator, word });
      from = end + 1;
    }
  }
  return [...pieces, text.slice(from)];
};

/** Every variable of it, those in the words of others too. Where compose cannot read it, all that could be one. */
export const variablesIn = (text: string): readonly Variable[] => {
  if (!text.includes('$')) return [];
  const pieces =
    piecesOf(text) ??
    [...text.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name = '']) => ({ name, operator: '', word: '' }));
  return pieces.flatMap((piece) => (typeof piece === 'string' ? [] : [piece, ...variablesIn(piece.word)]));
};

const most = 32;

const outcomesOf = ({ name, operator, word }: Variable, env: ReadonlyMap<string, string>): readonly string[] => {
  const value = env.get(name);
  const words = outcomes(word, env);
  if (operator.endsWith('+')) return ['', ...words];
  const own = value === undefined || (value === '' && operator !== '') ? [] : [value];
  if (operator.endsWith('-')) return [...own, ...words];
  return own;
};

/**
 * All that a scalar can be when compose has put the values in, with the environment file as it is and without each line of it.
 * None where nobody can know: there is no value and no default, or there are too many.
 */
export const outcomes = (text: string, env: ReadonlyMap<string, string>): readonly string[] => {
  if (!text.includes('$')) return [text];
  let found: readonly string[] = [''];
  for (const piece of piecesOf(text) ?? []) {
    const next = typeof piece === 'string' ? [piece] : outcomesOf(piece, env);
    found = found.flatMap((start) => next.map((end) => start + end));
    if (found.length > most) return [];
  }
  return piecesOf(text) === undefined ? [] : [...new Set(found)];
};
