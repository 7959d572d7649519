import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readEnv } from '../../../src/base/envFile.ts';
import { secretNames } from '../../../src/model/secrets.ts';

type File = { readonly text: string; readonly mode: number };
/** Files by path; folders are what the paths say. */
export type Tree = ReadonlyMap<string, File>;

export const readTree = (directory: string): Tree =>
  new Map(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        const file = { text: readFileSync(path, 'utf8'), mode: statSync(path).mode & 0o777 };
        return [relative(directory, path), file] as const;
      })
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/** Modes of the folders that killed runs left: nobody else gets into one, whatever half a file is in it. */
export const stagingModes = (directory: string): number[] =>
  readdirSync(directory)
    .filter(isStaging)
    .map((name) => statSync(join(directory, name)).mode & 0o777);

export const isStaging = (path: string): boolean => path.startsWith('.comicpile-staging-');
export const isSecret = (path: string): boolean => path === '.env.production' || path.startsWith('secrets/');

const drawn = /(?<=^(?:[A-Z_]+=)?)[A-Za-z0-9_-]{43}$/gm;
export const holdsSecret = (text: string): boolean => text.search(drawn) >= 0;
/** A text without its secrets: whole lines stay, each value of 43 characters is named as such. */
export const masked = (text: string): string => text.replace(drawn, '<43>');

/** Every secret that a tree holds, `<where> <name>` to value. */
export const secretsOf = (tree: Tree): ReadonlyMap<string, string> => {
  const env = readEnv(tree.get('.env.production')?.text ?? '');
  const found = new Map<string, string>();
  for (const name of secretNames) {
    const [inEnv, inFile] = [env.get(name), tree.get(`secrets/${name.toLowerCase()}`)?.text];
    if (inEnv !== undefined) found.set(`env ${name}`, inEnv);
    if (inFile !== undefined) found.set(`file ${name}`, inFile);
  }
  return found;
};
