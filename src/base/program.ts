import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, sep } from 'node:path';

const real = (path: string): string | undefined => {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
};

const isIn = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

// npm puts those of the project and of all folders above it on PATH.
const packages = join('node_modules', '.bin');

/**
 * The folders of PATH in which a program may be: absolute ones outside of the project. An empty or relative one is wherever the user
 * stands, and `node_modules/.bin` has what a project brings.
 */
const foldersFor = (directory: string): readonly string[] => {
  const project = real(directory) ?? directory;
  return (process.env.PATH ?? '').split(delimiter).filter((folder) => {
    const there = isAbsolute(folder) ? real(folder) : undefined;
    return there !== undefined && !isIn(there, project) && !there.endsWith(packages);
  });
};

const isProgram = (path: string, directory: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile() && !isIn(realpathSync(path), real(directory) ?? directory);
  } catch {
    return false;
  }
};

/** PATH for what is run in this project's directory. */
export const pathFor = (directory: string): string => foldersFor(directory).join(delimiter);

/** Where a program of this machine is, never one that the project in this directory has brought; undefined where it is not installed. */
export const programFor = (directory: string, name: string): string | undefined => {
  const ends = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  return foldersFor(directory)
    .flatMap((folder) => ends.map((end) => join(folder, `${name}${end}`)))
    .find((path) => isProgram(path, directory));
};
