import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/base/packageRoot.ts';
import { pack } from '../tarball.ts';
import { once } from './once.ts';
import { must } from './run.ts';
import { workshop } from './scratch.ts';

/**
 * Installed from the tarball, beside nothing else. With PUBLISHED, a folder outside of the repository, it stays there for the other
 * suites of a run of CI, as long as they pack the same bytes.
 */
const installed = async (tarball: string): Promise<string> => {
  const kept = process.env.PUBLISHED ?? join(workshop, 'published');
  const home = join(kept, createHash('sha256').update(readFileSync(tarball)).digest('hex'));
  if (existsSync(home)) return home;
  mkdirSync(kept, { recursive: true });
  const fresh = mkdtempSync(join(kept, 'fresh-'));
  await must('npm', ['install', '--prefix', fresh, '--no-audit', '--no-fund', '--omit', 'dev', tarball], {
    cwd: fresh,
  });
  // Another suite may have been faster: what it has installed is the same.
  if (!existsSync(home)) renameSync(fresh, home);
  return home;
};

/** The command as a user gets it: packed and installed, with the files that npm would publish. */
export const publishedCommand = once(async (): Promise<string> => {
  const folder = join(workshop, 'packed');
  mkdirSync(folder);
  return join(await installed(pack(packageRoot(), folder)), 'node_modules', '.bin', 'comicpile');
});
