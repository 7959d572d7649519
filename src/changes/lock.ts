import { digest } from '../base/digest.ts';
import { parseJson, readText } from '../base/files.ts';
import { Refusal } from '../base/refusal.ts';
import { version } from '../base/version.ts';
import { isManaged } from '../emit/catalogue.ts';
import { type Places, wrongPlaces } from '../model/places.ts';
import { type Change, jsonChange } from './change.ts';
import { problemsOfLock } from './lockShape.ts';

export const lockFile = '.comicpile/lock.json';

/** What we last wrote. */
export type Lock = {
  /** The version of the generator; empty where there is no lock. */
  readonly generator: string;
  /** Digests by destination: a file that still has its digest was not edited. It is also that of the merge base. */
  readonly files: Readonly<Record<string, string>>;
  /** Files that are the user's since we wrote them: one that is gone was deleted on purpose. */
  readonly once: readonly string[];
  /** Templates of the project's own: the digest of what each was taken from. */
  readonly templates: Readonly<Record<string, string>>;
  /** The packs that were used: what of each is in the files. */
  readonly packs: Readonly<Record<string, Pin>>;
  /** Files of ours that are not at their usual place, as the project has its own there. */
  readonly places: Places;
};

/** Whether this very pack is the one that was used. */
export const isPinned = (
  { packs }: Pick<Lock, 'packs'>,
  { name, integrity }: { readonly name: string; readonly integrity: string },
): boolean => packs[name]?.integrity === integrity;

/** A pack by its version and by the digest of its content. */
export type Pin = { readonly version: string; readonly integrity: string };

const fromGit = 'restore it from git';

// Names are anybody's, and none of them is to be one of what every object has.
const own = <Value>(map: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> =>
  Object.assign(Object.create(null), map);

const parse = (text: string): Lock => {
  const value = text === '' ? {} : parseJson(lockFile, text, fromGit);
  const { generator = '', files = {}, once = [], templates = {}, packs = {}, places = {} } = value as Partial<Lock>;
  const wrong = [...problemsOfLock(value), ...wrongPlaces(places)];
  if (wrong.length > 0) throw new Refusal(`${lockFile} cannot be read (nothing was written):`, [...wrong, fromGit]);
  return { generator, files: own(files), once, templates: own(templates), packs: own(packs), places };
};

export const readLock = (directory: string): Lock => parse(readText(directory, lockFile));

const byName = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one < other ? -1 : 1;

/**
 * The change that records these changes once they are carried out. It is the last one to be written: a run that is
 * killed before leaves each file either as it was, with its old digest, or as the same command would write it.
 */
export const lockAfter = (
  directory: string,
  changes: readonly Change[],
  {
    ejected = {},
    packs,
    places,
  }: { readonly ejected?: Lock['templates']; readonly packs?: Lock['packs']; readonly places?: Places } = {},
): Change => {
  const before = readText(directory, lockFile);
  const former = parse(before);
  const files = new Map(Object.entries(former.files));
  const nowAt = places ?? former.places;
  const once = new Set(former.once);
  for (const { to, kind, action, base, after } of changes) {
    if (action === 'conflict' || (action === 'absent' && base === undefined)) continue;
    if (action === 'remove' || action === 'release') files.delete(to);
    else if (isManaged(kind)) files.set(to, digest(base ?? after));
    else if (kind === 'once') once.add(to);
  }
  return jsonChange(lockFile, before, {
    generator: version(),
    files: Object.fromEntries([...files].sort(byName)),
    once: [...once].sort(),
    templates: Object.fromEntries(Object.entries({ ...former.templates, ...ejected }).sort(byName)),
    packs: packs ?? former.packs,
    // Most projects have none.
    ...(Object.keys(nowAt).length === 0 ? {} : { places: Object.fromEntries(Object.entries(nowAt).sort(byName)) }),
  });
};
