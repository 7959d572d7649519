import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../src/base/packageRoot.ts';

/** A row of .ci/suites.mjs. */
export type Suite = {
  readonly name: string;
  readonly lane: string;
  readonly always?: boolean;
  readonly needs?: readonly string[];
  readonly after?: readonly string[];
  readonly titles?: string;
  readonly touches: readonly string[];
  readonly command: string;
};
type Passed = ReadonlyMap<string, { readonly digest: string; readonly day: string }>;
type Table = {
  readonly everything: readonly string[];
  readonly suites: readonly Suite[];
  readonly notRun: readonly string[];
};
type Plan = {
  filesOf(patterns: readonly string[], directory?: string): readonly string[];
  touching(suite: Suite): readonly string[];
  digestOf(files: readonly string[], directory?: string): string;
  readPassed(text: string): Passed;
  planned(suite: Suite, digest: string, passed: Passed, all?: boolean): readonly string[];
  withPassed(
    text: string,
    digests: readonly (readonly [string, string])[],
    day: string,
    names?: readonly string[],
  ): string;
};

/** A module of .ci/, which runs before anything is installed or built, and so is no TypeScript. */
const moduleOf = <Module>(name: string): Promise<Module> =>
  import(pathToFileURL(join(packageRoot(), '.ci', name)).href) as Promise<Module>;

export const { everything, suites, notRun } = await moduleOf<Table>('suites.mjs');
export const { filesOf, touching, digestOf, readPassed, planned, withPassed } = await moduleOf<Plan>('plan.mjs');
