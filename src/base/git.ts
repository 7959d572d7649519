import { dirname, join, resolve } from 'node:path';
import { exists } from './disk/walk.ts';

/**
 * The project's own .git/config can name programs. None of them runs when we look at a project of others: no monitor of its files,
 * no hook (even `status` has one, post-index-change), no pager, no way to fetch what a partial clone has not
 * (https://git-scm.com/docs/git-config, https://git-scm.com/docs/githooks). Nor is anything written by the way.
 */
const harmless = ['--no-pager', '--no-optional-locks', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];
const environment = { GIT_ALLOW_PROTOCOL: 'none', GIT_NO_LAZY_FETCH: '1', GIT_TERMINAL_PROMPT: '0' };

type Told = { readonly input?: string; readonly settings?: Readonly<Record<string, string>> };

/** Whether git would find a repository: one of the folders above has it, or the environment names it. */
export const isInRepository = (directory: string): boolean => {
  if (process.env.GIT_DIR !== undefined) return true;
  for (let folder = resolve(directory); ; folder = dirname(folder)) {
    if (exists(join(folder, '.git'))) return true;
    if (folder === dirname(folder)) return false;
  }
};

/** What git says; undefined where it fails, is not there, or has no repository. `settings` go before those of the project. */
export const git = (
  directory: string,
  args: readonly string[],
  { input, settings = {} }: Told = {},
): string | undefined => {
  if (!isInRepository(directory)) return undefined;
  // Not by -c, which would take a name to end at its first `=`.
  const rows = Object.entries(settings).flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  try {
    // Loaded here: it brings half of what Node knows of networks with it, and a new project has no repository.
    return process.getBuiltinModule('node:child_process').execFileSync('git', [...harmless, ...args], {
      cwd: directory,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
      input,
      maxBuffer: 256 * 1024 * 1024,
      env: {
        ...process.env,
        ...environment,
        ...(rows.length === 0 ? {} : { GIT_CONFIG_COUNT: String(rows.length / 2), ...Object.fromEntries(rows) }),
      },
    });
  } catch {
    return undefined;
  }
};

/**
 * Settings that take its program from each filter of files: `status` runs them on what may have changed. A file of Git LFS whose
 * time has changed counts as changed then.
 */
const withoutFilters = (directory: string): Readonly<Record<string, string>> => {
  const names = git(directory, ['config', '-z', '--name-only', '--get-regexp', '^filter\\.']) ?? '';
  const filters = names.split('\0').flatMap((name) => /^(filter\..*)\.[^.]*$/s.exec(name)?.[1] ?? []);
  return Object.fromEntries(
    filters.flatMap((filter) => [
      [`${filter}.clean`, ''],
      [`${filter}.process`, ''],
      [`${filter}.required`, 'false'],
    ]),
  );
};

// `status` has paths from the root of the repository.
export const prefixOf = (directory: string): string | undefined =>
  git(directory, ['rev-parse', '--show-prefix'])?.replace(/\n$/, '');

/**
 * Files of the project that git follows and that differ from its last commit; undefined outside of a repository. Submodules are
 * repositories of their own, with settings of their own, and are not looked into.
 */
export const uncommitted = (directory: string): readonly string[] | undefined => {
  const prefix = prefixOf(directory);
  if (prefix === undefined) return undefined;
  const args = ['--porcelain=v1', '-z', '--untracked-files=no', '--no-renames', '--ignore-submodules=dirty'];
  return git(directory, ['status', ...args, '--', '.'], { settings: withoutFilters(directory) })
    ?.split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => entry.slice(3 + prefix.length));
};

/** Those of the paths that git follows; of a folder all that it follows in it. */
export const followed = (directory: string, paths: readonly string[]): readonly string[] =>
  paths.length === 0
    ? []
    : (git(directory, ['ls-files', '-z', '--', ...paths.map((path) => `:(literal)${path}`)]) ?? '')
        .split('\0')
        .filter((path) => path !== '');
