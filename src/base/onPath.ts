import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Whether a program is found by its name. */
export const onPath = (program: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, program)));
