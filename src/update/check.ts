import { isManaged, modeOf } from '../artifacts.ts';
import type { Door } from '../door.ts';
import { readDigests } from '../images/digests.ts';
import { digest, isPinned, type Lock } from '../lock.ts';
import type { Team } from '../packs/team.ts';
import { inspectAll } from '../plan.ts';
import type { RenderedFile } from '../render.ts';
import { renderAsStored } from '../rendered.ts';
import { isBehind, overridesIn } from '../templates/overrides.ts';
import { projectTemplates } from '../templates/sources.ts';
import { wasInterrupted } from '../write.ts';
import { readBase } from './base.ts';
import { followed, ignored } from './git.ts';
import { hasMarkers, toLf } from './merge3.ts';
import { lockOf } from './update.ts';

/** Every way in which a project may differ from what we emit, and what to do about it. */
export const findingKinds = {
  interrupted: 'a run was killed in the middle: the next one that writes finishes it',
  conflict: 'has conflict markers: decide each',
  missing: 'was deleted: comicpile update --restore brings it back',
  edited: 'was edited: comicpile diff shows how',
  outdated: 'is not what this version and these answers give: comicpile update',
  mode: 'is a script that does not run: chmod +x',
  base: 'its merge base is gone or was changed: restore .comicpile/ from git, or comicpile update',
  override: 'a template of your own whose origin has changed, or is gone: comicpile templates list',
  pack: 'is not the pack that the lock names, or is not in the lock: comicpile update',
  image: 'has no digest, which others have: comicpile images update',
  secret: 'is followed by git, and holds secrets: git rm --cached, then rotate them',
} as const;
export type FindingKind = keyof typeof findingKinds;
export type Finding = { readonly path: string; readonly kind: FindingKind };

/** What there is to find in the project; reads only. */
export const findingsOf = (
  directory: string,
  files: readonly RenderedFile[],
  lock: Lock,
  team: Team,
  unpinned: readonly string[] = [],
): readonly Finding[] => {
  const own = files.filter(({ artifact: { kind } }) => isManaged(kind));
  const ofUser = ignored(directory, [...own.map(({ artifact }) => artifact.to), ...Object.keys(lock.files)]);
  const managed = own.filter(({ artifact }) => !ofUser.has(artifact.to));
  const ours = new Set(managed.map(({ artifact }) => artifact.to));
  const gone = Object.keys(lock.files).filter((path) => !ours.has(path) && !ofUser.has(path));
  const disk = inspectAll(directory, [...ours]);
  const kindsOf = ({ artifact, text }: RenderedFile): FindingKind[] => {
    const { to } = artifact;
    const found = disk.get(to);
    const locked = lock.files[to];
    if (locked === undefined) return ['outdated'];
    const kinds: FindingKind[] = [];
    const isOutdated = locked !== digest(text);
    if (found === undefined) kinds.push('missing');
    else {
      const content = toLf(found.text);
      if (hasMarkers(content)) kinds.push('conflict');
      else if (digest(content) !== locked && (!isOutdated || content !== text)) kinds.push('edited');
      if ((modeOf(artifact) & ~found.mode & 0o100) !== 0) kinds.push('mode');
    }
    if (isOutdated) kinds.push('outdated');
    // What was deleted needs none.
    if (found !== undefined && readBase(directory, to, lock) === undefined) kinds.push('base');
    return kinds;
  };
  const secrets = files.filter(({ artifact: { kind } }) => kind === 'secret').map(({ artifact }) => artifact.to);
  return [
    ...(wasInterrupted(directory) ? [{ path: '.', kind: 'interrupted' } as const] : []),
    ...managed.flatMap((file) => kindsOf(file).map((kind) => ({ path: file.artifact.to, kind }))),
    ...gone.map((path) => ({ path, kind: 'outdated' }) as const),
    ...overridesIn(team)
      .filter((override) => isBehind(override, lock.templates))
      .map(({ template }) => ({ path: `${projectTemplates}/${template.path}`, kind: 'override' }) as const),
    ...team.packs.filter((pack) => !isPinned(lock, pack)).map(({ name }) => ({ path: name, kind: 'pack' }) as const),
    ...Object.keys(lock.packs)
      .filter((name) => !team.packs.some((pack) => pack.name === name))
      .map((name) => ({ path: name, kind: 'pack' }) as const),
    ...unpinned.map((path) => ({ path, kind: 'image' }) as const),
    ...followed(directory, secrets).map((path) => ({ path, kind: 'secret' }) as const),
  ];
};

export type CheckRequest = {
  readonly directory: string;
  readonly format: 'text' | 'json' | 'sarif';
  readonly allow: readonly FindingKind[];
  readonly trust: boolean;
};

/** Says whether the project is what we emit. Returns the exit code: 0 it is, 1 it is not; a refusal throws. */
export const check = async (door: Door, { directory, format, allow, trust }: CheckRequest): Promise<number> => {
  const lock = lockOf(directory, door);
  const { files, images, team } = await renderAsStored(door, directory, trust);
  const digests = readDigests(directory);
  // A project that pins by tags does so on purpose.
  const unpinned =
    Object.keys(digests).length === 0 ? [] : images.filter((ref) => !(ref.includes('@') || ref in digests));
  const findings = findingsOf(directory, files, lock, team, unpinned).filter(({ kind }) => !allow.includes(kind));
  if (format === 'json') door.say(JSON.stringify({ generator: lock.generator, findings }, null, 2));
  else if (format === 'sarif') door.say((await import('./sarif.ts')).sarifOf(findings));
  else {
    for (const { path, kind } of findings) door.say(`${kind.padEnd(12)} ${path}: ${findingKinds[kind]}`);
    if (findings.length === 0) door.say(`${Object.keys(lock.files).length} files are as ${lock.generator} wrote them`);
  }
  return findings.length > 0 ? 1 : 0;
};
