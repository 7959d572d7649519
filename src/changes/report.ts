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

const stay = (count: number): readonly string[] =>
  count === 0 ? [] : [dim(`  ${count === 1 ? '1 file stays as it is' : `${count} files stay as they are`}`)];

// A merge base goes with its file.
const split = (all: readonly Change[]): { readonly changing: readonly Change[]; readonly rest: number } => {
  const changes = all.filter(({ kind }) => kind !== 'base');
  const changing = changes.filter(alters);
  return { changing, rest: changes.length - changing.length };
};

/** One line a file that changes, and a count of the rest. */
export const summarize = (all: readonly Change[]): string[] => {
  const { changing, rest } = split(all);
  return [...changing.map(lineOf), ...stay(rest)];
};

// More lines than this are not read.
const readable = 20;

const folderOf = ({ to }: Change): string => (to.includes('/') ? `${to.split('/')[0]}/` : './');

// What was new or as we wrote it; all else is the user's, who must see it by its name. Secrets are always named.
const isPlain = ({ kind, action }: Change): boolean =>
  kind !== 'secret' && (action === 'create' || action === 'update' || action === 'mode');

/** The same, but one line a folder where more files are new or changed than somebody reads. */
export const shorten = (all: readonly Change[]): string[] => {
  const { changing, rest } = split(all);
  if (changing.length <= readable) return summarize(all);
  const groups = new Map<string, readonly Change[]>();
  for (const change of changing) {
    const group = isPlain(change) ? `${change.action} ${folderOf(change)}` : `${change.action} ${change.to}`;
    groups.set(group, [...(groups.get(group) ?? []), change]);
  }
  const lines = [...groups.values()].flatMap(([first, ...more]) => {
    if (first === undefined) return [];
    if (more.length === 0) return [lineOf(first)];
    return [row(first.action, `${folderOf(first).padEnd(20)} ${more.length + 1} files`)];
  });
  return [...lines, ...stay(rest), dim('  each file by its name: --verbose')];
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
