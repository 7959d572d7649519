import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fromObject, type Given } from './gather.ts';
import type { Change } from './plan.ts';
import { jsonChange, parseJson, readText } from './projectFile.ts';
import { questionKeys, type RawAnswers } from './questions.ts';
import { type Existing, fileOf, previousName, secretNames } from './secrets.ts';

const file = '.yo-rc.json';
const owner = 'generator-comicpile';

const parse = (text: string): Record<string, unknown> => (text.trim() === '' ? {} : parseJson(file, text));

/** The answers of the last run, from Yeoman's own file. */
export const storedAnswers = (directory: string): Given => {
  const all = parse(readText(directory, file));
  return owner in all ? fromObject(all[owner], file) : {};
};

/** The change that stores these answers; other generators' entries stay. No secret is ever an answer. */
export const storeAnswers = (directory: string, answers: RawAnswers): Change => {
  const before = readText(directory, file);
  const sorted = Object.fromEntries(questionKeys.map((key) => [key, answers[key]]));
  return jsonChange(file, before, { ...parse(before), [owner]: sorted });
};

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
