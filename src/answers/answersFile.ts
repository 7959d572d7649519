import { existsSync, readFileSync } from 'node:fs';
import { Refusal } from '../base/refusal.ts';
import { mapOf } from './gather.ts';

/** What a YAML (or JSON) file of answers holds, its scalars as text. */
export const readAnswersFile = async (path: string): Promise<Readonly<Record<string, unknown>>> => {
  if (!existsSync(path))
    throw new Refusal('There is no such answers file (nothing was written):', [`--answers ${path}`]);
  const { FAILSAFE_SCHEMA, loadAll, YAMLException } = await import('js-yaml');
  let content: unknown;
  try {
    // No alias expansion bombs, and every scalar as its text: `3.10` must not become 3.1.
    const documents = loadAll(readFileSync(path, 'utf8'), { schema: FAILSAFE_SCHEMA, maxAliases: 0 });
    if (documents.length > 1) throw new Error('it is several documents');
    content = documents[0];
  } catch (error) {
    throw new Refusal(`${path} is not YAML (nothing was written):`, [
      error instanceof YAMLException && error.mark !== undefined
        ? `line ${error.mark.line + 1}: ${error.reason}`
        : (error as Error).message,
    ]);
  }
  return mapOf(content ?? {}, path);
};
