import { problemOfPath } from '../base/disk/safePath.ts';
import { isMap } from '../base/files.ts';
import { shellWord } from '../base/shellWord.ts';

const most = 5000;
const shown = 20;

// Where a file of ours never is, whichever version has written the lock: git, our notes, what is secret or somebody's data.
const never =
  /^(?:\.git|\.comicpile|\.comicpile-staging-[^/]*|secrets|backups|node_modules|\.venv)(?:\/|$)|^ssl\/(?!\.gitkeep$)|^\.yo-rc\.json$|^\.env(?:$|\.(?!example$))/i;

const problemOfPlace = (path: string): string | undefined =>
  problemOfPath(path) ?? (never.test(path) ? `${shellWord(path)} is no place where this generator writes` : undefined);

const isDigest = (value: unknown): boolean => typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value);
const isVersion = (value: unknown): boolean => typeof value === 'string' && /^\d+\.\d+\.\d+[\w.+-]{0,40}$/.test(value);
// As a pack calls it.
const isPin = (value: unknown): boolean =>
  isMap(value) && /^[\w.+-]{1,60}$/.test(String(value.version)) && isDigest(value.integrity);
const problemOfPack = (name: string): string | undefined =>
  /^[@\w./-]{1,214}$/.test(name) ? undefined : `${shellWord(name.slice(0, 214))} is not the name of a pack`;

type Row = {
  readonly problemOfKey: (key: string) => string | undefined;
  readonly isValue: (value: unknown) => boolean;
  /** What a value is, in words. */
  readonly what: string;
};
const aDigest = { isValue: isDigest, what: 'a digest, for example "sha256:" and 64 hexadecimal digits' };

/** THE table of maps in a lock. */
const maps: Readonly<Record<string, Row>> = {
  files: { problemOfKey: problemOfPlace, ...aDigest },
  templates: { problemOfKey: problemOfPath, ...aDigest },
  packs: { problemOfKey: problemOfPack, isValue: isPin, what: 'a version and a digest as "integrity"' },
};

const inMap = (name: string, value: unknown, { problemOfKey, isValue, what }: Row): readonly string[] => {
  if (!isMap(value)) return [`${name}: is no map`];
  const rows = Object.entries(value);
  if (rows.length > most) return [`${name}: has more than ${most} entries`];
  return rows.flatMap(([key, each]) => {
    const problem = problemOfKey(key) ?? (isValue(each) ? undefined : `${shellWord(key)} has not ${what}`);
    return problem === undefined ? [] : [`${name}: ${problem}`];
  });
};

const inOnce = (value: unknown): readonly string[] => {
  if (!Array.isArray(value) || value.length > most || !value.every((each) => typeof each === 'string')) {
    return [`once: is no list of up to ${most} paths`];
  }
  return value.flatMap((path) => problemOfPlace(path) ?? []).map((problem) => `once: ${problem}`);
};

/**
 * What is wrong with a lock as it was read. It comes with the repository, so anybody may have written it; what it does not say is no
 * problem, and what a later version says beside this is not looked at.
 */
export const problemsOfLock = (lock: Readonly<Record<string, unknown>>): readonly string[] => {
  const { generator, once } = lock;
  const problems = [
    ...(generator === undefined || isVersion(generator) ? [] : ['generator: is no version, for example "0.1.0"']),
    ...Object.entries(maps).flatMap(([name, row]) => (lock[name] === undefined ? [] : inMap(name, lock[name], row))),
    ...(once === undefined ? [] : inOnce(once)),
  ];
  return problems.length <= shown ? problems : [...problems.slice(0, shown), `and ${problems.length - shown} more`];
};
