import { parseJson, readText } from '../base/files.ts';
import { mapOf } from './gather.ts';

export const storedFile = '.yo-rc.json';
export const owner = 'generator-comicpile';

export const parse = (text: string): Record<string, unknown> => (text.trim() === '' ? {} : parseJson(storedFile, text));

/** What the last run left of ours in Yeoman's own file, unread: the answers, by key. */
export const storedEntry = (directory: string): Readonly<Record<string, unknown>> => {
  const all = parse(readText(directory, storedFile));
  return owner in all ? mapOf(all[owner], storedFile) : {};
};
