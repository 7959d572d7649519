import { digest } from '../../base/digest.ts';
import type { Door } from '../../base/door.ts';
import { followed } from '../../base/git.ts';
import { printable } from '../../base/printable.ts';
import { misuse } from '../../base/refusal.ts';
import { didYouMean } from '../../base/similar.ts';
import { isEdited, isSame } from '../../changes/edited.ts';
import { ignored } from '../../changes/git.ts';
import { isPinned, type Lock } from '../../changes/lock.ts';
import { hasMarkers } from '../../changes/merge3.ts';
import { readBase } from '../../changes/mergeBase.ts';
import { inspectAll } from '../../changes/plan.ts';
import { wasInterrupted } from '../../changes/write.ts';
import { isManaged, modeOf } from '../../emit/catalogue.ts';
import type { RenderedFile } from '../../emit/renderedFile.ts';
import { projectTemplates } from '../../emit/sources.ts';
import { readDigests } from '../../policy/digests.ts';
import { isBehind, overridesIn } from '../../team/overrides.ts';
import type { Team } from '../../team/team.ts';
import { renderAsStored } from '../pipeline.ts';
import type { Request } from '../request.ts';
import { type Finding, type FindingKind, findingKindNames, findingKinds, isFindingKind } from './findings.ts';
import { lockOf } from './update.ts';

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
      if (hasMarkers(found.text)) kinds.push('conflict');
      else if (isEdited(found.text, locked) && !(isOutdated && isSame(found.text, text))) kinds.push('edited');
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

export type CheckRequest = Pick<Request, 'directory' | 'json' | 'sarif' | 'allow'>;

/** The findings that `--allow edited,missing` lets pass. */
const allowed = (text: string | undefined): readonly FindingKind[] => {
  const words = text === undefined ? [] : text.split(',').map((word) => word.trim());
  const unknown = words.filter((word) => !isFindingKind(word));
  if (unknown.length === 0) return words.filter(isFindingKind);
  const problems = unknown.map((word) => {
    const meant = didYouMean(word, findingKindNames) || ` They are ${findingKindNames.join(', ')}.`;
    return `--allow: there is no finding ${JSON.stringify(word)}.${meant}`;
  });
  throw misuse(problems);
};

/** Says whether the project is what we emit. Returns the exit code: 0 it is, 1 it is not; a refusal throws. */
export const check = async (door: Door, request: CheckRequest): Promise<number> => {
  const { directory, json, sarif } = request;
  if (json && sarif) throw misuse(['--json and --sarif: one format a run.']);
  const allow = allowed(request.allow);
  const lock = lockOf(directory, door);
  const { files, images, team } = await renderAsStored(door, directory);
  const digests = readDigests(directory);
  // A project that pins by tags does so on purpose.
  const unpinned =
    Object.keys(digests).length === 0 ? [] : images.filter((ref) => !(ref.includes('@') || ref in digests));
  const findings = findingsOf(directory, files, lock, team, unpinned).filter(({ kind }) => !allow.includes(kind));
  if (json) door.say(JSON.stringify({ generator: lock.generator, findings }, null, 2));
  else if (sarif) door.say((await import('./sarif.ts')).sarifOf(findings, door.run));
  else {
    for (const { path, kind } of findings)
      door.say(`${kind.padEnd(12)} ${printable(path)}: ${findingKinds[kind](door.run)}`);
    if (findings.length === 0) door.say(`${Object.keys(lock.files).length} files are as ${lock.generator} wrote them`);
  }
  return findings.length > 0 ? 1 : 0;
};
