import { parse } from 'shell-quote';

/** The commands of one line of shell, each as words; what the shell would expand stays as `$NAME`. */
export const shellCommands = (line: string, variables: Readonly<Record<string, string>> = {}): string[][] => {
  const commands: string[][] = [[]];
  let entries: ReturnType<typeof parse>;
  try {
    // `${NAME:-default}` is unknown to the parser, which ends at it.
    entries = parse(withDefaults(line, variables), (name) => variables[name] ?? `$${name}`);
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

/** `$NAME` and `${NAME:-default}` replaced where the value is known; else left as they are. */
export const withDefaults = (text: string, variables: Readonly<Record<string, string>>): string =>
  text
    .replace(
      /\$\{([A-Za-z_]\w*)(?::?[-=]([^{}$]*))?\}/g,
      (whole, name: string, preset?: string) => variables[name] ?? preset ?? whole.replace(/[{}]/g, ''),
    )
    .replace(/\$([A-Za-z_]\w*)/g, (whole, name: string) => variables[name] ?? whole);

// `exec`, `A=b`, `uv run`, `poetry run`, `python -m`: what follows is the command that counts.
const launchers: readonly RegExp[] = [/^(?:exec|nohup|time|sudo|env|command)$/, /^[A-Za-z_]\w*=/];
const runners = new Set(['uv', 'poetry', 'pdm', 'pipenv', 'hatch', 'rye', 'pixi']);

/** The words without what only starts them. */
export const withoutLauncher = (words: readonly string[]): string[] => {
  let rest = [...words];
  for (let changed = true; changed && rest.length > 0; ) {
    changed = false;
    const [first = '', second, third] = rest;
    const name = first.split('/').at(-1) ?? '';
    if (launchers.some((launcher) => launcher.test(first))) {
      rest = rest.slice(1);
      changed = true;
    } else if (runners.has(name) && second === 'run') {
      rest = rest.slice(2);
      while (/^-/.test(rest[0] ?? ''))
        rest = rest.slice(
          rest[0]?.includes('=') || /^--(?:no-|frozen|locked|isolated|active)/.test(rest[0] ?? '') ? 1 : 2,
        );
      changed = true;
    } else if (/^python(?:3(?:\.\d+)?)?$/.test(name) && second === '-m' && third !== undefined) {
      rest = rest.slice(2);
      changed = true;
    } else if (/^(?:sh|bash|dash)$/.test(name) && second === '-c' && third !== undefined) {
      return shellCommands(third).at(-1) ?? [];
    } else if (/^(?:tini|dumb-init|wait-for-it\.sh|opentelemetry-instrument|ddtrace-run|newrelic-admin)$/.test(name)) {
      rest = rest.slice(1).filter((word, index) => index > 0 || word !== '--');
      changed = true;
    }
  }
  return rest;
};
