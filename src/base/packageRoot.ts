import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The nearest folder above this file that holds package.json and templates/: the same from source, dist and bundle. */
export const packageRoot = (): string => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) || !existsSync(join(folder, 'templates'))) {
    const above = dirname(folder);
    if (above === folder) throw new Error('generator-comicpile is installed without its templates');
    folder = above;
  }
  return folder;
};

export const templatesRoot = (): string => join(packageRoot(), 'templates');
