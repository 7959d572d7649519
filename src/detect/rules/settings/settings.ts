import type { Context } from '../code/context.ts';
import { envFileSettings } from './envFile.ts';
import { environmentReads } from './environment.ts';
import { pydanticSettings } from './pydantic.ts';
import type { Setting } from './setting.ts';

// No variable that a person sets is longer, with its prefix; rules look into names with patterns, and make patterns of them.
const longest = 200;

/** Every environment variable of the app: settings classes first, then other reads, then what only a file names. */
export const settingsOf = (context: Context): readonly Setting[] => {
  const read = [...pydanticSettings(context), ...environmentReads(context)];
  const known = new Set(read.flatMap(({ name, aliases = [] }) => [name, ...aliases]).map((name) => name.toUpperCase()));
  const named = envFileSettings(context).filter(({ name }) => !known.has(name.toUpperCase()));
  const seen = new Set<string>();
  // What several classes inherit is one line of one of them.
  return [...read, ...named].filter(({ name, isRequired, evidence: { file, line } }) => {
    if (name.length > longest) return false;
    const key = `${name} ${file} ${line} ${isRequired}`;
    return !seen.has(key) && seen.add(key);
  });
};
