import { join } from 'node:path';
import ejs from 'ejs';
import { type Artifact, applies, templateOf } from './artifacts.ts';
import { grammarOffences } from './grammar.ts';
import { Refusal } from './refusal.ts';
import type { Stack } from './stack.ts';
import { builtIn, find, type Source, type Template } from './templates/sources.ts';

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

const renderOne = (template: Template, locals: Record<string, unknown>): string => {
  const offences = grammarOffences(template.text);
  if (offences.length > 0) throw new Error(`not in the template grammar: ${offences.join(' ')}`);
  const filename = join(template.source.root, template.path);
  return ejs.render(template.text, locals, { filename });
};

// EJS shows the lines around, and then says what it is about.
const said = (error: unknown): string => (error as Error).message.trim().split('\n').at(-1) ?? '';

/**
 * Rows of the catalogue that apply to this stack, as text; each from the first source that has its template. Pure but for
 * reading the templates. Templates of a team that cannot be rendered are refused, all at once.
 */
export const render = (
  catalogue: readonly Artifact[],
  stack: Stack,
  sources: readonly Source[] = [builtIn()],
): readonly RenderedFile[] => {
  const locals = Object.fromEntries(Object.entries(stack).map(([key, value]) => [key, strict(value, `${key}.`)]));
  const problems: string[] = [];
  const files = catalogue.filter(applies(stack)).map((artifact) => {
    const template = find(sources, templateOf(artifact));
    try {
      return { artifact, text: renderOne(template, locals) };
    } catch (error) {
      if (template.source.isOurs) throw new Error(`${template.path}: ${(error as Error).message}`);
      problems.push(`${template.source.name}/${template.path}: ${said(error)}`);
      return { artifact, text: '' };
    }
  });
  if (problems.length > 0) throw new Refusal('These templates cannot be used (nothing was written):', problems);
  return files;
};
