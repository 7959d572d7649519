import { folderOf, isBelow, joinPath, normalisePath } from '../../read/paths.ts';
import type { Expression, Python } from '../../read/python.ts';
import type { Context } from './context.ts';
import { PathEvaluator } from './pathEvaluator.ts';

/**
 * Folders or files of the project that an expression may mean, the most likely first: a relative one counts from where the app
 * is run, which is its folder or one between that and the module.
 */
export const pathsOf = (
  context: Context,
  module: Python,
  expression: Expression,
  within: readonly string[],
): readonly string[] => {
  const said = new PathEvaluator(context).evaluate(module, expression.text, within, 0);
  if (said === undefined || said.path.startsWith('/') || /^\.?\/?$/.test(said.path)) return [];
  if (said.from === 'file') return [normalisePath(said.path)];
  const bases = [context.root];
  for (let folder = folderOf(module.path); folder !== context.root && isBelow(folder, context.root); ) {
    bases.splice(1, 0, folder);
    folder = folderOf(folder);
  }
  return bases.map((base) => normalisePath(joinPath(base, said.path)));
};
