import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { templatesRoot } from '../base/packageRoot.ts';

/** A place that templates come from; of several the first that has one wins. */
export type Source = {
  readonly name: string;
  readonly root: string;
  readonly isOurs?: true;
  /** The user has agreed to run what is code in it; without that only the house grammar is rendered. */
  readonly mayRunCode?: boolean;
};

/** Where a project has its own, path for path as ours: `nginx/nginx.conf.ejs`, `_gitignore.ejs`. */
export const projectTemplates = '.comicpile/templates';

export const builtIn = (): Source => ({ name: 'built in', root: templatesRoot(), isOurs: true });

export type Template = { readonly source: Source; readonly path: string; readonly text: string };

/** The template that is used, and the ones that it stands before. */
export const findAll = (sources: readonly Source[], path: string): readonly Template[] =>
  sources
    .filter(({ root }) => existsSync(join(root, path)))
    .map((source) => ({ source, path, text: readFileSync(join(source.root, path), 'utf8') }));

/** The template that is used. */
export const find = (sources: readonly Source[], path: string): Template => {
  for (const source of sources) {
    const file = join(source.root, path);
    if (existsSync(file)) return { source, path, text: readFileSync(file, 'utf8') };
  }
  throw new Error(`there is no template ${path}`);
};
