import { join } from 'node:path';
import { entriesOf } from '../base/disk/walk.ts';
import { isManifest } from './manifests.ts';

const notTheirs = /^(?:\.|node_modules$|venv$|tests?$|docs?$|examples?$)/;

const entries = (directory: string) => entriesOf(directory) ?? [];

/** Whether a Python application lives here already: a manifest or a module at the top, or a manifest in a folder below. */
export const holdsApplication = (directory: string): boolean => {
  const top = entries(directory);
  if (top.some(({ name }) => isManifest(name) || name.endsWith('.py'))) return true;
  const folders = (parent: string, list: typeof top) =>
    list.filter((entry) => entry.isDirectory() && !notTheirs.test(entry.name)).map(({ name }) => join(parent, name));
  const holds = (folder: string) => entries(folder).some(({ name }) => isManifest(name));
  const first = folders(directory, top);
  return first.some(holds) || first.flatMap((folder) => folders(folder, entries(folder))).some(holds);
};
