/** One directive: its words, and what its braces hold. A small reader of nginx's grammar, for comparing structures. */
export type Directive = { readonly words: readonly string[]; readonly block?: readonly Directive[] };

const token =
  /\s+|#[^\n]*|"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|[{};]|(?:\\[\s\S]|\$\{[^}]*\}|[^\s{};"'\\])(?:\\[\s\S]|\$\{[^}]*\}|[^\s{};\\])*/y;

const tokensOf = (text: string): string[] => {
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const found = token.exec(text)?.[0];
    if (found === undefined) throw new Error(`nginx cannot read ${JSON.stringify(text.slice(at, at + 40))}`);
    if (!/^[\s#]/.test(found)) tokens.push(found);
  }
  return tokens;
};

/** Every statement ends in `;` or `{ … }`, braces balance; throws where not. */
export const readNginx = (text: string): readonly Directive[] => {
  const top: Directive[] = [];
  const open = [top];
  let words: string[] = [];
  for (const next of tokensOf(text)) {
    const inside = open.at(-1) ?? [];
    if (!/^[{};]$/.test(next)) {
      words.push(next);
    } else if ((next === '}') !== (words.length === 0) || (next === '}' && open.length === 1)) {
      throw new Error(`nginx does not expect ${next} after ${JSON.stringify(words)}`);
    } else if (next === '}') {
      open.pop();
    } else {
      const block: Directive[] = [];
      inside.push(next === '{' ? { words, block } : { words });
      if (next === '{') open.push(block);
      words = [];
    }
  }
  if (open.length > 1 || words.length > 0) throw new Error(`nginx misses an end after ${JSON.stringify(words)}`);
  return top;
};

/** The words of every directive of that name, at any depth. */
export const wordsOf = (directives: readonly Directive[], name: string): string[] =>
  directives.flatMap(({ words, block }) => [
    ...(words[0] === name ? [words.slice(1).join(' ')] : []),
    ...(block === undefined ? [] : wordsOf(block, name)),
  ]);
