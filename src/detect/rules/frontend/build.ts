import type { Confidence, Evidence } from '../../model.ts';
import { type JavaScriptConfig, pathOf, readJavaScript, type Value } from '../../read/javascript.ts';
import { evidenceAt, joinPath, nameOf, normalisePath } from '../../read/paths.ts';
import { lineOf } from '../../read/toml.ts';
import type { View } from '../../view.ts';

/** What a package.json says, as far as a build of static files needs it. */
export type Package = {
  readonly folder: string;
  readonly path: string;
  readonly text: string;
  readonly scripts: Readonly<Record<string, unknown>>;
  readonly dependencies: Readonly<Record<string, unknown>>;
};

/** Where a build leaves its files, from the root of the project; or why no static files come of it. */
export type Output =
  | {
      readonly kind: 'static';
      readonly output: string;
      readonly confidence: Confidence;
      readonly evidence: readonly Evidence[];
    }
  | { readonly kind: 'server'; readonly why: string; readonly evidence: readonly Evidence[] }
  | { readonly kind: 'library' };

export type Config = JavaScriptConfig & { readonly path: string; readonly text: string };
export type Build = { readonly view: View; readonly of: Package; readonly script: string };

const extensions = ['ts', 'js', 'mts', 'mjs', 'cts', 'cjs'];

export const configOf = ({ view, of }: Build, ...names: readonly string[]): Config | undefined => {
  const path = names
    .flatMap((name) => extensions.map((extension) => joinPath(of.folder, `${name}.${extension}`)))
    .find((candidate) => view.has(candidate));
  const text = path === undefined ? undefined : view.read(path);
  return path === undefined || text === undefined ? undefined : { ...readJavaScript(text), path, text };
};

export const evidenceOf = ({ path, text }: Config, ...words: readonly string[]): Evidence => {
  const line = lineOf(text, ...words);
  return evidenceAt(path, line, line === undefined ? nameOf(path) : (text.split('\n')[line - 1] ?? ''));
};

export const inPackage = ({ of }: Build, ...words: readonly string[]): Evidence =>
  evidenceAt(of.path, lineOf(of.text, ...words), of.text.split('\n')[(lineOf(of.text, ...words) ?? 1) - 1] ?? '');

export const server = (why: string, evidence: Evidence): Output => ({ kind: 'server', why, evidence: [evidence] });

/** The folder that the config names under a key, else the custom of the tool; a guess where the config cannot be followed. */
export const folderIn = (
  build: Build,
  config: Config | undefined,
  said: Value | undefined,
  key: string,
  custom: string,
  base = build.of.folder,
): Output => {
  const output = said === undefined ? joinPath(base, custom) : pathOf(said, build.of.folder, base);
  return {
    kind: 'static',
    output: output ?? joinPath(base, custom),
    confidence: said === undefined ? 'likely' : output === undefined ? 'guess' : 'certain',
    evidence: config === undefined ? [] : [evidenceOf(config, said === undefined ? '' : key)],
  };
};

export const optionIn = (script: string, ...options: readonly string[]): string | undefined => {
  for (const option of options) {
    const [, said] = new RegExp(`(?:^|\\s)${option}[=\\s]+["']?([^\\s"']+)`).exec(script) ?? [];
    if (said !== undefined) return said;
  }
  return undefined;
};

/** The folder that the command line of the build names goes before its config. */
export const fromScript = (build: Build, folder: string | undefined): Output | undefined =>
  folder === undefined || folder.startsWith('/') || folder.includes('$')
    ? undefined
    : {
        kind: 'static',
        output: normalisePath(joinPath(build.of.folder, folder)),
        confidence: 'certain',
        evidence: [inPackage(build, folder)],
      };
