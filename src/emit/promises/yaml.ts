import {
  defineSequenceTag,
  FAILSAFE_SCHEMA,
  loadAll,
  mergeTag,
  nullCoreTag,
  realMapTag,
  seqTag,
  YAMLException,
} from 'js-yaml';

/** A value of YAML with its scalars as they are written: who asks decides what `True`, `yes` and `"true"` may mean. */
export type Yaml = string | null | readonly Yaml[] | YamlMap;
export type YamlMap = ReadonlyMap<string, Yaml>;

/** What a file says, or in one line why it says nothing. */
export type Read<Value> = { readonly value: Value; readonly problem?: undefined } | { readonly problem: string };

// Any other tag is a problem: `!reset` and `!override` of compose take back what stands in another file.
const schema = FAILSAFE_SCHEMA.withTags(
  nullCoreTag,
  mergeTag,
  realMapTag,
  // GitLab's, for the script of another job.
  defineSequenceTag('!reference', seqTag),
);
const bounds = { maxAliases: 2000, maxDepth: 60, maxTotalMergeKeys: 20_000 };
const mostCharacters = 500_000;
const mostValues = 100_000;

// Go's reader ends a line at some of these, and a comment with it; YAML 1.2 does not.
const odd = /[^\n\t\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

const lineOf = (text: string, index: number): number => text.slice(0, index).split('\n').length;

/** How many values it is with each alias written out, as whoever walks through it sees it; throws for what nobody should. */
const sizeOf = (value: unknown, sizes: Map<unknown, number>): number => {
  if (typeof value !== 'object' || value === null) return 1;
  const known = sizes.get(value);
  if (known !== undefined) {
    if (known === 0) throw new Error('it contains itself');
    return known;
  }
  sizes.set(value, 0);
  let size = 1;
  const children = value instanceof Map ? value.values() : (value as readonly unknown[]);
  for (const child of children) size += sizeOf(child, sizes);
  if (value instanceof Map) {
    for (const key of value.keys()) {
      if (typeof key !== 'string') throw new Error('a key is no text');
      // A merge to Go's reader, and a key like any other to YAML 1.2.
      if (key === '<<') throw new Error('a merge key (<<) is in quotes');
    }
    size += value.size;
  }
  if (size > mostValues) throw new Error(`it is more than ${mostValues} values with its aliases written out`);
  sizes.set(value, size);
  return size;
};

/** One document of YAML 1.2, with its aliases and merges resolved; what tools read differently, or too much of it, is a problem. */
export const readYaml = (text: string): Read<Yaml> => {
  if (text.length > mostCharacters) return { problem: `it is longer than ${mostCharacters} characters` };
  const strange = odd.exec(text);
  if (strange) return { problem: `line ${lineOf(text, strange.index)}: a character that tools read differently` };
  const directive = /^%/m.exec(text);
  if (directive) return { problem: `line ${lineOf(text, directive.index)}: a directive (%)` };
  try {
    const documents = loadAll(text, { schema, ...bounds });
    // Compose reads the second as a file that comes on top of the first.
    if (documents.length > 1) return { problem: 'it is several documents' };
    const [value = null] = documents;
    sizeOf(value, new Map());
    return { value: value as Yaml };
  } catch (error) {
    const line = error instanceof YAMLException && error.mark !== undefined ? `line ${error.mark.line + 1}: ` : '';
    return { problem: `${line}${error instanceof YAMLException ? error.reason : (error as Error).message}` };
  }
};

const nothing: YamlMap = new Map();

export const isMap = (value: Yaml | undefined): value is YamlMap => value instanceof Map;
export const isList = (value: Yaml | undefined): value is readonly Yaml[] => Array.isArray(value);
/** The mapping, or an empty one. */
export const mapIn = (value: Yaml | undefined): YamlMap => (isMap(value) ? value : nothing);
/** The list, or an empty one. */
export const listIn = (value: Yaml | undefined): readonly Yaml[] => (isList(value) ? value : []);
/** The value at the end of these keys. */
export const at = (value: Yaml | undefined, ...keys: readonly string[]): Yaml | undefined =>
  keys.reduce<Yaml | undefined>((inside, key) => mapIn(inside).get(key), value);
/** The scalar at the end of these keys, as it is written; empty where there is none. */
export const textAt = (value: Yaml | undefined, ...keys: readonly string[]): string => {
  const found = at(value, ...keys);
  return typeof found === 'string' ? found : '';
};

/** Every scalar of it, keys among them. */
export function* scalarsIn(value: Yaml | undefined): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (isList(value)) for (const item of value) yield* scalarsIn(item);
  else if (isMap(value)) {
    for (const [key, item] of value) {
      yield key;
      yield* scalarsIn(item);
    }
  }
}

/** The value in flow style, as an offence quotes it. */
export const written = (value: Yaml | undefined): string => {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return /^[\w./:@+=$-]+$/.test(value) ? value : JSON.stringify(value);
  if (isMap(value)) return `{${[...value].map(([key, item]) => `${key}: ${written(item)}`).join(', ')}}`;
  return `[${(value as readonly Yaml[]).map(written).join(', ')}]`;
};
