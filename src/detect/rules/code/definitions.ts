import { nameOf } from '../../read/paths.ts';
import type { Assignment, Class, Expression, Python, Function as PythonFunction } from '../../read/python.ts';
import type { Context } from './context.ts';
import { fileOfModule } from './modulePaths.ts';

/** Where a name gets its meaning: an assignment, a class or a function of a module of the project. */
export type Definition =
  | { readonly kind: 'value'; readonly module: Python; readonly assignment: Assignment }
  | { readonly kind: 'class'; readonly module: Python; readonly class: Class }
  | { readonly kind: 'function'; readonly module: Python; readonly function: PythonFunction }
  | { readonly kind: 'module'; readonly module: Python };

// Re-exports of packages are seldom deeper; circles end here.
const deepest = 6;

// Classes with many bases and circles of star imports would cost the power of the depth: a project asks a few thousand times.
const mostLookups = 20_000;
const lookups = new WeakMap<Context, number>();
const isSpent = (context: Context): boolean => {
  const count = (lookups.get(context) ?? 0) + 1;
  lookups.set(context, count);
  return count > mostLookups;
};

const isPrefix = (short: readonly string[], long: readonly string[]): boolean =>
  short.every((name, index) => name === long[index]);

const sameScope = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && isPrefix(one, other);

/** What a plain name means in a scope of a module; of several assignments the last of the innermost scope. */
const ofName = (
  context: Context,
  module: Python,
  name: string,
  within: readonly string[],
  depth: number,
): Definition | undefined => {
  if (depth > deepest || isSpent(context)) return undefined;
  const visible = (scope: readonly string[]) => isPrefix(scope, within);
  const assignment = module.assignments
    .filter(({ target, value, within: scope }) => target === name && value !== undefined && visible(scope))
    .sort((one, other) => one.within.length - other.within.length)
    .at(-1);
  if (assignment) return { kind: 'value', module, assignment };
  const type = module.classes.find((each) => each.name === name && visible(each.within));
  if (type) return { kind: 'class', module, class: type };
  const called = module.functions.find((each) => each.name === name && visible(each.within));
  if (called) return { kind: 'function', module, function: called };
  for (const { module: from, name: imported, local } of module.imports) {
    if (local !== name && !(imported === '*' && from.startsWith('.'))) continue;
    const target = imported === undefined ? (local === from.split('.')[0] ? local : from) : from;
    const path = fileOfModule(context.view, module.path, target, undefined);
    const other = path === undefined ? undefined : context.view.python(path);
    if (imported === undefined) return other && { kind: 'module', module: other };
    const inside = other && ofName(context, other, imported === '*' ? name : imported, [], depth + 1);
    if (inside) return inside;
    if (imported === '*') continue;
    // `from package import module`
    const separator = from.endsWith('.') ? '' : '.';
    const file = fileOfModule(context.view, module.path, `${from}${separator}${imported}`, undefined);
    const submodule = file === undefined ? undefined : context.view.python(file);
    if (submodule) return { kind: 'module', module: submodule };
  }
  return undefined;
};

/** The class that a value is an instance of: `Settings()`, `get_settings()` with `-> Settings`, or the class itself. */
export const classOf = (
  context: Context,
  definition: Definition | undefined,
  depth = 0,
): Extract<Definition, { kind: 'class' }> | undefined => {
  if (definition === undefined || depth > deepest) return undefined;
  const named = (module: Python, name: string, within: readonly string[]) =>
    classOf(context, definitionOf(context, module, name, within, depth + 1), depth + 1);
  if (definition.kind === 'class') return definition;
  if (definition.kind === 'function') {
    const { returns } = definition.function;
    if (returns) return named(definition.module, returns.replace(/["']/g, ''), []);
    // A factory without annotation: what it makes.
    const body = [...definition.function.within, definition.function.name];
    for (const call of definition.module.calls) {
      if (!sameScope(call.within, body) || !/^[\w.]+$/.test(call.callee)) continue;
      const made = definitionOf(context, definition.module, call.callee, [], depth + 1);
      if (made?.kind === 'class') return made;
    }
    return undefined;
  }
  if (definition.kind !== 'value') return undefined;
  const { module, assignment } = definition;
  const type = assignment.type?.match(/\w+/g)?.map((name) => named(module, name, assignment.within)) ?? [];
  const fromType = type.find((each) => each !== undefined);
  if (fromType) return fromType;
  const value = assignment.value;
  if (value?.kind === 'call') {
    const factory = value.args.find(({ name }) => name === 'default_factory')?.value.text;
    return named(module, factory ?? value.callee.replace(/\(\)$/, ''), assignment.within);
  }
  return value?.kind === 'name' ? named(module, value.text, assignment.within) : undefined;
};

/** An attribute of a class or of one that it inherits from. */
const attributeOf = (
  context: Context,
  owner: Extract<Definition, { kind: 'class' }>,
  name: string,
  depth = 0,
): Definition | undefined => {
  if (depth > deepest) return undefined;
  const body = [...owner.class.within, owner.class.name];
  const inBody = ({ within }: { readonly within: readonly string[] }) => sameScope(within, body);
  const assignment = owner.module.assignments.findLast(
    (each) => (each.target === name && inBody(each)) || (each.target === `self.${name}` && isPrefix(body, each.within)),
  );
  if (assignment) return { kind: 'value', module: owner.module, assignment };
  const property = owner.module.functions.find((each) => each.name === name && inBody(each));
  if (property) return { kind: 'function', module: owner.module, function: property };
  for (const base of owner.class.bases) {
    const parent = definitionOf(context, owner.module, base, owner.class.within, depth + 1);
    const inherited = parent?.kind === 'class' ? attributeOf(context, parent, name, depth + 1) : undefined;
    if (inherited) return inherited;
  }
  return undefined;
};

// `import a.b` binds `a`, and `a.b` is a module of it.
const submoduleOf = ({ view }: Context, { path }: Python, name: string): Definition | undefined => {
  if (nameOf(path) !== '__init__.py') return undefined;
  const file = fileOfModule(view, path, `.${name}`, undefined);
  const module = file === undefined ? undefined : view.python(file);
  return module && { kind: 'module', module };
};

/** What a dotted name means where it stands: through imports, instances of classes and `self`. */
export const definitionOf = (
  context: Context,
  module: Python,
  name: string,
  within: readonly string[],
  depth = 0,
): Definition | undefined => {
  if (depth > deepest) return undefined;
  const [first = '', ...rest] = name.split('.');
  let found: Definition | undefined;
  if (first === 'self' || first === 'cls') {
    const owner = module.classes.findLast((each) => isPrefix([...each.within, each.name], within));
    found = owner && { kind: 'class', module, class: owner };
  } else found = ofName(context, module, first.replace(/\(\)$/, ''), within, depth);
  for (const part of rest) {
    if (found === undefined) return undefined;
    if (found.kind === 'module') {
      found = ofName(context, found.module, part, [], depth + 1) ?? submoduleOf(context, found.module, part);
    } else {
      const owner = classOf(context, found, depth + 1);
      found = owner && attributeOf(context, owner, part, depth + 1);
    }
  }
  return found;
};

/** `get_settings().name` is read as what it is: a name through a call. */
export const dotted = (expression: Expression): string | undefined => {
  if (expression.kind === 'name') return expression.text;
  return /^[A-Za-z_]\w*(?:\(\))?(?:\.[A-Za-z_]\w*)+$/.test(expression.text) ? expression.text : undefined;
};
