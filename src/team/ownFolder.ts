import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { entriesBelow } from '../base/files.ts';
import { projectTemplates } from '../emit/sources.ts';

/**
 * What is neither a file nor a folder in the project's folder of templates, or above it: a link leads to what nobody has agreed to, and a
 * pipe has no end.
 */
export const strangeIn = (directory: string): readonly string[] => {
  const folders = projectTemplates.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));
  const above = folders.filter((folder) => {
    const about = lstatSync(join(directory, folder), { throwIfNoEntry: false });
    return about !== undefined && !about.isDirectory();
  });
  if (above.length > 0) return above.map((folder) => `${folder} is a link or no folder`);
  return entriesBelow(join(directory, projectTemplates))
    .filter(({ isFile }) => !isFile)
    .map(({ path }) => `${projectTemplates}/${path} is a link or no plain file`);
};
