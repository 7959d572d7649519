import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { exists } from '../../base/disk/walk.ts';
import type { Door } from '../../base/door.ts';
import { isThere } from '../../base/files.ts';
import { printable } from '../../base/printable.ts';
import { pathFor, programFor } from '../../base/program.ts';
import { shellWord } from '../../base/shellWord.ts';

const unlocked =
  'There is no uv.lock yet, so the image takes the newest versions that fit: run `uv lock` and commit the file to pin them.';

const above = (folder: string): readonly string[] =>
  dirname(folder) === folder ? [] : [dirname(folder), ...above(dirname(folder))];

/**
 * What uv would obey that is not of this run: settings that name an index, an interpreter, a workspace around the app. Of a file that
 * somebody else has put there, uv would fetch and run what that one says.
 */
const foreign = (directory: string): string | undefined =>
  [
    ...['uv.toml', '.python-version', '.python-versions', '.venv'].map((name) => join(directory, name)),
    ...above(directory).flatMap((folder) =>
      ['uv.toml', 'pyproject.toml', '.python-version', '.python-versions'].map((name) => join(folder, name)),
    ),
  ].find((path) => exists(path));

/** The user's own settings, and none that uv would find from the project upwards. */
const settings = (): readonly string[] => {
  if (process.env.UV_CONFIG_FILE !== undefined) return [];
  const folders = [process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), '/etc'];
  const own = folders.map((folder) => join(folder, 'uv/uv.toml')).find((path) => exists(path));
  return own === undefined ? ['--no-config'] : ['--config-file', own];
};

/**
 * Locks the dependencies of an app that this run has emitted, where uv is present; says what to do where it is not or cannot. No package
 * is built for it, which would run code of that package.
 */
export const lockDependencies = async (door: Door, directory: string): Promise<void> => {
  if (isThere(directory, 'uv.lock')) return;
  const other = foreign(directory);
  if (other !== undefined) {
    door.say(`uv was not run: it would obey ${shellWord(other)}, which is not of this app. ${unlocked}`);
    return;
  }
  const uv = programFor(directory, 'uv');
  if (uv === undefined) {
    door.say(`uv is not installed here. ${unlocked}`);
    return;
  }
  door.say('Locking the dependencies with uv …');
  const { execa } = await import('execa');
  const { exitCode, stderr } = await execa(uv, ['lock', '--no-build', ...settings()], {
    cwd: directory,
    env: { PATH: pathFor(directory) },
    reject: false,
    stdin: 'ignore',
    timeout: 180_000,
  });
  const reason = printable(stderr?.trim().split('\n').at(-1)?.trim() ?? '', 200);
  if (exitCode !== 0) door.say(`uv lock failed (${reason}). ${unlocked}`);
};

/** Starts the production stack of the directory through its own script; the exit code of that script. */
export const startStack = async (door: Door, directory: string): Promise<number> => {
  const { execa } = await import('execa');
  const docker = programFor(directory, 'docker');
  const env = { PATH: pathFor(directory) };
  const asked = ['info', '--format', '{{.ServerVersion}}'];
  const engine =
    docker === undefined
      ? undefined
      : await execa(docker, asked, { cwd: directory, env, reject: false, stdin: 'ignore', timeout: 20_000 });
  if (engine === undefined || engine.exitCode !== 0) {
    door.say('The files are written, but no Docker engine answers here, so the stack was not started.');
    return 1;
  }
  door.say(`Starting the stack on Docker ${engine.stdout.trim()}: the first image takes a minute or more …`);
  const { exitCode } = await execa('./scripts/deploy.sh', [], {
    cwd: directory,
    env,
    reject: false,
    stdin: 'ignore',
    stdout: 'inherit',
    stderr: 'inherit',
  });
  return exitCode ?? 1;
};
