import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { templatesRoot } from '../base/packageRoot.ts';
import { Refusal } from '../base/refusal.ts';
import { bounds } from './bounds.ts';

/** A folder that templates come from; of several the first that has one wins. */
export type Source = { readonly name: string; readonly root: string; readonly isOurs?: true };

/** Where a project has its own, path for path as ours: `nginx/nginx.conf.ejs`, `_gitignore.ejs`. */
export const projectTemplates = '.comicpile/templates';

export const builtIn = (): Source => ({ name: 'built in', root: templatesRoot(), isOurs: true });

export type Template = { readonly source: Source; readonly path: string; readonly text: string };

export const has = ({ root }: Source, path: string): boolean => existsSync(join(root, path));

// Somebody else's may be a link to what is not meant for us, or something without an end.
const read = (source: Source, path: string): Template => {
  const file = join(source.root, path);
  const about = source.isOurs ? undefined : lstatSync(file);
  if (about !== undefined && (!about.isFile() || about.size > 4 * bounds.characters)) {
    const what = about.isFile() ? 'is too large for a template' : 'is a link or no plain file';
    throw new Refusal('These templates cannot be used (nothing was written):', [`${source.name}/${path} ${what}`]);
  }
  return { source, path, text: readFileSync(file, 'utf8') };
};

/** The template that is used, and the ones that it stands before. */
export const findAll = (sources: readonly Source[], path: string): readonly Template[] =>
  sources.filter((source) => has(source, path)).map((source) => read(source, path));

/** The template that is used. */
export const find = (sources: readonly Source[], path: string): Template => {
  const source = sources.find((each) => has(each, path));
  if (source === undefined) throw new Error(`there is no template ${path}`);
  return read(source, path);
};
