import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import { Refusal } from '../refusal.ts';
import { exists } from './walk.ts';

// Somebody else's folder, or a file system that is mounted to be read only: the kernel says, as only it knows.
const problemAt = (folder: string): string | undefined => {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    const isReadOnly = (error as NodeJS.ErrnoException).code === 'EROFS';
    return isReadOnly ? 'is on a file system that is read only' : 'cannot be written to by this user';
  }
};

/** Refuses where a file could not be made in one of these folders, or in the nearest above it that is there; all in one message. */
export const refuseUnwritable = (folders: readonly string[]): void => {
  const nearest = (folder: string): string =>
    exists(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder));
  const problems = [...new Set(folders.map(nearest))].flatMap((folder) => {
    const problem = problemAt(folder);
    return problem === undefined ? [] : [`${folder} ${problem}`];
  });
  if (problems.length === 0) return;
  throw new Refusal(
    'There is no permission to write here (nothing was written):',
    [...problems, 'give it to this user, or choose another folder, for example: --output ~/my-app'],
    1,
  );
};
