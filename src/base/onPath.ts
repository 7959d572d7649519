import { exists } from './disk/walk.ts';
import { delimiter, join } from 'node:path';

/** Whether a program is found by its name. */
export const onPath = (program: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && exists(join(folder, program)));
