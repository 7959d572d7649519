import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/base/packageRoot.ts';
import { scratch } from './fixture.ts';
import { release } from './releases.ts';
import { Project } from './userProject.ts';

const changelog = `# Changelog

## 0.3.0

- three

## 0.2.0

- two: the edge counts less

## 0.1.0

- one
`;
/** The command of this version, 0.1.0. */
export const first = join(packageRoot(), 'dist/bin/comicpile.js');
/** The command of the next one, with other templates. */
export const second = release(scratch(), {
  version: '0.2.0',
  changelog,
  templates: {
    'nginx/nginx.conf.ejs': (text) => text.replace('worker_connections 4096;', 'worker_connections 2048;'),
    'SECURITY.md.ejs': (text) => `${text}\nNew in this version.\n`,
    'scripts/lib.sh.ejs': (text) => text.replace('umask 077', 'umask 0077'),
    '_env.production.ejs': (text) => `${text}# new\nNEW_SETTING=1\n`,
    '_env.example.ejs': (text) => `${text}# new\nNEW_SETTING=\n`,
  },
});

/** What version 0.1.0 gives, committed; made once, by `makeWhole`. */
export const whole = new Project();
/** A project that version 0.1.0 has generated, committed. */
export const generated = (): Project => {
  const project = new Project();
  cpSync(whole.directory, project.directory, { recursive: true });
  return project;
};
export const makeWhole = (): void => {
  whole.must(first, '--yes', '--skip-install', '--domain', 'app.example.test');
  whole.git('init', '--quiet');
  whole.commit();
};
