import { createHash } from 'node:crypto';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeStateFolder, readState, stateFolder, writeState } from './stateFolder.ts';

/** Notes that this user keeps on this machine of one project. */
export type Records = {
  readonly all: () => ReadonlyMap<string, string>;
  /** A new one. */
  readonly begin: (name: string, text: string) => void;
  /** In the place of it, at one moment. */
  readonly replace: (name: string, text: string) => void;
  readonly drop: (name: string) => void;
};

const most = 8 * 1024 * 1024;

// Undefined where there can be none, or, unless it `makes` it, is none.
const usable = (project: string, makes: boolean): string | undefined => {
  const state = stateFolder(project);
  if ('problem' in state || (!makes && !existsSync(state.folder))) return undefined;
  try {
    makeStateFolder(state.folder);
    return state.folder;
  } catch {
    return undefined;
  }
};

/** By the real path of the project; undefined where nothing can be noted; `makes`: the place for them too. */
export const recordsOf = (project: string, makes: boolean): Records | undefined => {
  const folder = usable(project, makes);
  if (folder === undefined) return undefined;
  const prefix = `${createHash('sha256').update(project).digest('hex').slice(0, 32)}-`;
  const fileOf = (name: string): string => join(folder, `${prefix}${name}.json`);
  const all = (): ReadonlyMap<string, string> =>
    new Map(
      readdirSync(folder).flatMap((file) => {
        if (!file.startsWith(prefix) || !file.endsWith('.json')) return [];
        const text = readState(join(folder, file), most);
        return text === undefined ? [] : [[file.slice(prefix.length, -'.json'.length), text] as const];
      }),
    );
  return {
    all,
    begin: (name, text) => writeFileSync(fileOf(name), text, { mode: 0o600, flag: 'wx' }),
    replace: (name, text) => writeState(fileOf(name), text),
    drop: (name) => {
      rmSync(fileOf(name), { force: true });
      rmSync(`${fileOf(name)}.new`, { force: true });
    },
  };
};
