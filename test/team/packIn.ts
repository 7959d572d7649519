import { join } from 'node:path';
import type { PackName } from '../../src/answers/values.ts';
import { loadPack, type Pack } from '../../src/team/pack.ts';
import { scratch } from '../fixture.ts';
import { writePack } from './somePack.ts';

/** A pack in a folder of its own, loaded; a template may be said by its path alone. */
export const packIn = (manifest: Readonly<Record<string, unknown>>, ...templates: string[]): Pack => {
  const directory = scratch();
  writePack(join(directory, 'one'), manifest, Object.fromEntries(templates.map((path) => [path, 'text\n'])));
  return loadPack(directory, './one' as PackName);
};
