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

/** One line a file that changes, and a count of the rest. */
export const summarize = (all: readonly Change[]): string[] => {
  // A merge base goes with its file.
  const changes = all.filter(({ kind }) => kind !== 'base');
  const changing = changes.filter(alters);
  const rest = changes.length - changing.length;
  return [
    ...changing.map(
      ({ to, kind, action, mode }) =>
        `  ${styles[action](action.padEnd(10))} ${to}${kind === 'secret' ? dim(` (${octal(mode)}, not shown)`) : ''}`,
    ),
    ...(rest > 0
      ? [
          dim(
            `  ${rest} file${rest === 1 ? '' : 's'} stay${rest === 1 ? 's' : ''} as ${rest === 1 ? 'it is' : 'they are'}`,
          ),
        ]
      : []),
  ];
};

// `PASSWORD: x`, `"api_key" = "x"`, `postgres://user:x@host`, and what a terminal would take for commands.
const named =
  /((?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|private[_-]?key|credential)[\w.-]*["']?\s*[:=]\s*)\S.*$/gim;
const inUrl = /(:\/\/[^\s:@/]*:)[^\s@]+@/g;

/** The text of a file that we know nothing of, to be shown: without what looks like the value of a secret. */
const withoutValues = (text: string): string =>
  text
    .replace(named, '$1(not shown)')
    .replace(inUrl, '$1(not shown)@')
    .replace(/[^\P{Cc}\t\r\n]/gu, '?');

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
    .split('\n')
    .slice(1)
    .map((line) => (line.startsWith('+') ? green(line) : line.startsWith('-') ? red(line) : line))
    .join('\n');
};
