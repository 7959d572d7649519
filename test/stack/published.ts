import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/base/packageRoot.ts';
import { pack } from '../tarball.ts';
import { once } from './once.ts';
import { must } from './run.ts';
import { workshop } from './scratch.ts';

/**
 * The command as a user gets it: packed, installed from the tarball beside nothing else, with the files that npm
 * would publish.
 */
export const publishedCommand = once(async (): Promise<string> => {
  const home = join(workshop, 'installed');
  mkdirSync(home);
  const tarball = pack(packageRoot(), home);
  await must('npm', ['install', '--prefix', home, '--no-audit', '--no-fund', '--omit', 'dev', tarball], { cwd: home });
  return join(home, 'node_modules', '.bin', 'comicpile');
});
