import { bounds } from './bounds.ts';

type Scope = Readonly<Record<string, unknown>>;

/** A path of a template that the model has no value for, or none of the kind that the tag needs. */
export type Miss = { readonly path: string; readonly what: string };

/** All that a compiled template can call, and the model to call it with. */
export type Lookups = {
  readonly s0: Scope;
  readonly print: (scope: Scope, ...path: readonly string[]) => string;
  readonly test: (scope: Scope, ...path: readonly string[]) => boolean;
  readonly each: (scope: Scope, name: string, ...path: readonly string[]) => readonly Scope[];
};

// A value that the model itself has: nothing of a prototype, no length of a list or of a text, no function.
const own = (value: unknown, key: string): unknown => {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, key))
    return undefined;
  const found: unknown = Reflect.get(value, key);
  return typeof found === 'function' ? undefined : found;
};

const isText = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/**
 * How a template sees the model: what it asks for and does not get is noted in `misses`, all of it, and nothing is ever printed in its
 * place, as a rendering with a miss is thrown away (engine.ts).
 */
export const lookupsIn = (model: Scope): { readonly lookups: Lookups; readonly misses: readonly Miss[] } => {
  const misses = new Map<string, Miss>();
  let steps = 0;
  const spend = (count: number): void => {
    steps += count;
    if (steps > bounds.steps) throw new Error(`it takes more than ${bounds.steps} steps`);
  };
  const miss = (path: readonly string[], what: (name: string) => string): void => {
    const name = path.join('.');
    if (!misses.has(name)) misses.set(name, { path: name, what: what(name) });
  };
  const find = (scope: Scope, path: readonly string[]): unknown => {
    spend(1);
    let value: unknown = scope;
    for (const key of path) value = own(value, key);
    if (value !== undefined && value !== null) return value;
    miss(path, (name) => `the model has no ${name}`);
    return undefined;
  };
  const lookups: Lookups = {
    s0: model,
    print: (scope, ...path) => {
      const value = find(scope, path);
      if (isText(value)) return String(value);
      if (value !== undefined) miss(path, (name) => `${name} is no text`);
      return '';
    },
    test: (scope, ...path) => Boolean(find(scope, path)),
    each: (scope, name, ...path) => {
      const value = find(scope, path);
      if (Array.isArray(value)) {
        spend(value.length);
        return value.map((item: unknown) => ({ ...scope, [name]: item }));
      }
      if (value !== undefined) miss(path, (text) => `${text} is no list`);
      return [];
    },
  };
  return {
    lookups,
    get misses() {
      return [...misses.values()];
    },
  };
};
