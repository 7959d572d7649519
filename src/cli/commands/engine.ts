import type { Door } from '../../base/door.ts';
import { isThere } from '../../base/files.ts';
import { onPath } from '../../base/onPath.ts';

const unlocked =
  'There is no uv.lock yet, so the image takes the newest versions that fit: run `uv lock` and commit the file to pin them.';

/** Locks the new app's dependencies where uv is present; says what to do where it is not or cannot. */
export const lockDependencies = async (door: Door, directory: string): Promise<void> => {
  if (isThere(directory, 'uv.lock')) return;
  if (!onPath('uv')) {
    door.say(`uv is not installed here. ${unlocked}`);
    return;
  }
  door.say('Locking the dependencies with uv …');
  const { execa } = await import('execa');
  const { exitCode, stderr } = await execa('uv', ['lock'], {
    cwd: directory,
    reject: false,
    stdin: 'ignore',
    timeout: 180_000,
  });
  if (exitCode !== 0) door.say(`uv lock failed (${stderr.trim().split('\n').at(-1)?.trim() ?? ''}). ${unlocked}`);
};

/** Starts the production stack of the directory through its own script; the exit code of that script. */
export const startStack = async (door: Door, directory: string): Promise<number> => {
  const { execa } = await import('execa');
  const engine = await execa('docker', ['info', '--format', '{{.ServerVersion}}'], {
    reject: false,
    stdin: 'ignore',
    timeout: 20_000,
  });
  if (engine.exitCode !== 0) {
    door.say('The files are written, but no Docker engine answers here, so the stack was not started.');
    return 1;
  }
  door.say(`Starting the stack on Docker ${engine.stdout.trim()}: the first image takes a minute or more …`);
  const { exitCode } = await execa('./scripts/deploy.sh', [], {
    cwd: directory,
    reject: false,
    stdin: 'ignore',
    stdout: 'inherit',
    stderr: 'inherit',
  });
  return exitCode ?? 1;
};
