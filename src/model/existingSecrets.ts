import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../base/files.ts';
import { type Existing, fileOf, previousName, secretNames } from './secrets.ts';

/** The secrets that the project has, wherever they are delivered from. */
export const existingSecrets = (directory: string): Existing => ({
  env: readText(directory, '.env.production'),
  files: Object.fromEntries(
    [...secretNames, ...secretNames.map(previousName)]
      .map((name) => [name, `secrets/${fileOf(name)}`] as const)
      .filter(([, path]) => existsSync(join(directory, path)))
      .map(([name, path]) => [name, readText(directory, path)] as const),
  ),
});
