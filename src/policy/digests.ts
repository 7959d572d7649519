import { isMap, parseJson, readText } from '../base/files.ts';
import { Refusal } from '../base/refusal.ts';

export const digestsFile = '.comicpile/images.json';

/** What a tag was when its registry was asked, and the day of that. */
export type Digests = Readonly<Record<string, { readonly digest: string; readonly resolved: string }>>;

// More than that at once is no help.
const shown = 20;

export const isDigest = (text: unknown): text is string =>
  typeof text === 'string' && /^sha256:[0-9a-f]{64}$/.test(text);
const isDay = (text: unknown): boolean => typeof text === 'string' && /^\d{4}-\d\d-\d\d$/.test(text);

/** The digests that the project keeps. They are printed into its files, so only digests will do. */
export const readDigests = (directory: string): Digests => {
  const text = readText(directory, digestsFile);
  if (text === '') return {};
  const rows = Object.entries(parseJson(digestsFile, text, 'restore it from git'));
  const wrong = rows.filter(([, row]) => !(isMap(row) && isDigest(row.digest) && isDay(row.resolved)));
  if (wrong.length > 0) {
    throw new Refusal(`${digestsFile} cannot be read (nothing was written):`, [
      ...wrong.slice(0, shown).map(([ref]) => `${JSON.stringify(ref.slice(0, 100))} has no digest with a day`),
      'restore it from git',
    ]);
  }
  return Object.fromEntries(rows) as Digests;
};

/** An image as it is printed: the tag says to people what it is, the digest to Docker. */
export const pinned =
  (digests: Digests) =>
  (ref: string): string => {
    const known = Object.hasOwn(digests, ref) ? digests[ref] : undefined;
    return known === undefined ? ref : `${ref}@${known.digest}`;
  };
