import { createRequire } from 'node:module';
import { join } from 'node:path';
import { packageRoot } from '../base/packageRoot.ts';
import type { Compiled } from './engine.ts';

/** One of our templates without lines of others in its slots, as EJS has compiled it for a release. */
export type BuiltIn = { readonly slots: readonly string[]; readonly run: Compiled };

/**
 * Our templates, read and compiled once for all by `npm run build`: to do both in each run would cost as much as the rest of
 * it. By path, as in templates/, which has their text for those who want one otherwise.
 */
export const builtIns = (): Readonly<Record<string, BuiltIn>> =>
  createRequire(import.meta.url)(join(packageRoot(), 'dist/templates.cjs')) as Readonly<Record<string, BuiltIn>>;
