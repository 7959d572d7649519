import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from '../fixture.ts';

/** Where the tools of this machine are. */
export const fullPath = `${process.env.COMICPILE_TOOLS ?? ''}:${process.env.PATH ?? ''}`;

/** The program of that name. */
export const programOf = (name: string): string =>
  fullPath
    .split(':')
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file)) ?? assert.fail(`${name} is not on PATH`);

/** A folder for PATH: these tools of the machine (names with blanks between), stand-ins as bash, and nothing else. */
export const toolbelt = (names: string, standIns: Readonly<Record<string, string>>): string => {
  const folder = join(scratch(), 'bin');
  mkdirSync(folder);
  for (const name of names.split(' ')) symlinkSync(programOf(name), join(folder, name));
  for (const [name, text] of Object.entries(standIns)) {
    writeFileSync(join(folder, name), `#!/bin/bash\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
};
