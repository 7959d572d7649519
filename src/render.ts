import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ejs from 'ejs';
import { type Artifact, applies, templateOf } from './artifacts.ts';
import { grammarOffences } from './grammar.ts';
import { templatesRoot } from './paths.ts';
import type { Stack } from './stack.ts';

export type RenderedFile = { readonly artifact: Artifact; readonly text: string };

// EJS prints nothing for a missing property; a template that asks for one is wrong, so it throws.
const strict = <Value>(value: Value, path: string): Value => {
  if (typeof value !== 'object' || value === null) return value;
  return new Proxy(value, {
    get(target, key) {
      const found: unknown = Reflect.get(target, key);
      if (found === undefined && typeof key === 'string') throw new Error(`the model has no ${path}${key}`);
      return typeof found === 'function' ? found : strict(found, `${path}${String(key)}.`);
    },
  });
};

/** Rows of the catalogue that apply to this stack, as text. Pure but for reading the templates. */
export const render = (catalogue: readonly Artifact[], stack: Stack): readonly RenderedFile[] => {
  const locals = Object.fromEntries(Object.entries(stack).map(([key, value]) => [key, strict(value, `${key}.`)]));
  const root = templatesRoot();
  return catalogue.filter(applies(stack)).map((artifact) => {
    const filename = join(root, templateOf(artifact));
    const template = readFileSync(filename, 'utf8');
    const offences = grammarOffences(template);
    if (offences.length > 0)
      throw new Error(`${templateOf(artifact)}: not in the template grammar: ${offences.join(' ')}`);
    return { artifact, text: ejs.render(template, locals, { filename }) };
  });
};
