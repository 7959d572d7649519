import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromObject, type Given } from './gather.ts';
import type { Change } from './plan.ts';
import { questionKeys, type RawAnswers } from './questions.ts';
import { Refusal } from './refusal.ts';
import { type Existing, fileOf, secretNames } from './secrets.ts';

const file = '.yo-rc.json';
const owner = 'generator-comicpile';

const readText = (directory: string, name: string): string => {
  const path = join(directory, name);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
};

const readAll = (directory: string): Record<string, unknown> => {
  const text = readText(directory, file);
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new Refusal(`${file} cannot be read (nothing was written):`, [(error as Error).message]);
  }
};

/** The answers of the last run, from Yeoman's own file. */
export const storedAnswers = (directory: string): Given => {
  const all = readAll(directory);
  return owner in all ? fromObject(all[owner], file) : {};
};

/** The change that stores these answers; other generators' entries stay. No secret is ever an answer. */
export const storeAnswers = (directory: string, answers: RawAnswers): Change => {
  const before = readText(directory, file);
  const sorted = Object.fromEntries(questionKeys.map((key) => [key, answers[key]]));
  const after = `${JSON.stringify({ ...readAll(directory), [owner]: sorted }, null, 2)}\n`;
  const action = before === '' ? 'create' : before === after ? 'identical' : 'extend';
  return { to: file, action, mode: 0o644, secret: false, ours: false, before, after };
};

/** The secrets that the project has, wherever they are delivered from. */
export const existingSecrets = (directory: string): Existing => ({
  env: readText(directory, '.env.production'),
  files: Object.fromEntries(
    secretNames
      .map((name) => [name, readText(directory, `secrets/${fileOf(name)}`)] as const)
      .filter(([, text]) => text !== ''),
  ),
});
