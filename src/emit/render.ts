import { existsSync } from 'node:fs';
import { join } from 'node:path';
import ejs from 'ejs';
import { Refusal } from '../base/refusal.ts';
import type { Stack } from '../model/stack.ts';
import { type Artifact, applies, templateOf } from './catalogue.ts';
import { withExtras } from './extras.ts';
import { codeIn } from './grammar.ts';
import type { RenderedFile } from './renderedFile.ts';
import { builtIn, find, type Source, type Template } from './sources.ts';
import { renderHouse } from './template.ts';

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

const strictly = (stack: Stack): Record<string, unknown> =>
  Object.fromEntries(Object.entries(stack).map(([key, value]) => [key, strict(value, `${key}.`)]));

const nameOf = ({ source, path }: Template): string => `${source.name}/${path}`;

/** Whether it is code, which a source that may not run any is refused for. */
const isCode = ({ source, text }: Template): boolean => {
  const code = codeIn(text);
  if (code === undefined) return false;
  if (source.mayRunCode) return true;
  throw new Error(code);
};

const renderOne = (template: Template, sources: readonly Source[], stack: Stack): string => {
  const { text, from } = withExtras(template, sources);
  const code = [template, ...from].filter(isCode);
  try {
    if (code.length === 0) return renderHouse(text, stack);
    return ejs.render(text, strictly(stack), { filename: join(template.source.root, template.path) });
  } catch (error) {
    const parts = from.length === 0 ? '' : `, with ${from.map(nameOf).join(' and ')}`;
    // EJS shows the lines around, and then says what it is about.
    throw new Error(`${(error as Error).message.trim().split('\n').at(-1) ?? ''}${parts}`);
  }
};

/**
 * Rows of the catalogue that apply to this stack, as text; each from the first source that has its template. Pure but for
 * reading the templates. Templates of a team that cannot be rendered are refused, all at once.
 */
export const render = (
  catalogue: readonly Artifact[],
  stack: Stack,
  sources: readonly Source[] = [builtIn()],
): readonly RenderedFile[] => {
  const present = sources.filter(({ root }) => existsSync(root));
  const problems: string[] = [];
  const files = catalogue.filter(applies(stack)).map((artifact) => {
    const template = find(present, templateOf(artifact));
    try {
      return { artifact, text: renderOne(template, present, stack) };
    } catch (error) {
      problems.push(`${nameOf(template)}: ${(error as Error).message}`);
      return { artifact, text: '' };
    }
  });
  if (problems.length === 0) return files;
  if (sources.length === 1) throw new Error(problems.join('\n'));
  throw new Refusal('These templates cannot be used (nothing was written):', problems);
};
