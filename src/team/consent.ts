import { digest } from '../base/digest.ts';
import { isPinned, type Lock } from '../changes/lock.ts';
import { templateOf } from '../emit/catalogue.ts';
import { endsInARun } from '../emit/documents.ts';
import { find, has, isPresent, projectTemplates } from '../emit/sources.ts';
import { type Digests, digestsFile } from '../policy/digests.ts';
import { fillings } from './overrides.ts';
import type { Pack } from './pack.ts';
import { runsByItself } from './selfStarting.ts';
import type { Team } from './team.ts';

/** Something that is not of this generator and ends in what is run, and so needs the word of this machine's user. */
export type Item = {
  /** Of what the word is for: the content, and where it goes. */
  readonly digest: string;
  /** In a line. */
  readonly says: string;
  /** What else is to know before one agrees. */
  readonly details: readonly string[];
  /** The emitted files that have something of it. */
  readonly touches: readonly string[];
};

const digestOf = (...parts: readonly string[]): string => digest(JSON.stringify(parts));

/** The word for a template, or for the lines of a slot, at this path of the folder of templates. */
export const templateDigest = (path: string, text: string): string => digestOf('template', path, text);

const lines = (text: string): string => {
  const count = text.trimEnd().split('\n').length;
  return `${count} line${count === 1 ? '' : 's'}`;
};

// What `has` says counts, not how the file system spells the name: rendering asks it in the same words.
const ofTemplates = (team: Team): readonly Item[] => {
  const own = team.sources.find(({ name }) => name === projectTemplates);
  if (own === undefined || !isPresent(own)) return [];
  return [...fillings(team)].flatMap(([path, artifact]) => {
    if (!endsInARun(artifact) || !has(own, path)) return [];
    const { text } = find([own], path);
    const isWhole = path === templateOf(artifact);
    // A slot as it was ejected has nothing in it.
    if (!isWhole && text.trim() === '') return [];
    const says = `${projectTemplates}/${path} ${isWhole ? 'makes' : `adds ${lines(text)} to`} ${artifact.to}`;
    return [{ digest: templateDigest(path, text), says, details: [], touches: [artifact.to] }];
  });
};

const ofImages = ({ ownImages }: Team): readonly Item[] =>
  Object.entries(ownImages).map(([name, image]) => ({
    digest: digestOf('image', name, image),
    says: `.comicpile/policy.json takes ${image} as the image ${name}`,
    details: [],
    touches: [],
  }));

/** The word for digests of images: for each of them. */
export const digestsDigest = (digests: Digests): string =>
  digestOf(
    'digests',
    ...Object.entries(digests)
      .flatMap(([ref, row]) => [`${ref}@${row.digest}`])
      .sort(),
  );

// The registry of an image has older ones too, with holes that are closed by now.
const ofDigests = (digests: Digests): readonly Item[] => {
  const refs = Object.entries(digests).map(([ref, row]) => `${ref}@${row.digest}`);
  if (refs.length === 0) return [];
  const says = `${digestsFile} takes ${refs.length} image${refs.length === 1 ? '' : 's'} by digest`;
  return [{ digest: digestsDigest(digests), says, details: refs, touches: [] }];
};

const mostNamed = 12;
const named = (what: string, names: readonly string[], most = mostNamed): readonly string[] => {
  if (names.length === 0) return [];
  const more = names.length > most ? ` and ${names.length - most} more` : '';
  return [`${what} ${names.slice(0, most).join(', ')}${more}`];
};

const standing = ({ name, integrity }: Pack, { packs }: Lock): string => {
  const pin = packs[name];
  if (pin === undefined) return 'is new here';
  return isPinned({ packs }, { name, integrity })
    ? 'is the one that .comicpile/lock.json has'
    : `has changed since the ${pin.version} of .comicpile/lock.json`;
};

const ofPack = (pack: Pack, team: Team, lock: Lock): Item => {
  const { name, version, integrity, manifest, templates } = pack;
  const brought = (manifest.artifacts ?? []).map(({ to }) => to);
  const filled = new Set(templates);
  const ours = [...fillings(team)].flatMap(([path, { to }]) => (filled.has(path) && !brought.includes(to) ? [to] : []));
  const images = Object.entries(team.packImages[name] ?? {}).map(([image, ref]) => `${ref} (${image})`);
  return {
    digest: digestOf('pack', integrity),
    says: `the pack ${name} ${version} (${integrity.slice(0, 19)}…) ${standing(pack, lock)}`,
    details: [
      ...named('brings', brought),
      ...named('changes', [...new Set(ours)]),
      ...named('takes the images', images, images.length),
      ...named('brings what runs by itself:', brought.filter(runsByItself), brought.length),
    ],
    touches: [...brought, ...ours],
  };
};

/** All of it, in the order in which a reader wants it. A lock pins a pack, which is not yet a word for it. */
export const itemsOf = (team: Team, lock: Lock, digests: Digests = {}): readonly Item[] => [
  ...team.packs.map((pack) => ofPack(pack, team, lock)),
  ...ofTemplates(team),
  ...ofImages(team),
  ...ofDigests(digests),
];
