import { dirname, join, resolve } from 'node:path';
import { exists } from './disk/walk.ts';
import { pathFor, programFor } from './program.ts';

/**
 * The project's own .git/config can name programs. None of them runs when we look at a project of others: no monitor of its files,
 * no hook (even `status` has one, post-index-change), no pager, no editor, no way to fetch what a partial clone has not, to ask for a
 * password or to tidy up (https://git-scm.com/docs/git-config, https://git-scm.com/docs/githooks). Nor is anything written by the way.
 * What is not of the project stays as the user has it: what to ignore, and how lines end.
 */
const harmless: Readonly<Record<string, string>> = {
  'core.fsmonitor': 'false',
  'core.hooksPath': '/dev/null',
  'core.pager': 'cat',
  'core.editor': 'false',
  'core.askPass': '',
  'core.sshCommand': 'false',
  'core.gitProxy': '',
  'credential.helper': '',
  'diff.external': '',
  'protocol.allow': 'never',
  'status.submoduleSummary': 'false',
  'submodule.recurse': 'false',
  'gc.auto': '0',
  'maintenance.auto': 'false',
};
const flags = [
  '--no-pager',
  '--no-optional-locks',
  ...Object.entries(harmless).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
];

/** Of the environment git gets no variable of its own but these, which say where the user's settings are: others lead elsewhere. */
const kept = new Set(['GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM', 'GIT_CONFIG_NOSYSTEM']);
const environment = (directory: string): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^GIT_/i.test(name) || kept.has(name))),
  PATH: pathFor(directory),
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_NO_LAZY_FETCH: '1',
  GIT_TERMINAL_PROMPT: '0',
});

/** These read settings, paths and what is handed to them, and run neither a hook nor a filter. */
const reads = new Set(['config', 'rev-parse', 'ls-files', 'check-ignore', 'hash-object']);

// A setting may name a pipe, or something without an end, as a file of settings.
const longest = 30_000;

/** Whether git would find a repository: one of the folders above has it. */
export const isInRepository = (directory: string): boolean => {
  for (let folder = resolve(directory); ; folder = dirname(folder)) {
    if (exists(join(folder, '.git'))) return true;
    if (folder === dirname(folder)) return false;
  }
};

/** What git says; undefined where it fails, is not there, or has no repository. */
export const git = (directory: string, args: readonly string[], input?: string): string | undefined => {
  if (!isInRepository(directory)) return undefined;
  const program = programFor(directory, 'git');
  if (program === undefined) return undefined;
  // Not by -c, which would take a name to end at its first `=`.
  const rows = Object.entries(reads.has(args[0] ?? '') ? {} : withoutPrograms(directory)).flatMap(
    ([key, value], index) => [
      [`GIT_CONFIG_KEY_${index}`, key],
      [`GIT_CONFIG_VALUE_${index}`, value],
    ],
  );
  try {
    // Loaded here: it brings half of what Node knows of networks with it, and a new project has no repository.
    return process.getBuiltinModule('node:child_process').execFileSync(program, [...flags, ...args], {
      cwd: directory,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
      input,
      timeout: longest,
      killSignal: 'SIGKILL',
      maxBuffer: 256 * 1024 * 1024,
      env: {
        ...environment(directory),
        ...(rows.length === 0 ? {} : { GIT_CONFIG_COUNT: String(rows.length / 2), ...Object.fromEntries(rows) }),
      },
    });
  } catch {
    return undefined;
  }
};

/**
 * Settings, before those of the project, that take its program from each filter of files, which `status` runs on what may have changed,
 * and from each hook that is a setting. A file of Git LFS whose time has changed counts as changed then.
 */
const withoutPrograms = (directory: string): Readonly<Record<string, string>> => {
  const names = git(directory, ['config', '-z', '--name-only', '--get-regexp', '^(filter|hook)\\.']) ?? '';
  const found = new Set(names.split('\0').flatMap((name) => /^((?:filter|hook)\..*)\.[^.]*$/s.exec(name)?.[1] ?? []));
  return Object.fromEntries(
    [...found].flatMap((name) =>
      name.startsWith('hook.')
        ? [
            [`${name}.enabled`, 'false'],
            [`${name}.event`, ''],
          ]
        : [
            [`${name}.clean`, ''],
            [`${name}.process`, ''],
            [`${name}.required`, 'false'],
          ],
    ),
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
  return git(directory, ['status', ...args, '--', '.'])
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
