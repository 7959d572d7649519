import { type Context, modulesWith } from '../code/context.ts';
import { envLines } from '../settings/envFile.ts';
import type { Setting } from '../settings/setting.ts';
import { formOf } from './names.ts';

const word = /^(?:postgres(?:ql)?|pgsql|pg|psql)(?:\+\w+)?$/i;

const wordOf = (context: Context, setting: Setting): string | undefined => {
  if (word.test(setting.default ?? '')) return setting.default;
  const inType = [...(setting.type ?? '').matchAll(/["']([^"']+)["']/g)].find(([, said = '']) => word.test(said))?.[1];
  if (inType !== undefined) return inType;
  const example = envLines(context).find(
    ({ name, word: said }) => name === setting.name && word.test(said ?? ''),
  )?.word;
  if (example !== undefined) return example;
  // What the code compares it with stands where it is used, or where its enum is.
  const type = /^[A-Z]\w+$/.test(setting.type ?? '') ? [`class ${setting.type}`] : [];
  const strings = modulesWith(context, setting.attribute, setting.name, ...type).flatMap((module) => module.strings);
  return strings.find(({ value }) => word.test(value))?.value;
};

export type Switch = { readonly setting: Setting; readonly text: string | undefined };

/** Settings that say which database it is, DB_ENGINE=postgres, with the word that the code takes for PostgreSQL. */
export const switchesOf = (context: Context, settings: readonly Setting[]): readonly Switch[] =>
  settings
    .filter((setting) => formOf(setting)?.form === 'literal')
    .map((setting) => ({ setting, text: wordOf(context, setting) }));
