import { parse } from 'shell-quote';
import { longestExpansion } from '../../base/expansion.ts';

/** The value of a variable; undefined where it is not known. */
type Lookup = (name: string) => string | undefined;

/** The commands of one line of shell, each as words; what the shell would expand stays as `$NAME`. */
export const shellCommands = (line: string, variables: Lookup = () => undefined): string[][] => {
  const commands: string[][] = [[]];
  let entries: ReturnType<typeof parse>;
  if (line.length > longestExpansion.text) return [];
  try {
    // `${NAME:-default}` is unknown to the parser, which ends at it. What is known is put in before, within the bound.
    entries = parse(withDefaults(line, variables), (name) => `$${name}`);
  } catch {
    return [];
  }
  for (const entry of entries) {
    if (typeof entry === 'string') commands.at(-1)?.push(entry);
    else if ('comment' in entry) break;
    else if (!('op' in entry)) continue;
    else if ('pattern' in entry) commands.at(-1)?.push(entry.pattern);
    else if (!['<', '>', '>>', '>&', '<('].includes(entry.op)) commands.push([]);
  }
  return commands.map(withoutLauncher).filter((words) => words.length > 0);
};

/** `$NAME` and `${NAME:-default}` replaced where the value is known, else left as they are; undefined where it grows too long. */
export const expanded = (text: string, variables: Lookup, longest: number): string | undefined => {
  let length = text.length;
  const known = (name: string): string | undefined => {
    const value = variables(name);
    length += value?.length ?? 0;
    return length > longest ? '' : value;
  };
  const done = text
    .replace(
      /\$\{([A-Za-z_]\w*)(?::?[-=]([^{}$]*))?\}/g,
      (whole, name: string, preset?: string) => known(name) ?? preset ?? whole.replace(/[{}]/g, ''),
    )
    .replace(/\$([A-Za-z_]\w*)/g, (whole, name: string) => known(name) ?? whole);
  return length > longest ? undefined : done;
};

/** The same; a text that grows too long is left as it is. */
const withDefaults = (text: string, variables: Lookup): string =>
  expanded(text, variables, longestExpansion.text) ?? text;

// `exec`, `A=b`, `uv run`, `poetry run`, `python -m`: what follows is the command that counts.
const launchers: readonly RegExp[] = [/^(?:exec|nohup|time|sudo|env|command)$/, /^[A-Za-z_]\w*=/];
const runners = new Set(['uv', 'poetry', 'pdm', 'pipenv', 'hatch', 'rye', 'pixi']);

const wrappers = /^(?:tini|dumb-init|wait-for-it\.sh|opentelemetry-instrument|ddtrace-run|newrelic-admin)$/;

// Of a runner's options these take no value.
const isSwitch = (word: string): boolean => word.includes('=') || /^--(?:no-|frozen|locked|isolated|active)/.test(word);

/** How many of the words from `at` on only start what follows; 0: none. */
const launcherAt = (words: readonly string[], at: number): number => {
  const [first = '', second, third] = words.slice(at, at + 3);
  const name = first.split('/').at(-1) ?? '';
  if (launchers.some((launcher) => launcher.test(first))) return 1;
  if (runners.has(name) && second === 'run') {
    let end = at + 2;
    while (words[end]?.startsWith('-')) end += isSwitch(words[end] ?? '') ? 1 : 2;
    return end - at;
  }
  if (/^python(?:3(?:\.\d+)?)?$/.test(name) && second === '-m' && third !== undefined) return 2;
  if (wrappers.test(name)) return second === '--' ? 2 : 1;
  return 0;
};

/** The words without what only starts them. */
export const withoutLauncher = (words: readonly string[]): string[] => {
  let at = 0;
  for (let count = launcherAt(words, at); count > 0; count = launcherAt(words, at)) at += count;
  const [first, option, line] = words.slice(at, at + 3);
  const isShell = /^(?:sh|bash|dash)$/.test(first?.split('/').at(-1) ?? '') && option === '-c';
  return isShell && line !== undefined ? (shellCommands(line).at(-1) ?? []) : words.slice(at);
};
