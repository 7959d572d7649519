import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * Packs a package as npm would publish it, into `folder`; the path of the tarball. Without scripts, since `prepack`
 * would delete the very build that is running.
 */
export const pack = (directory: string, folder: string): string => {
  const args = ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder];
  const printed = execFileSync('npm', args, { cwd: directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  return join(folder, printed.trim().split('\n').at(-1) ?? '');
};
