import type { Deployment } from './deployment.ts';

/** The master of nginx and its workers: a reload starts new workers, with other numbers. */
export const nginxPids = async (stack: Deployment): Promise<readonly string[]> => {
  const { stdout } = await stack.inside('nginx', ['sh', '-c', 'grep -l "^nginx: " /proc/[0-9]*/cmdline']);
  return stdout.split('\n').filter(Boolean);
};
