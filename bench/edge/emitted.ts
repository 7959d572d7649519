import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/base/packageRoot.ts';
import { common } from './settings.ts';

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());

/** Replaces in all files of a folder; a replacement that finds nothing is a mistake of the bench. */
const replace = (folder: string, pattern: RegExp, text: string): void => {
  let found = 0;
  for (const path of filesBelow(folder)) {
    const before = readFileSync(path, 'utf8');
    const after = before.replace(pattern, text);
    if (after === before) continue;
    writeFileSync(path, after);
    found += 1;
  }
  if (found === 0) throw new Error(`nothing in the emitted configuration matches ${pattern}`);
};

/** The emitted nginx folder, as the command writes it; changed only where one client is all the load. */
export const emitted = (root: string, name = 'bench', more: readonly string[] = []): string => {
  const project = join(root, 'project');
  mkdirSync(join(project, 'static'), { recursive: true });
  const flags = ['--domain', common.domain, '--app-name', name, '--static-files', 'static', ...more];
  execFileSync(process.execPath, [join(packageRoot(), 'dist/bin/comicpile.js'), '--yes', ...flags], {
    cwd: project,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const folder = join(project, 'nginx');
  replace(folder, /^worker_processes auto;/m, 'worker_processes 1;');
  // Limits of a client are still computed, but never reached. The burst too: it is what may come within a millisecond.
  replace(folder, /\brate=\d+r\/[sm];/g, 'rate=99999r/s;');
  replace(folder, /\bburst=\d+/g, 'burst=9999');
  return folder;
};
