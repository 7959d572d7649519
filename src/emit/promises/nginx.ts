import type { Read } from './yaml.ts';

/** A directive of nginx: its words, without their quotes, and what its braces hold. */
export type Directive = { readonly words: readonly string[]; readonly block?: readonly Directive[] };

const mostCharacters = 500_000;
const mostDepth = 20;
// What these run, or hold between their braces, is code: no directives that could be looked at.
const isCode = (name: string): boolean => /_by_lua|^lua_|^js_|^perl/.test(name);

const escapes: Readonly<Record<string, string>> = { t: '\t', r: '\r', n: '\n', '"': '"', "'": "'", '\\': '\\' };
/** nginx takes a backslash away before these alone, and keeps it before all others. */
const unescaped = (word: string): string =>
  !word.includes('\\') ? word : word.replace(/\\([trn"'\\])/g, (_, kept: string) => escapes[kept] ?? '');

type Token = { readonly text: string; readonly isWord: boolean; readonly line: number };

const space = /[ \t\r\n]/;
const quotedWord = { '"': /"((?:\\[\s\S]|[^"\\])*)"/y, "'": /'((?:\\[\s\S]|[^'\\])*)'/y } as const;
// The braces after a dollar belong to the word, and so does all but a space, an end and an opening brace.
const plainWord = /(?:\\[\s\S]|\$\{+|[^ \t\r\n;{\\])+/y;

/** ngx_conf_read_token, as a generator. */
function* tokensOf(text: string): Generator<Token> {
  let line = 1;
  for (let index = 0; index < text.length; ) {
    const next = text[index] ?? '';
    if (space.test(next)) {
      if (next === '\n') line += 1;
      index += 1;
    } else if (next === '#') {
      const end = text.indexOf('\n', index);
      index = end === -1 ? text.length : end;
    } else if (/[;{}]/.test(next)) {
      yield { text: next, isWord: false, line };
      index += 1;
    } else {
      const isQuoted = next === '"' || next === "'";
      const pattern = isQuoted ? quotedWord[next] : plainWord;
      pattern.lastIndex = index;
      const [whole = '', inside] = pattern.exec(text) ?? [];
      if (whole === '')
        throw new Error(`line ${line}: ${isQuoted ? 'a quote that nothing closes' : 'a backslash at the end'}`);
      index += whole.length;
      if (isQuoted && !/^(?:[ \t\r\n;{)]|$)/.test(text.slice(index, index + 1))) {
        throw new Error(`line ${line}: no space after a closing quote`);
      }
      yield { text: unescaped(inside ?? whole), isWord: true, line };
      line += whole.split('\n').length - 1;
    }
  }
}

const directivesIn = (text: string): readonly Directive[] => {
  const top: Directive[] = [];
  const open = [top];
  let words: string[] = [];
  for (const { text: token, isWord, line } of tokensOf(text)) {
    if (isWord) {
      words.push(token);
    } else if ((token === '}') !== (words.length === 0) || (token === '}' && open.length === 1)) {
      throw new Error(`line ${line}: ${token} is not expected there`);
    } else if (token === '}') {
      open.pop();
    } else {
      if (isCode(words[0] ?? '')) throw new Error(`line ${line}: ${words[0]} is code`);
      const block: Directive[] = [];
      open.at(-1)?.push(token === '{' ? { words, block } : { words });
      if (token === '{') open.push(block);
      if (open.length > mostDepth) throw new Error(`line ${line}: blocks more than ${mostDepth} deep`);
      words = [];
    }
  }
  if (open.length > 1 || words.length > 0) {
    throw new Error(`line ${text.split('\n').length}: a directive or a block does not end`);
  }
  return top;
};

/** What a file of nginx says; files that it includes are not looked into. */
export const readNginx = (text: string): Read<readonly Directive[]> => {
  if (text.length > mostCharacters) return { problem: `it is longer than ${mostCharacters} characters` };
  if (/[^\n\r\t -~\xa0-\uffff]/.test(text)) return { problem: 'it has a control character' };
  try {
    return { value: directivesIn(text) };
  } catch (error) {
    return { problem: (error as Error).message };
  }
};

/** A directive, with the names of the blocks that it stands in, the outermost first. */
export type Placed = { readonly directive: Directive; readonly inside: readonly string[] };

/** Every directive, at any depth. */
export const everyDirective = (directives: readonly Directive[], inside: readonly string[] = []): readonly Placed[] =>
  directives.flatMap((directive) => [
    { directive, inside },
    ...everyDirective(directive.block ?? [], [...inside, directive.words[0] ?? '']),
  ]);

/** The words after the name of each directive of that name, at any depth. */
export const wordsOf = (directives: readonly Directive[], name: string): readonly (readonly string[])[] =>
  everyDirective(directives).flatMap(({ directive: { words } }) => (words[0] === name ? [words.slice(1)] : []));
