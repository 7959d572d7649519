import { isThere } from '../base/files.ts';
import { type Artifact, artifacts, templateOf } from '../emit/catalogue.ts';
import type { Stack } from '../model/stack.ts';
import { isPlaceForPacks } from './destination.ts';
import type { PackArtifact } from './manifest.ts';
import type { Pack } from './pack.ts';

const flagAt = (stack: Stack, path: string): boolean => {
  const value = path
    .split('.')
    .reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined), stack);
  if (typeof value !== 'boolean') throw new Error(`"when": ${path} is no flag of the model`);
  return value;
};

const rowOf = ({ to, owner, kind, when }: PackArtifact): Artifact => ({
  owner,
  to,
  ...(kind === undefined ? {} : { kind }),
  ...(when === undefined ? {} : { when: (stack: Stack) => flagAt(stack, when) }),
});

// `a/b/c.md` → `a`, `a/b`
const foldersOf = (to: string): readonly string[] =>
  to
    .split('/')
    .slice(0, -1)
    .map((_, index, parts) => parts.slice(0, index + 1).join('/'));

/** The catalogue with the rows of packs after ours; what is wrong with one is said. */
export const catalogueOf = (
  packs: readonly Pack[],
  say: (pack: Pack, problem: string) => void,
): readonly Artifact[] => {
  // By names in lower case: on macOS and Windows two names that differ in that alone are one file.
  const taken = new Map(artifacts.map(({ to }) => [to.toLowerCase(), 'this generator']));
  // Each folder with the first file that lies in it.
  const folders = new Map<string, string>();
  const note = (to: string) => {
    for (const folder of foldersOf(to.toLowerCase())) if (!folders.has(folder)) folders.set(folder, to);
  };
  for (const { to } of artifacts) note(to);
  const more = packs.flatMap((pack) =>
    (pack.manifest.artifacts ?? []).map((artifact) => {
      const { to } = artifact;
      const row = rowOf(artifact);
      if (!isPlaceForPacks(to)) {
        say(pack, `artifacts: ${to} is no place for a file of a pack, take for example docs/runbook.md`);
      }
      const lower = to.toLowerCase();
      const owner = taken.get(lower);
      if (owner !== undefined) {
        say(pack, `artifacts: ${to} is a file of ${owner}; a template of that path replaces it, without a row here`);
      }
      const clash = folders.get(lower) ?? foldersOf(lower).find((folder) => taken.has(folder));
      if (clash !== undefined) say(pack, `artifacts: ${to} and ${clash} cannot both be: one is a folder of the other`);
      taken.set(lower, pack.name);
      note(to);
      if (!isThere(pack.root, `templates/${templateOf(row)}`)) {
        say(pack, `artifacts: ${to} has no templates/${templateOf(row)}`);
      }
      return row;
    }),
  );
  return [...artifacts, ...more];
};
