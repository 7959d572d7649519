import { createRequire } from 'node:module';
import type { Options, Template } from 'ejs';
import { type Lookups, lookupsIn, type Miss } from './lookups.ts';

// EJS is not loaded where all templates are compiled already (builtIns.ts).
const require = createRequire(import.meta.url);
type Ejs = { readonly Template: new (text: string, options: Options) => Template };

export type Compiled = (lookups: Lookups) => string;

/** Nothing of them ever comes from a template or from what a team brings. */
const options: Options & { readonly includer: () => never } = {
  // No `with`: the names of the code are the ones below, each declared.
  strict: true,
  destructuredLocals: ['s0', 'print', 'test', 'each'] satisfies (keyof Lookups)[],
  compileDebug: false,
  cache: false,
  includer: () => {
    throw new Error('a template includes nothing');
  },
};

/** What EJS makes of the source of a reading (grammar.ts): as a function, and the body of it for a build. */
export const compile = (source: string): { readonly run: Compiled; readonly body: string } => {
  const { Template } = require('ejs') as Ejs;
  const template = new Template(source, options);
  const run = template.compile() as Compiled;
  return { run, body: template.source };
};

/** The text, or what the model has not; never both. */
export const run = (
  compiled: Compiled,
  model: Readonly<Record<string, unknown>>,
): { readonly text: string; readonly misses: readonly Miss[] } => {
  const seen = lookupsIn(model);
  const text = compiled(seen.lookups);
  const { misses } = seen;
  return misses.length === 0 ? { text, misses } : { text: '', misses };
};
