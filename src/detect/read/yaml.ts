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

/** The one document of a file of somebody else, its merges resolved; throws where that is not YAML, or is a bomb. */
export const readYaml = (text: string): unknown => {
  const documents = loadAll(text, { schema, maxAliases: 1000, maxDepth: 100 });
  if (documents.length > 1) throw new Error('several documents');
  return documents[0] ?? null;
};
