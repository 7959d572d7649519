import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from './refusal.ts';

/** The text of a file in the user's project; `absent` (nothing said: the empty text) where there is none. */
export const readText = <Absent = string>(directory: string, name: string, ...absent: [Absent?]): string | Absent => {
  const path = join(directory, name);
  if (existsSync(path)) return readFileSync(path, 'utf8');
  return absent.length === 0 ? ('' as Absent) : (absent[0] as Absent);
};

/** All that is below a folder but folders, by path from it, in order; nothing where there is no such folder. */
export const entriesBelow = (root: string): readonly { readonly path: string; readonly isFile: boolean }[] => {
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => ({ path: join(entry.parentPath, entry.name).slice(root.length + 1), isFile: entry.isFile() }))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
};

/** Whether a parsed value is a map, neither a list nor null. */
export const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value of a JSON file of ours; a broken one is refused with `hints`, never guessed at. */
export const parseJson = (name: string, text: string, ...hints: readonly string[]): Record<string, unknown> => {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new Refusal(`${name} cannot be read (nothing was written):`, [(error as Error).message, ...hints]);
  }
};
