import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../projectFile.ts';
import type { Answers } from '../questions.ts';
import { Refusal } from '../refusal.ts';

/** What the directory holds that the deployment depends on. */
export type Project = {
  readonly manager: 'uv' | 'requirements';
  /** Top-level files and folders that the image copies; a name each, no path. */
  readonly sources: readonly string[];
  readonly needsLibpq: boolean;
};

const manifests = ['pyproject.toml', 'requirements.txt', 'setup.py', 'setup.cfg', 'Pipfile', 'manage.py'];

/** Whether a Python application lives here already: a manifest or a module at the top. */
export const holdsApplication = (directory: string): boolean => {
  if (!existsSync(directory)) return false;
  return readdirSync(directory).some((name) => manifests.includes(name) || name.endsWith('.py'));
};

export const holdsAlembic = (directory: string): boolean => existsSync(join(directory, 'alembic.ini'));

const greenfield: Project = { manager: 'uv', sources: ['app', 'migrations', 'alembic.ini'], needsLibpq: false };

/** The uv or pip project whose app the answers name; a refusal says what is not supported or missing. */
const existing = (directory: string, answers: Answers): Project => {
  const problems: string[] = [];
  const pyproject = readText(directory, 'pyproject.toml');
  const requirements = readText(directory, 'requirements.txt');
  const usesUv = /^\[project\]/m.test(pyproject) && !existsSync(join(directory, 'poetry.lock'));
  if (!usesUv && requirements === '') {
    problems.push(
      'the dependencies: there is neither a pyproject.toml with [project] nor a requirements.txt; with Poetry or Pipenv export one, for example `poetry export -o requirements.txt`',
    );
  }
  const top = answers.appEntry.split(/[.:]/)[0] ?? '';
  const entry = [top, `${top}.py`].find((name) => existsSync(join(directory, name)));
  if (entry === undefined) {
    problems.push(
      `--app-entry ${answers.appEntry}: there is neither ${top}/ nor ${top}.py; name the module that holds the app, for example app.main:app`,
    );
  }
  if (answers.migrations === 'alembic' && !holdsAlembic(directory)) {
    problems.push('--migrations alembic: there is no alembic.ini; without Alembic give --migrations none');
  }
  const declared = usesUv ? pyproject : requirements;
  if (declared !== '' && !/\buvicorn\b|\bfastapi\[(?:standard|all)/.test(declared)) {
    problems.push('the dependencies do not name uvicorn, which runs the app; add it, for example `uv add uvicorn`');
  }
  if (problems.length > 0)
    throw new Refusal('This application cannot be deployed as it is (nothing was written):', problems);
  return {
    manager: usesUv ? 'uv' : 'requirements',
    sources: [entry ?? top, ...besides(directory, entry ?? top, answers)],
    needsLibpq: /\bpsycopg2(?!-binary)\b|\bpsycopg(?!\[(?:binary|c))\b(?!2)/.test(declared),
  };
};

// Folders that an app reads at run time by custom; the migrations where alembic.ini says.
const besides = (directory: string, entry: string, { migrations }: Answers): string[] => {
  const ini = readText(directory, 'alembic.ini');
  const location = /^\s*script_location\s*=\s*(?:%\(here\)s\/)?([A-Za-z0-9_]+)/m.exec(ini)?.[1];
  const names = ['templates', 'static', ...(migrations === 'alembic' && location ? [location, 'alembic.ini'] : [])];
  return names.filter((name) => name !== entry && existsSync(join(directory, name)));
};

/** What the emitted files need to know of the directory; refuses an app that they could not run. */
export const detectProject = (directory: string, answers: Answers): Project =>
  answers.app === 'new' ? greenfield : existing(directory, answers);
