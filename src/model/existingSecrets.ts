import { inTree } from '../base/disk/tree.ts';
import { type Existing, fileOf, previousName, secretNames } from './secrets.ts';

const rows = [...secretNames, ...secretNames.map(previousName)].map(
  (name) => [name, `secrets/${fileOf(name)}`] as const,
);

/** Where the project's secrets are, however they are delivered. */
export const secretPlaces: readonly string[] = ['.env.production', ...rows.map(([, path]) => path)];

/** The secrets that the project has, wherever they are delivered from. */
export const existingSecrets = (directory: string): Existing =>
  inTree(directory, (tree) => {
    const textAt = (path: string): string | undefined => tree.read(path)?.bytes.toString();
    return {
      env: textAt('.env.production') ?? '',
      files: Object.fromEntries(
        rows.flatMap(([name, path]) => {
          const text = textAt(path);
          return text === undefined ? [] : [[name, text] as const];
        }),
      ),
    };
  });
