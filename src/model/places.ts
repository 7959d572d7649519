import { readEnv } from '../base/envFile.ts';
import { isMap, isThere, plainText } from '../base/files.ts';

/**
 * Where a file of ours is when the project has one of its own in its place, by its usual place; null: nowhere, as theirs does.
 * Decided once, then kept in the lock: a later run finds our own file under that name and must not move it again.
 */
export type Places = Readonly<Record<string, string | null>>;

type Row = {
  readonly usual: string;
  /** Ours under another name, which every file of ours then uses; omitted: the deployment works without ours. */
  readonly other?: (number: string) => string;
  /** Files that count as one in its place: tools take them before ours, or ours before them. */
  readonly sameAs: readonly string[];
};

const row = (usual: string, other: Row['other'], ...sameAs: readonly string[]): Row => ({
  usual,
  ...(other === undefined ? {} : { other }),
  sameAs,
});

/** THE table of files that can stand aside. All others the deployment reads at their very place. */
const rows: readonly Row[] = [
  // BuildKit takes this ignore file before .dockerignore: https://docs.docker.com/build/concepts/context/#filename-and-location
  row('Dockerfile', (number) => `Dockerfile.comicpile${number}`, 'Dockerfile.dockerignore'),
  // The names that Compose looks for, and merges: https://docs.docker.com/compose/intro/compose-application-model/
  row(
    'docker-compose.yml',
    (number) => `docker-compose.comicpile${number}.yml`,
    'compose.yaml',
    'compose.yml',
    'docker-compose.yaml',
    'compose.override.yaml',
    'compose.override.yml',
    'docker-compose.override.yaml',
    'docker-compose.override.yml',
  ),
  row('docker-compose.prod.yml', (number) => `docker-compose.comicpile-prod${number}.yml`),
  // Git ignores `.env.*`.
  row('.env.example', (number) => `comicpile${number}.env.example`),
  // GitHub shows the one of the root before that of docs/.
  row('SECURITY.md', (number) => `SECURITY.comicpile${number}.md`, 'docs/SECURITY.md'),
  row('.github/dependabot.yml', undefined, '.github/dependabot.yaml'),
  // GitHub runs every file of this folder, so both run.
  row('.github/workflows/security.yml', (number) => `.github/workflows/comicpile-security${number}.yml`),
  row('ssl/.gitkeep', undefined),
];

/** The first name of these that nothing in the project has: '', '-2', '-3', … */
export const freeName = (directory: string, nameOf: (number: string) => string): string => {
  for (let number = 1; ; number += 1) {
    const name = nameOf(number === 1 ? '' : `-${number}`);
    if (!isThere(directory, name)) return name;
  }
};

/** Whether a file of ours can stand aside for one of the project's own. */
export const canStandAside = (to: string): boolean => rows.some(({ usual }) => usual === to);

/** What is wrong with places that were read from a file: they are printed into scripts, so only names of ours will do. */
export const wrongPlaces = (places: Places): readonly string[] => {
  if (!isMap(places)) return ['places: is no map'];
  return Object.entries(places).flatMap(([usual, to]) => {
    const found = rows.find((each) => each.usual === usual);
    if (found === undefined) return [`places: ${JSON.stringify(usual)} is no file that can have another name`];
    const number = typeof to === 'string' ? (/-[1-9][0-9]*(?=\.|$)/.exec(to)?.[0] ?? '') : '';
    if (to === null ? found.other === undefined : [found.other?.(''), found.other?.(number)].includes(to)) return [];
    return [`places: ${usual} cannot be at ${JSON.stringify(to)}, but for example at ${found.other?.('') ?? 'null'}`];
  });
};

/** Where ours goes when theirs stays: another name, or null. Only for one that can stand aside. */
export const placeBeside = (directory: string, to: string): string | null => {
  const other = rows.find(({ usual }) => usual === to)?.other;
  return other === undefined ? null : freeName(directory, other);
};

// COMPOSE_FILE in the project's .env: what `docker compose` without -f takes.
const isNamedInEnv = (directory: string, usual: string): boolean =>
  usual === 'docker-compose.yml' &&
  // A folder of that name is a virtual environment.
  readEnv(plainText(directory, '.env')).has('COMPOSE_FILE');

/**
 * The places of this run: those that are decided, and those that follow from names in use that no file of ours would stand in
 * the way of, but be hidden by, or hide. What we have written before stays where it is.
 */
export const placesIn = (
  directory: string,
  { places, files }: { readonly places: Places; readonly files: Readonly<Record<string, string>> },
): Places => {
  const inUse = rows.filter(
    ({ usual, sameAs }) =>
      !(usual in places || usual in files) &&
      (sameAs.some((path) => isThere(directory, path)) || isNamedInEnv(directory, usual)),
  );
  return { ...places, ...Object.fromEntries(inUse.map(({ usual }) => [usual, placeBeside(directory, usual)])) };
};

const keys = {
  dockerfile: 'Dockerfile',
  development: 'docker-compose.yml',
  production: 'docker-compose.prod.yml',
  envExample: '.env.example',
  security: 'SECURITY.md',
  workflow: '.github/workflows/security.yml',
} as const;
type Key = keyof typeof keys;

/** The files that can have another name, by what templates call them. */
export const nameable: readonly { readonly key: Key; readonly usual: string; readonly other: string }[] = (
  Object.entries(keys) as [Key, string][]
).map(([key, usual]) => ({ key, usual, other: rows.find((each) => each.usual === usual)?.other?.('') ?? usual }));

/** Their names in this project. */
export const namesOf = (places: Places) => {
  const names = Object.fromEntries(
    Object.entries(keys).map(([key, usual]) => [key, places[usual] ?? usual]),
  ) as Readonly<Record<Key, string>>;
  const { dockerfile, development } = names;
  const movesDockerfile = dockerfile !== keys.dockerfile;
  return {
    ...names,
    movesDockerfile,
    /** Of `docker build`. */
    buildOption: movesDockerfile ? ` --file ${dockerfile}` : '',
    inDevelopment: development === keys.development ? 'docker compose' : `docker compose -f ${development}`,
  };
};

/** What the user has to know of the places that are new. */
export const newPlaces = (places: Places, former: Places): readonly string[] =>
  Object.entries(places)
    .filter(([usual]) => !(usual in former))
    .map(([usual, to]) =>
      to === null
        ? `Yours does for ${usual}: ours is not written.`
        : `The name ${usual} is yours: ours is ${to}, and all that we write uses it.`,
    );
