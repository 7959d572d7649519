import { join } from 'node:path';
import { makeStateFolder, readState, stateFolder, writeState } from '../base/disk/stateFolder.ts';
import { isMap } from '../base/files.ts';

/** What the user of this machine has agreed to, by the digest of its content. */
export type Agreed = {
  readonly has: (digest: string) => boolean;
  /** Remembers these, each with what it is in words; why that cannot be, or undefined. */
  readonly keep: (given: Readonly<Record<string, string>>) => string | undefined;
};

const fileName = 'agreed.json';
const isDigest = (text: string): boolean => /^sha256:[0-9a-f]{64}$/.test(text);
/** The latest; years of a team's templates. */
const mostKept = 20_000;
const mostBytes = 8 * 1024 * 1024;

const rowsIn = (text: string): ReadonlyMap<string, string> => {
  try {
    const { agreed }: { readonly agreed?: unknown } = JSON.parse(text);
    const rows = Object.entries(isMap(agreed) ? agreed : {});
    return new Map(rows.filter(([digest]) => isDigest(digest)).map(([digest, what]) => [digest, String(what)]));
  } catch {
    return new Map();
  }
};

/**
 * What was agreed to on this machine, whatever project it was in: the word is for the content, so the same lines in a second checkout
 * need no second word, and none that somebody has changed passes for agreed.
 */
export const agreedHere = (directory: string): Agreed => {
  const state = stateFolder(directory);
  if ('problem' in state) return { has: () => false, keep: () => state.problem };
  const path = join(state.folder, fileName);
  const stored = (): ReadonlyMap<string, string> => rowsIn(readState(path, mostBytes) ?? '');
  const rows = stored();
  return {
    has: (digest) => rows.has(digest),
    keep: (given) => {
      try {
        makeStateFolder(state.folder);
        // Another run may have written since.
        const all = [...new Map([...stored(), ...Object.entries(given)])].slice(-mostKept);
        writeState(path, `${JSON.stringify({ agreed: Object.fromEntries(all) }, null, 2)}\n`);
        return undefined;
      } catch (error) {
        return (error as Error).message;
      }
    },
  };
};
