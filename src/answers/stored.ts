import { parseJson, readText } from '../base/files.ts';
import { Refusal } from '../base/refusal.ts';
import { shellWord } from '../base/shellWord.ts';
import { mapOf } from './gather.ts';

export const storedFile = '.yo-rc.json';
export const owner = 'generator-comicpile';

export const parse = (text: string): Record<string, unknown> => (text.trim() === '' ? {} : parseJson(storedFile, text));

// Far above what answers are. Names that are unknown are compared with all that are known, and texts go through patterns.
const most = { entries: 500, name: 100, text: 20_000 } as const;

const tooMuch = (entry: Readonly<Record<string, unknown>>): readonly string[] => {
  const rows = Object.entries(entry);
  if (rows.length > most.entries) return [`${owner}: has more than ${most.entries} answers`];
  return rows.flatMap(([name, value]) => {
    if (name.length > most.name) return [`${shellWord(name.slice(0, 40))}… is too long for the name of an answer`];
    return JSON.stringify(value).length > most.text
      ? [`${shellWord(name)} is longer than ${most.text} characters`]
      : [];
  });
};

/** What the last run left of ours in Yeoman's own file, unread: the answers, by key. */
export const storedEntry = (directory: string): Readonly<Record<string, unknown>> => {
  const all = parse(readText(directory, storedFile));
  const entry = Object.hasOwn(all, owner) ? mapOf(all[owner], storedFile) : {};
  const problems = tooMuch(entry);
  if (problems.length > 0) throw new Refusal(`${storedFile} cannot be read (nothing was written):`, problems);
  return entry;
};
