import type { Class, Python } from '../../read/python.ts';
import type { Context } from './context.ts';

/** A class of the project with the module that it stands in. */
export type Known = { readonly module: Python; readonly class: Class };

/** A dotted module as the end of a path: whether this file could be it. */
export const isModule = (path: string, dotted: string): boolean => {
  const tail = dotted.replace(/^\.+/, '').replaceAll('.', '/');
  if (tail === '') return false;
  return [`${tail}.py`, `${tail}/__init__.py`].some((end) => path === end || path.endsWith(`/${end}`));
};

/** The class that a name means in a module: its own, else the imported one, else any of that name. */
export const resolve = (known: readonly Known[], module: Python, name: string): Known | undefined => {
  const last = name.split('.').at(-1) ?? name;
  const first = name.split('.')[0];
  const imported = module.imports.find(({ local }) => local === first);
  const wanted = imported?.name !== undefined && first === name ? imported.name : last;
  const named = known.filter((one) => one.class.name === wanted);
  return (
    named.find((one) => one.module === module) ??
    named.find((one) => imported !== undefined && isModule(one.module.path, imported.module)) ??
    (imported !== undefined || module.imports.some(({ name: any }) => any === '*') ? named[0] : undefined)
  );
};

const rounds = 6;

/** Classes that stand on one of the names, through other modules too, and what else is among their bases. */
export const classesFrom = ({ view, python }: Context, base: string): readonly Known[] => {
  const classes = new Map<string, readonly Known[]>();
  const asked = new Set<string>();
  let names = new Set([base]);
  for (let round = 0; round < rounds && names.size > 0; round += 1) {
    for (const name of names) asked.add(name);
    const words = [...names].join('|');
    // The bases of a class are bounded: without it `class A(` on each line would be read to the end of the file each time.
    const mention = new RegExp(`^[ \\t]*class\\s+(?:\\w+\\s*\\([^)]{0,2000}?\\b(?:${words})\\b|(?:${words})\\b)`, 'm');
    const next = new Set<string>();
    for (const path of python) {
      if (classes.has(path) || !mention.test(view.read(path) ?? '')) continue;
      const module = view.python(path);
      if (module === undefined) continue;
      classes.set(
        path,
        module.classes.map((one) => ({ module, class: one })),
      );
    }
    for (const one of [...classes.values()].flat()) {
      const bases = one.class.bases
        .map((text) => text.split('.').at(-1) ?? text)
        .filter((text) => /^\w{1,200}$/.test(text));
      if (!bases.some((text) => asked.has(text)) && !asked.has(one.class.name)) continue;
      for (const name of [one.class.name, ...bases]) if (!asked.has(name) && !ordinary.has(name)) next.add(name);
    }
    names = next;
  }
  return [...classes.values()].flat();
};

// Bases that are no settings: looking for all that stands on them would read the whole project.
const ordinary = new Set('BaseModel ABC Generic Enum str object Protocol Exception Config'.split(' '));
