import { storedEntry } from '../../answers/stored.ts';
import type { Door } from '../../base/door.ts';
import { readText } from '../../base/files.ts';
import { uncommitted } from '../../base/git.ts';
import { Refusal } from '../../base/refusal.ts';
import { bold, yellow } from '../../base/terminal.ts';
import { version } from '../../base/version.ts';
import { inFolders } from '../../changes/byFolder.ts';
import { alters, type Change } from '../../changes/change.ts';
import { ignored } from '../../changes/git.ts';
import { type Lock, readLock } from '../../changes/lock.ts';
import { hasMarkers } from '../../changes/merge3.ts';
import { notesAfter } from '../../changes/notes.ts';
import { planUpdate } from '../../changes/planUpdate.ts';
import { renames } from '../../changes/renames.ts';
import { diffOf, shorten, summarize } from '../../changes/report.ts';
import { storeAnswers } from '../../changes/storeAnswers.ts';
import { resume, wasInterrupted } from '../../changes/write.ts';
import { writeMerged } from '../../changes/writeMerged.ts';
import { existingSecrets } from '../../model/existingSecrets.ts';
import type { Digests } from '../../policy/digests.ts';
import { pinsOf } from '../../team/pins.ts';
import { type AnswerSources, type Gathered, gather, renderFor } from '../pipeline.ts';
import { changesBetween } from './changelog.ts';
import { problemsOfVersion, refuseUnresolved } from './ready.ts';
import { tellMerges } from './tell.ts';

export type UpdateRequest = Omit<AnswerSources, 'writes'> & {
  readonly dryRun: boolean;
  readonly allowDirty: boolean;
  readonly restore: boolean;
  readonly verbose?: boolean;
};

/** The lock of a project that we have generated; refuses where there is none, or a newer one. */
export const lockOf = (directory: string, door: Door): Lock => {
  const lock = readLock(directory);
  const problems: string[] = [];
  if (Object.keys(storedEntry(directory)).length === 0) problems.push('there are no answers of ours in .yo-rc.json');
  if (Object.keys(lock.files).length === 0) {
    problems.push(`there is no .comicpile/lock.json that names files: \`${door.run()}\` generates them`);
  }
  problems.push(...problemsOfVersion(lock));
  if (problems.length > 0) throw new Refusal('This project cannot be updated (nothing was written):', problems);
  return lock;
};

export const refuseUnready = (
  { directory, allowDirty }: Pick<UpdateRequest, 'directory' | 'allowDirty'>,
  lock: Lock,
): void => {
  refuseUnresolved(Object.keys(lock.files).filter((to) => hasMarkers(readText(directory, to))));
  const dirty = allowDirty ? [] : (uncommitted(directory) ?? []);
  if (dirty.length > 0) {
    throw new Refusal('These files are not committed, so an update could not be undone (nothing was written):', [
      ...dirty,
      'commit or stash them; or give --allow-dirty',
    ]);
  }
};

/** Finishes what an earlier run was interrupted in (--dry-run: says so); the lock of the project. */
export const begin = (door: Door, { directory, dryRun }: UpdateRequest): Lock => {
  if (!dryRun) resume(directory, (line) => door.say(yellow(line)));
  else if (wasInterrupted(directory)) {
    door.say(yellow('An earlier run was interrupted; the next one that writes finishes it first.'));
  }
  return lockOf(directory, door);
};

/**
 * Brings a generated project to this version: every file of ours is merged from what is on disk, what we wrote last and what
 * we write now. Returns the exit code: 0 done, 1 conflicts are left (--dry-run: something would change); a refusal throws.
 */
export const update = async (door: Door, request: UpdateRequest): Promise<number> => {
  const { dryRun } = request;
  const lock = begin(door, request);
  refuseUnready(request, lock);
  const gathered = await gather(door, { ...request, writes: !dryRun });
  const news = changesBetween(lock.generator, version());
  if (news !== '') door.say(news);
  return bring(door, request, lock, gathered, { title: `Updated from ${lock.generator} to ${version()}` });
};

/** What a run brings beside the files as they are rendered. */
type Brought = {
  readonly title: string;
  readonly digests?: Digests;
  /** Notes of its own. */
  readonly notes?: readonly Change[];
  readonly settle?: (text: string) => string;
};

/** Renders, merges and writes (--dry-run: says). Returns the exit code. */
export const bring = async (
  door: Door,
  { directory, dryRun, restore, verbose = false }: UpdateRequest,
  lock: Lock,
  gathered: Gathered,
  { title, digests, notes = [], settle }: Brought,
): Promise<number> => {
  const { raw, team } = gathered;
  const { files } = await renderFor(
    directory,
    undefined,
    gathered,
    existingSecrets(directory),
    digests === undefined ? {} : { digests },
  );
  const changes = [
    storeAnswers(directory, raw, Object.keys(team.questions)),
    ...notes,
    ...planUpdate(directory, files, lock, {
      restore,
      ...(settle === undefined ? {} : { settle }),
      renames: [...renames, ...team.renames],
      ignored: ignored(directory, [...Object.keys(lock.files), ...files.map(({ artifact: { to } }) => to)]),
    }),
  ];
  const settled = changes.filter(({ action }) => action !== 'conflict');
  const altering = [...settled, ...notesAfter(directory, settled, pinsOf(team.packs))].filter(alters);
  if (dryRun) {
    for (const change of altering.filter(({ kind }) => kind !== 'base')) door.say(await diffOf(change));
    if (altering.length > 0) door.say(inFolders(altering).join('\n'));
    tellMerges(door, changes);
    return altering.length > 0 ? 1 : 0;
  }
  writeMerged(directory, altering, lock);
  door.say(bold(altering.length > 0 ? title : 'Nothing to update'));
  const told = [...new Set([...settled, ...altering.filter(({ kind }) => kind === 'state')])];
  door.say([...(verbose ? summarize : shorten)(told), ...inFolders(told)].join('\n'));
  tellMerges(door, changes);
  return changes.some(({ action }) => action === 'mark' || action === 'conflict') ? 1 : 0;
};
