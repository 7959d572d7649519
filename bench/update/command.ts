import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { release } from '../../test/update/releases.ts';
import type { Contestant } from './contestant.ts';
import { finds, holdsLines } from './outcome.ts';
import type { Workshop } from './workshop.ts';

const theirs = '# From the next release.\n';
const yours = '# By the user.\n';
const changedByRelease = [
  'docker-compose.prod.yml',
  'nginx/nginx.conf',
  'nginx/sites/site.conf',
  'Dockerfile',
  'ops.mk',
];
const changedByUser = ['docker-compose.prod.yml', 'nginx/nginx.conf', 'nginx/sites/site.conf', 'docker-compose.yml'];
const conflicting = 'ops.mk';

/**
 * The command that a user has, `comicpile update` and `comicpile check`, on all that it emits: many more files than the
 * workload of the others, as many of them changed.
 */
export const command = (workshop: Workshop) => {
  const append = (text: string): string => text + theirs;
  const releases = workshop.folder('command');
  const first = release(releases, { version: '1.0.0' });
  const second = release(releases, {
    version: '1.1.0',
    templates: Object.fromEntries(changedByRelease.map((path) => [`${path}.ejs`, append])),
    changelog: '## 1.1.0\n\n- Five files have one line more.\n',
  });
  const generated = (name: string, bin: string): string => {
    const project = workshop.folder('command', name);
    workshop.run(project, process.execPath, bin, '--yes', '--skip-install', '--domain', 'app.example.test');
    workshop.commit(project);
    return project;
  };
  const edit = (path: string): void => {
    const file = join(edited, path);
    const [first = '', ...rest] = readFileSync(file, 'utf8').split(/(?<=\n)/);
    writeFileSync(file, [first, yours, ...rest].join(''));
  };

  const edited = generated('edited', first);
  const files = workshop
    .run(edited, 'git', 'ls-files')
    .split('\n')
    .filter((path) => /^(?!\.comicpile\/)./.test(path)).length;
  finds(workshop, edited, [process.execPath, second, 'check']);
  for (const path of changedByUser) edit(path);
  appendFileSync(join(edited, conflicting), yours);
  workshop.commit(edited);
  const update: Contestant = {
    name: 'comicpile update',
    files,
    project: edited,
    command: [process.execPath, second, 'update'],
    exit: 1, // a conflict is left
    prove: (directory) => {
      const prove = (path: string, lines: readonly string[]): void =>
        holdsLines(readFileSync(join(directory, path), 'utf8'), lines, path === conflicting, path);
      for (const path of changedByRelease) prove(path, [theirs]);
      for (const path of [...changedByUser, conflicting]) prove(path, [yours]);
    },
  };
  const check: Contestant = {
    name: 'comicpile check',
    files,
    project: generated('newest', second),
    command: [process.execPath, second, 'check'],
    exit: 0,
    prove: () => undefined,
  };
  return { update, check };
};
