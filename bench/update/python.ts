import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Workshop } from './workshop.ts';

const packages = ['copier==9.*', 'cruft==2.*', 'cookiecutter==2.*'];

/** A virtual environment with copier and cruft; the folder of its programs. With the caller's PATH: their python3, their pip. */
export const installPython = (workshop: Workshop): string => {
  const venv = workshop.path('venv');
  const run = (program: string, ...args: readonly string[]): void => {
    execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  };
  run('python3', '-m', 'venv', venv);
  run(join(venv, 'bin/python'), '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages);
  return join(venv, 'bin');
};
