import { folderOf, joinPath } from '../read/paths.ts';
import type { Expression, Import, Python } from '../read/python.ts';
import type { View } from '../view.ts';
import type { Context } from './context.ts';

/** The file of a module below a folder: `a.b` is `a/b.py` or `a/b/__init__.py`. */
export const moduleFile = (view: View, pathRoot: string, module: string): string | undefined => {
  const path = joinPath(pathRoot, module.replaceAll('.', '/'));
  return [`${path}.py`, joinPath(path, '__init__.py')].find((file) => view.has(file));
};

/** The module that an import names, relative ones from the file that has it. */
export const importedModule = (view: View, pathRoot: string, from: string, module: string): string | undefined => {
  const [dots = ''] = /^\.*/.exec(module) ?? [];
  if (dots === '') return moduleFile(view, pathRoot, module);
  let folder = folderOf(from);
  for (let level = 1; level < dots.length; level += 1) folder = folderOf(folder);
  const rest = module.slice(dots.length);
  return rest === ''
    ? [joinPath(folder, '__init__.py')].find((file) => view.has(file))
    : moduleFile(view, folder, rest);
};

/** Where a name of a module comes from: the file that defines it, and its name there; imports are followed. */
export const definitionOf = (
  { view }: Context,
  pathRoot: string,
  from: Python,
  name: string,
  depth = 0,
): { readonly python: Python; readonly name: string } | undefined => {
  const [first = '', ...rest] = name.split('.');
  const hit = from.imports.find(({ local }) => local === first);
  if (hit === undefined || depth > 6) return rest.length === 0 ? { python: from, name } : undefined;
  return followed({ view } as Context, pathRoot, from, hit, rest, depth);
};

const followed = (
  context: Context,
  pathRoot: string,
  from: Python,
  hit: Import,
  rest: readonly string[],
  depth: number,
) => {
  const { view } = context;
  const asModule = (module: string, names: readonly string[]): { python: Python; name: string } | undefined => {
    const file = importedModule(view, pathRoot, from.path, module);
    const python = file === undefined ? undefined : view.python(file);
    if (python === undefined || names.length === 0) return undefined;
    // `package.module.name`: the longest module that there is.
    const deeper =
      names.length > 1 ? asModule(`${module}${module.endsWith('.') ? '' : '.'}${names[0]}`, names.slice(1)) : undefined;
    return deeper ?? definitionOf(context, pathRoot, python, names.join('.'), depth + 1);
  };
  if (hit.name === undefined) {
    // `import a.b` binds `a`; `import a.b as c` binds the module itself.
    const isAlias = hit.local !== hit.module.split('.')[0];
    return asModule(isAlias ? hit.module : (hit.module.split('.')[0] ?? ''), rest);
  }
  const submodule = `${hit.module}${hit.module.endsWith('.') ? '' : '.'}${hit.name}`;
  if (importedModule(view, pathRoot, from.path, submodule) !== undefined && rest.length > 0)
    return asModule(submodule, rest);
  return asModule(hit.module, [hit.name, ...rest]);
};

/** The text of an expression of strings and constants of the project; undefined where it is only known when it runs. */
export const constantText = (
  context: Context,
  pathRoot: string,
  from: Python,
  expression: Expression | undefined,
  depth = 0,
): string | undefined => {
  if (expression === undefined || depth > 6) return undefined;
  if (expression.kind === 'string') return expression.value;
  if (expression.kind === 'concat') {
    const parts = expression.parts.map((part) => constantText(context, pathRoot, from, part, depth + 1));
    return parts.every((part) => part !== undefined) ? parts.join('') : undefined;
  }
  if (expression.kind === 'call') {
    // Field(default="/api"), str("/api"), Field("/api"), os.getenv("X", "/api")
    const given =
      expression.args.find(({ name }) => name === 'default') ??
      (/getenv|get$/.test(expression.callee) ? expression.args[1] : expression.args[0]);
    return constantText(context, pathRoot, from, given?.value, depth + 1);
  }
  if (expression.kind !== 'name') return undefined;
  const found = definitionOf(context, pathRoot, from, expression.text);
  const assigned = found?.python.assignments.find(({ target, within }) => target === found.name && within.length === 0);
  if (found !== undefined && assigned !== undefined)
    return constantText(context, pathRoot, found.python, assigned.value, depth + 1);
  // `settings.API_PREFIX`: the default of that field, whichever settings class has it.
  const field = expression.text.includes('.') ? expression.text.split('.').at(-1) : undefined;
  return field === undefined ? undefined : fieldDefault(context, pathRoot, field, depth);
};

const fieldDefault = (context: Context, pathRoot: string, field: string, depth: number): string | undefined => {
  for (const path of context.python) {
    if (!context.view.read(path)?.includes(field)) continue;
    const python = context.view.python(path);
    const assigned = python?.assignments.find(
      ({ target, within, value }) => target === field && within.length === 1 && value !== undefined,
    );
    if (python !== undefined && assigned !== undefined)
      return constantText(context, pathRoot, python, assigned.value, depth + 1);
  }
  return undefined;
};
