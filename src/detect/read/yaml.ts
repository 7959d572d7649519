import {
  CORE_SCHEMA,
  defineMappingTag,
  defineScalarTag,
  defineSequenceTag,
  loadAll,
  mapTag,
  mergeTag,
  seqTag,
} from 'js-yaml';

// A tag of whatever tool says nothing to us: what it stands at is read as without it.
const any = { matchByTagPrefix: true, identify: () => false } as const;
const schema = CORE_SCHEMA.withTags(
  mergeTag,
  defineScalarTag('', { ...any, resolve: (text: string) => text }),
  defineSequenceTag('', { ...seqTag, ...any }),
  defineMappingTag('', { ...mapTag, ...any }),
);

// Values and characters with every alias written out, as whoever walks through it meets them: no file that is read has as many.
const most = 2_000_000;

const sizeOf = (value: unknown, sizes: Map<object, number>): number => {
  if (typeof value === 'string') return 1 + value.length;
  if (typeof value !== 'object' || value === null) return 1;
  const known = sizes.get(value);
  if (known !== undefined) return known;
  // What contains itself has no end.
  sizes.set(value, Number.POSITIVE_INFINITY);
  let size = 1;
  for (const [key, inner] of Object.entries(value)) size += key.length + sizeOf(inner, sizes);
  if (size > most) throw new Error('a bomb of aliases');
  sizes.set(value, size);
  return size;
};

/** The one document of a file of somebody else, its merges resolved; throws where that is not YAML, or is a bomb. */
export const readYaml = (text: string): unknown => {
  const documents = loadAll(text, { schema, maxAliases: 1000, maxDepth: 100 });
  if (documents.length > 1) throw new Error('several documents');
  sizeOf(documents[0], new Map());
  return documents[0] ?? null;
};
