import { execa } from 'execa';

export type Outcome = { readonly code: number; readonly stdout: string; readonly stderr: string; readonly all: string };
export type RunOptions = {
  readonly cwd?: string;
  readonly input?: string;
  readonly seconds?: number;
  /** Where programs are looked for; omitted: as here. */
  readonly path?: string;
};

// The caller's own COMPOSE_PROJECT_NAME or COMICPILE_DOMAIN would bend what is tested.
const environment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:COMPOSE|COMICPILE)_/.test(name)));

/** Runs a command to its end, whatever its exit code; the output is what it printed, stdout and stderr interleaved too. */
export const run = async (
  command: string,
  args: readonly string[] = [],
  { cwd, input, path, seconds = 240 }: RunOptions = {},
): Promise<Outcome> => {
  const { exitCode, stdout, stderr, all, timedOut } = await execa(command, args, {
    env: { ...environment(), ...(path === undefined ? {} : { PATH: path }) },
    extendEnv: false,
    reject: false,
    all: true,
    timeout: seconds * 1000,
    ...(cwd === undefined ? {} : { cwd }),
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
  });
  const note = timedOut ? `\n(stopped after ${seconds} seconds)` : '';
  return { code: exitCode ?? -1, stdout, stderr, all: all + note };
};

/** The same, but any exit code except 0 is an error that shows the end of the output. */
export const must = async (
  command: string,
  args: readonly string[] = [],
  options: RunOptions = {},
): Promise<Outcome> => {
  const outcome = await run(command, args, options);
  if (outcome.code !== 0) {
    throw new Error(
      `${command} ${args.join(' ')} ended with ${outcome.code}:\n${outcome.all.split('\n').slice(-40).join('\n')}`,
    );
  }
  return outcome;
};
