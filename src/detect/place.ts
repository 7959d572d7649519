import { homedir, userInfo } from 'node:os';
import { dirname } from 'node:path';
import { isRoot, ownerOf } from '../base/disk/owner.ts';
import { entriesOf, isFolder, realRoot } from '../base/disk/walk.ts';
import { plainText } from '../base/files.ts';
import { holdsApplication } from './holdsApplication.ts';

/** THE table of what a project in another language has at its top. */
const languages: readonly (readonly [file: RegExp, language: string])[] = [
  [/^package\.json$/, 'JavaScript'],
  [/^deno\.jsonc?$/, 'JavaScript'],
  [/^go\.mod$/, 'Go'],
  [/^Cargo\.toml$/, 'Rust'],
  [/^(?:pom\.xml|(?:build|settings)\.gradle(?:\.kts)?)$/, 'Java or Kotlin'],
  [/^Gemfile$/, 'Ruby'],
  [/^composer\.json$/, 'PHP'],
  [/^mix\.exs$/, 'Elixir'],
  [/\.(?:sln|slnx|csproj|fsproj)$/, '.NET'],
  [/^Package\.swift$/, 'Swift'],
  [/^pubspec\.yaml$/, 'Dart'],
  [/^(?:stack\.yaml|.*\.cabal)$/, 'Haskell'],
  [/^build\.sbt$/, 'Scala'],
];

// https://refspecs.linuxfoundation.org/FHS_3.0/fhs-3.0.html, and what macOS has: the folders themselves, and those in which the
// system's own programs and settings are.
const ofSystem =
  /^\/(?:(?:Applications|Library|Users|Volumes|home|media|mnt|opt|private|root|srv|tmp|usr\/(?:local|src)|var(?:\/tmp)?)$|(?:System|bin|boot|dev|etc|lib\w*|proc|run|sbin|sys|usr(?!\/(?:local|src)\/))(?:\/|$))/;

const homes = (): readonly string[] => {
  try {
    return [homedir(), userInfo().homedir];
  } catch {
    // A container runs under a number that has no name.
    return [homedir()];
  }
};

const placeOf = (directory: string): string | undefined => {
  if (dirname(directory) === directory) return 'is the root of the file system';
  if (homes().includes(directory)) return 'is your home folder';
  if (/^\/(?:home|Users)$/.test(dirname(directory))) return 'is a home folder';
  return ofSystem.test(directory) ? 'is a folder of the system' : undefined;
};

// Windows has neither.
const rootsOf = (directory: string): string | undefined =>
  process.geteuid !== undefined && !isRoot() && ownerOf({ place: directory }).uid === 0
    ? 'belongs to root, and you are somebody else'
    : undefined;

// `npm install --save-dev` of a pack writes one into an empty folder.
const ofTools = ['devDependencies', 'engines', 'overrides', 'packageManager', 'private'];
const isOfTools = (directory: string): boolean => {
  try {
    const content = JSON.parse(plainText(directory, 'package.json')) as object;
    return Object.keys(content).every((key) => ofTools.includes(key));
  } catch {
    return false;
  }
};

const languageOf = (directory: string): string | undefined => {
  const names = (entriesOf(directory) ?? []).map(({ name }) => name);
  for (const [file, language] of languages) {
    const found = names.find((name) => file.test(name));
    if (found === undefined || (found === 'package.json' && isOfTools(directory))) continue;
    return holdsApplication(directory) ? undefined : `has ${found}, so it is a project in ${language}, and no Python`;
  }
  return undefined;
};

/**
 * Why a folder looks like no place for a deployment of a Python app, each as what it is or has; a new folder has no reason. `hasApp`:
 * somebody has said that an app is in it, and detection looks for that.
 */
export const doubtsOf = (directory: string, hasApp = false): readonly string[] => {
  if (!isFolder(directory)) return [];
  const real = realRoot(directory);
  const place = placeOf(real);
  // What a home folder happens to have in it says nothing more.
  return [place ?? [(hasApp ? undefined : languageOf(real)) ?? [], rootsOf(real) ?? []].flat()].flat();
};
