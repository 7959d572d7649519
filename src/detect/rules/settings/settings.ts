import type { Context } from '../code/context.ts';
import { envFileSettings } from './envFile.ts';
import { environmentReads } from './environment.ts';
import { pydanticSettings } from './pydantic.ts';
import type { Setting } from './setting.ts';

/** Every environment variable of the app: settings classes first, then other reads, then what only a file names. */
export const settingsOf = (context: Context): readonly Setting[] => {
  const read = [...pydanticSettings(context), ...environmentReads(context)];
  const known = new Set(read.flatMap(({ name, aliases = [] }) => [name, ...aliases]).map((name) => name.toUpperCase()));
  const named = envFileSettings(context).filter(({ name }) => !known.has(name.toUpperCase()));
  const seen = new Set<string>();
  // What several classes inherit is one line of one of them.
  return [...read, ...named].filter(({ name, isRequired, evidence: { file, line } }) => {
    const key = `${name} ${file} ${line} ${isRequired}`;
    return !seen.has(key) && seen.add(key);
  });
};
