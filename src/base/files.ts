import { inTree } from './disk/tree.ts';
import { Refusal } from './refusal.ts';

/**
 * The text of a file in the user's project; `absent` (nothing said: the empty text) where there is none. What is no plain file is
 * refused.
 */
export const readText = <Absent = string>(directory: string, path: string, ...absent: [Absent?]): string | Absent => {
  const content = inTree(directory, (tree) => tree.read(path));
  if (content !== undefined) return content.bytes.toString();
  return absent.length === 0 ? ('' as Absent) : (absent[0] as Absent);
};

/** The same of a file that is none of ours, and may be a link or whatever its owner likes: then it counts as empty. */
export const plainText = (directory: string, path: string): string =>
  inTree(directory, (tree) => (tree.look(path).stat === undefined ? '' : (tree.read(path)?.bytes.toString() ?? '')));

/** Whether anything is at the path, a link too, wherever it leads. */
export const isThere = (directory: string, path: string): boolean => inTree(directory, (tree) => tree.has(path));

/** All that is below a folder but folders, by path from it, in order; nothing where there is no such folder. */
export const entriesBelow = (root: string, folder = '') => inTree(root, (tree) => tree.below(folder));

/** Whether a parsed value is a map, neither a list nor null. */
export const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

// Whoever writes such a file by hand nests a few; what walks through it must come to an end.
const deepest = 100;
const isShallow = (value: unknown, depth = 0): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (depth < deepest && Object.values(value).every((each) => isShallow(each, depth + 1)));

const mapIn = (text: string): Record<string, unknown> => {
  const value: unknown = JSON.parse(text);
  if (!isMap(value)) throw new Error('it is no map');
  if (!isShallow(value)) throw new Error(`it is nested deeper than ${deepest}`);
  return value;
};

/** The map that a JSON file of ours holds; a broken one is refused with `hints`, never guessed at. */
export const parseJson = (name: string, text: string, ...hints: readonly string[]): Record<string, unknown> => {
  try {
    return mapIn(text);
  } catch (error) {
    const reason = (error as Error).message.replace(/\p{C}/gu, '?');
    throw new Refusal(`${name} cannot be read (nothing was written):`, [reason, ...hints]);
  }
};
