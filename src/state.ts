import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { mapOf } from './gather.ts';
import type { Change } from './plan.ts';
import { jsonChange, parseJson, readText } from './projectFile.ts';
import { questionKeys, type RawAnswers } from './questions.ts';
import { type Existing, fileOf, previousName, secretNames } from './secrets.ts';

export const storedFile = '.yo-rc.json';
const owner = 'generator-comicpile';

const parse = (text: string): Record<string, unknown> => (text.trim() === '' ? {} : parseJson(storedFile, text));

/** What the last run left of ours in Yeoman's own file, unread: the answers, by key. */
export const storedEntry = (directory: string): Readonly<Record<string, unknown>> => {
  const all = parse(readText(directory, storedFile));
  return owner in all ? mapOf(all[owner], storedFile) : {};
};

/** The change that stores these answers; other generators' entries stay. No secret is ever an answer. */
export const storeAnswers = (directory: string, answers: RawAnswers, ofPacks: readonly string[] = []): Change => {
  const before = readText(directory, storedFile);
  const sorted = Object.fromEntries([...questionKeys, ...ofPacks].map((key) => [key, answers[key]]));
  return jsonChange(storedFile, before, { ...parse(before), [owner]: sorted });
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
