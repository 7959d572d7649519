import { spawnSync } from 'node:child_process';

/** Runs docker; what it printed. An exit code other than 0 is an error that shows what it said. */
export const docker = (...args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync('docker', args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`docker ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
};

/** Removes by name, whether or not it is there; never more. */
export const remove = (kind: 'container' | 'network' | 'image', name: string): void => {
  spawnSync('docker', [kind, 'rm', ...(kind === 'network' ? [] : ['--force']), name], { stdio: 'ignore' });
};
