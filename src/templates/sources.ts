import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { templatesRoot } from '../paths.ts';

/** A place that templates come from, the first that has one wins. */
export type Source = { readonly name: string; readonly root: string; readonly isOurs?: true };

/** Where a team puts its own, path for path as ours: `nginx/nginx.conf.ejs`, `_gitignore.ejs`. */
export const projectTemplates = '.comicpile/templates';

export const builtIn = (): Source => ({ name: 'built in', root: templatesRoot(), isOurs: true });

/** The search path of a project, highest first. */
export const sourcesOf = (directory: string): readonly Source[] => [
  { name: projectTemplates, root: join(directory, projectTemplates) },
  builtIn(),
];

export type Template = { readonly source: Source; readonly path: string; readonly text: string };

/** The template that is used, and the ones that it stands before. */
export const findAll = (sources: readonly Source[], path: string): readonly Template[] =>
  sources
    .filter(({ root }) => existsSync(join(root, path)))
    .map((source) => ({ source, path, text: readFileSync(join(source.root, path), 'utf8') }));

export const find = (sources: readonly Source[], path: string): Template => {
  const [first] = findAll(sources, path);
  if (first === undefined) throw new Error(`there is no template ${path}`);
  return first;
};
