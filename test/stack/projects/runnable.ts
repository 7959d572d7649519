import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/base/packageRoot.ts';

const corpus = join(packageRoot(), 'test/projects');

type Asked = { readonly path: string; readonly contains: string };

/** What to ask of a project that runs: run.json. */
export type Runnable = {
  readonly health: string;
  /** What tells that the migration was applied; absent where there is none. */
  readonly migration?: Asked;
  readonly create: { readonly path: string; readonly body: unknown };
  readonly list: string;
  /** A request that starts a job, and what the worker leaves. */
  readonly job?: { readonly start: string; readonly done: Asked };
  /** What a scheduler leaves by itself. */
  readonly scheduled?: Asked;
  /** A page of the frontend, and what it shows when it has asked the API. */
  readonly page?: Asked;
};

/** The projects of the corpus that are whole. */
export const runnableNames = readdirSync(corpus).filter((name) => name.startsWith('run-'));

export const readRunnable = (name: string): Runnable =>
  JSON.parse(readFileSync(join(corpus, name, 'run.json'), 'utf8')) as Runnable;

/** A copy of the project as its team would have it. */
export const layOut = (name: string, directory: string): void => {
  cpSync(join(corpus, name), directory, { recursive: true });
  for (const ours of ['expected.json', 'run.json']) rmSync(join(directory, ours));
};
