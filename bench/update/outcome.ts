import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { values, type WorkFile } from './workload.ts';
import type { Workshop } from './workshop.ts';

const expect = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what);
};

/** Throws unless each text holds all of these lines, and markers of a conflict where there must be some. */
export const holdsLines = (text: string, lines: readonly string[], conflicts: boolean, where: string): void => {
  for (const line of lines) expect(text.includes(line), `${where} has no ${JSON.stringify(line)}`);
  expect(/^<<<<<<< /m.test(text) === conflicts, `${where} has ${conflicts ? 'no' : 'a'} conflict`);
};

/** Throws unless every file is the user's and the release's, and the one that cannot be both shows both. */
export const isUpdated =
  (files: readonly WorkFile[]) =>
  (directory: string): void => {
    for (const { to, updated } of files) {
      const text = readFileSync(join(directory, to), 'utf8');
      if (updated === undefined) holdsLines(text, [' 75s', ' 90s'], true, to);
      else expect(text === updated, `${to} is not what the update should have made of it`);
    }
  };

/** Throws unless the command finds something in this project: one that passes everything is no check. */
export const finds = (workshop: Workshop, project: string, command: readonly string[]): void => {
  const [program = '', ...args] = command;
  const { status } = spawnSync(program, args, { cwd: project, env: workshop.env });
  expect(status === 1, `${command.join(' ')} ended with ${status} in a project that is not the newest`);
};

/** Throws unless every file is as the newest release has it. */
export const isGenerated =
  (files: readonly WorkFile[]) =>
  (directory: string): void => {
    for (const { to, template } of files) {
      expect(readFileSync(join(directory, to), 'utf8') === template(2, values), `${to} is not as the release has it`);
    }
  };
