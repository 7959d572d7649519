import { strange } from '../base/disk/strange.ts';
import { inTree, type Tree } from '../base/disk/tree.ts';
import { packageRoot } from '../base/packageRoot.ts';

/** A folder that templates come from, in a root that links may lead to; of several sources the first that has a template wins. */
export type Source = { readonly name: string; readonly root: string; readonly folder?: string; readonly isOurs?: true };

/** Where a project has its own, path for path as ours: `nginx/nginx.conf.ejs`, `_gitignore.ejs`. */
export const projectTemplates = '.comicpile/templates';

export const builtIn = (): Source => ({ name: 'built in', root: packageRoot(), folder: 'templates', isOurs: true });

export type Template = { readonly source: Source; readonly path: string; readonly text: string };

const at = ({ folder }: Source, path: string): string => (folder === undefined ? path : `${folder}/${path}`);

// Somebody else's may be a link to what is not meant for us, or something without an end.
const textIn = (tree: Tree, source: Source, path: string): string | undefined =>
  tree.read(at(source, path))?.bytes.toString();

/** Whether a source has a template; what it has in its place that is no plain file is refused. */
export const has = (source: Source, path: string): boolean =>
  inTree(source.root, (tree) => {
    const { stat, problem } = tree.look(at(source, path));
    if (problem !== undefined) throw strange([problem]);
    return stat !== undefined;
  });

/** Whether there is anything of a source. */
export const isPresent = ({ root, folder = '' }: Source): boolean =>
  inTree(root, (tree) => tree.folder(folder) !== undefined);

const textsOf = (sources: readonly Source[], path: string): readonly Template[] =>
  sources.flatMap((source) => {
    const text = inTree(source.root, (tree) => textIn(tree, source, path));
    return text === undefined ? [] : [{ source, path, text }];
  });

/** The template that is used, and the ones that it stands before. */
export const findAll = (sources: readonly Source[], path: string): readonly Template[] => textsOf(sources, path);

/** The template that is used. */
export const find = (sources: readonly Source[], path: string): Template => {
  const source = sources.find((each) => has(each, path));
  const [template] = source === undefined ? [] : textsOf([source], path);
  if (template === undefined) throw new Error(`there is no template ${path}`);
  return template;
};
