import { type Directive, everyDirective } from './nginx.ts';
import { isNginx } from './parsedFiles.ts';
import type { Promised } from './promised.ts';

const isMark = (word: string): boolean => /^!?~\*?$/.test(word);
/** What follows `~`, `~*`, `!~` or `!~*`, as a word of its own or in the same. */
const after = (words: readonly string[]): readonly string[] => {
  const next = words[words.findIndex(isMark) + 1];
  return words.some(isMark) && next !== undefined ? [next] : [];
};
const marked = (words: readonly string[]): readonly string[] =>
  words.filter((word) => word.startsWith('~')).map((word) => word.replace(/^~\*?/, ''));

/** The patterns of a directive that stands in a block of that name. */
const patternsOf = ({ words: [name = '', ...rest] }: Directive, block: string): readonly string[] => {
  if (block === 'map') return marked([name]);
  if (name === 'location') return after(rest);
  // The parenthesis at the end is the directive's.
  if (name === 'if') return after(rest).map((word) => (rest.at(-1) === word ? word.replace(/\)$/, '') : word));
  if (name === 'rewrite') return rest.slice(0, 1);
  return name === 'server_name' ? marked(rest) : [];
};

/** The pattern without what is escaped or stands in a class, where a dot and a dollar are only that. */
const bare = (pattern: string): string => pattern.replace(/\\[^Z]|\[\^?\]?(?:\\.|[^\]\\])*\]/gs, '_');

const isOpen = (pattern: string): boolean => {
  const rest = bare(pattern);
  return /\$|\\Z/.test(rest) || (!rest.startsWith('(?s)') && rest.includes('.'));
};

/**
 * No pattern ends at a line break, which a client puts into a path as `%0a`: `$` matches before the last one, and `.` matches none
 * unless the pattern begins with `(?s)`. https://www.pcre.org/current/doc/html/pcre2pattern.html
 */
export const patternsWhole: Promised = (set) =>
  set.files
    .map(({ artifact: { to } }) => to)
    .filter(isNginx)
    .flatMap((to) =>
      everyDirective(set.nginx(to))
        .flatMap(({ directive, inside }) => patternsOf(directive, inside.at(-1) ?? ''))
        .filter(isOpen)
        .map((pattern) => `${to}: a line break (%0a) gets past \`${pattern}\`: (?s) at its start, \\z instead of $`),
    );
