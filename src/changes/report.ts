import { printable } from '../base/printable.ts';
import { dim, green, red, yellow } from '../base/terminal.ts';
import { type Action, alters, type Change } from './change.ts';

const styles: Record<Action, (text: string) => string> = {
  create: green,
  update: green,
  extend: green,
  mode: yellow,
  conflict: yellow,
  overwrite: yellow,
  backup: green,
  keep: dim,
  merge: green,
  mark: red,
  remove: yellow,
  release: yellow,
  absent: dim,
  identical: dim,
};

const octal = (mode: number): string => mode.toString(8).padStart(4, '0');

const row = (action: Action, what: string): string => `  ${styles[action](action.padEnd(10))} ${what}`;

const lineOf = ({ to, kind, action, mode }: Change): string =>
  row(action, `${printable(to)}${kind === 'secret' ? dim(` (${octal(mode)}, not shown)`) : ''}`);

const stays = (count: number): readonly string[] =>
  count === 0 ? [] : [dim(`  ${count === 1 ? '1 file stays as it is' : `${count} files stay as they are`}`)];

// More lines than this are not read.
const readable = 20;

/** What of it is told: a merge base goes with its file. `isMuch`: more than somebody reads by name. */
export const split = (all: readonly Change[]) => {
  const changes = all.filter(({ kind }) => kind !== 'base');
  const changing = changes.filter(alters);
  return { changing, rest: changes.length - changing.length, isMuch: changing.length > readable };
};

/** One line a file that changes, and a count of the rest. */
export const summarize = (all: readonly Change[]): string[] => {
  const { changing, rest } = split(all);
  return [...changing.map(lineOf), ...stays(rest)];
};

// What was new or as we wrote it; all else is the user's, who must see it by its name. Secrets are always named.
const isPlain = ({ kind, action }: Change): boolean =>
  kind !== 'secret' && ['create', 'update', 'mode'].includes(action);

/** The same, but of many files only those that are the user's: the others are counted by folder. */
export const shorten = (all: readonly Change[]): string[] => {
  const { changing, rest, isMuch } = split(all);
  if (!isMuch) return summarize(all);
  const named = changing.filter((change) => !isPlain(change)).map(lineOf);
  return [...named, ...stays(rest), dim('  each file by its name: --verbose')];
};

// `PASSWORD: x`, `"api_key" = "x"`, `postgres://user:x@host`.
const named =
  /((?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|private[_-]?key|credential)[\w.-]*["']?\s*[:=]\s*)\S.*$/gim;
const inUrl = /(:\/\/[^\s:@/]*:)[^\s@]+@/g;

/** The text of a file that we know nothing of, to be shown: without what looks like the value of a secret. */
const withoutValues = (text: string): string =>
  text
    // Nobody reads it, and the patterns take their time for it.
    .replace(/[^\n]{5000,}/g, '(a long line, not shown)')
    .replace(named, '$1(not shown)')
    .replace(inUrl, '$1(not shown)@');

/** A unified diff of the change; the text of a secret file is never part of it. */
export const diffOf = async ({
  to,
  kind,
  action,
  before: text,
  after,
  mode,
  isForeign,
  copyOf,
}: Change): Promise<string> => {
  if (kind === 'secret') return dim(`${to}: ${action} (mode ${octal(mode)}; its text is never shown)`);
  if (copyOf !== undefined) return `${to}: a copy of ${copyOf}`;
  if (action === 'mode') return `${to}: mode ${octal(mode)}`;
  const before = isForeign ? withoutValues(text) : text;
  const { createTwoFilesPatch } = await import('diff');
  const patch = createTwoFilesPatch(action === 'create' ? '/dev/null' : `a/${to}`, `b/${to}`, before, after, '', '', {
    context: 3,
  });
  return patch
    .replaceAll('\u001b', '\\u001b')
    .split('\n')
    .slice(1)
    .map((line) => (line.startsWith('+') ? green(line) : line.startsWith('-') ? red(line) : line))
    .join('\n');
};
