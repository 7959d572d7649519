import { parse } from 'smol-toml';
import { isMap } from '../../base/files.ts';

export type Table = Readonly<Record<string, unknown>>;

/** A TOML file as a table; undefined where it is broken. */
export const readToml = (text: string): Table | undefined => {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
};

/** What stands at a path of keys; undefined where there is nothing. */
export const at = (value: unknown, ...keys: readonly string[]): unknown =>
  keys.reduce<unknown>((inner, key) => (isMap(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined), value);

export const textAt = (value: unknown, ...keys: readonly string[]): string | undefined => {
  const inner = at(value, ...keys);
  return typeof inner === 'string' ? inner : undefined;
};

export const tableAt = (value: unknown, ...keys: readonly string[]): Table => {
  const inner = at(value, ...keys);
  return isMap(inner) ? inner : {};
};

export const listAt = (value: unknown, ...keys: readonly string[]): readonly string[] => {
  const inner = at(value, ...keys);
  return Array.isArray(inner) ? inner.filter((item) => typeof item === 'string') : [];
};

/** The first line (from 1) that has the words, for evidence; undefined where none has. */
export const lineOf = (text: string, ...words: readonly string[]): number | undefined => {
  const index = text.split('\n').findIndex((line) => words.every((word) => line.includes(word)));
  return index === -1 ? undefined : index + 1;
};
