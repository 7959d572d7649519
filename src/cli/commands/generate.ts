import type { Door } from '../../base/door.ts';
import { readEnv } from '../../base/envFile.ts';
import { plainText } from '../../base/files.ts';
import { Refusal } from '../../base/refusal.ts';
import { bold, yellow } from '../../base/terminal.ts';
import { agree, type Planned } from '../../changes/agree.ts';
import { inFolders } from '../../changes/byFolder.ts';
import { alters, type Change } from '../../changes/change.ts';
import { decide, decidedByFlags, type Treatment } from '../../changes/conflicts.ts';
import { type Lock, readLock } from '../../changes/lock.ts';
import { hasMarkers } from '../../changes/merge3.ts';
import { notesAfter } from '../../changes/notes.ts';
import { mergedWith, planUpdate } from '../../changes/planUpdate.ts';
import { renames } from '../../changes/renames.ts';
import { diffOf, shorten, summarize } from '../../changes/report.ts';
import { storeAnswers } from '../../changes/storeAnswers.ts';
import { resume, wasInterrupted } from '../../changes/write.ts';
import { writeMerged } from '../../changes/writeMerged.ts';
import type { Owner } from '../../emit/catalogue.ts';
import { existingSecrets } from '../../model/existingSecrets.ts';
import { newPlaces, type Places } from '../../model/places.ts';
import { type Existing, heldSecrets } from '../../model/secrets.ts';
import type { Stack } from '../../model/stack.ts';
import { mend, weakSecrets } from '../../model/weakness.ts';
import type { Digests } from '../../policy/digests.ts';
import { pinsOf } from '../../team/pins.ts';
import { type AnswerSources, type Gathered, gather, renderFor } from '../pipeline.ts';
import { lockDependencies, startStack } from './engine.ts';
import { firstDigests } from './firstDigests.ts';
import { storeDigests } from './imageDigests.ts';
import { chosenBy } from './named.ts';
import { nextSteps } from './nextSteps.ts';
import { agreeToPlace } from './place.ts';
import { problemsOfVersion, refuseUnresolved } from './ready.ts';
import { tellDirty, tellMerges, tellNames, tellTracked } from './tell.ts';

/** One run, as both doors ask for it. */
export type Request = Omit<AnswerSources, 'writes'> & {
  /** Omitted: all owners. */
  readonly owner?: Owner | undefined;
  /** Some files alone, as the user has named them from `from`. */
  readonly paths?: readonly string[];
  readonly from?: string;
  readonly verbose?: boolean;
  readonly force: boolean;
  readonly existing?: Treatment | undefined;
  readonly dryRun: boolean;
  readonly diff: boolean;
  readonly allowPlace?: boolean;
  readonly skipInstall: boolean;
  readonly up: boolean;
};

const planRequest = async (
  door: Door,
  { directory, owner, paths, from = '', force }: Request,
  gathered: Gathered,
  existing: Existing,
  lock: Lock,
  digests: Digests | undefined,
  places: Places,
): Promise<Planned> => {
  const wanted = paths === undefined ? owner : chosenBy(door, paths, from);
  const { stack, files } = await renderFor(directory, wanted, gathered, existing, {
    places,
    ...(digests === undefined ? {} : { digests }),
  });
  if (files.length === 0) {
    const why =
      owner === 'monitoring'
        ? 'monitoring is off; other files have a part of it too, so turn it on for all: --monitoring on without an owner'
        : `${owner} has no files for an app that exists`;
    throw new Refusal(`${why} (nothing was written).`, [], 1);
  }
  // The answers come first: the same command finishes a run that was killed.
  const stored = storeAnswers(directory, gathered.raw, Object.keys(gathered.team.questions));
  const kept = digests === undefined ? [] : [storeDigests(directory, digests)];
  const planned = planUpdate(directory, files, lock, {
    generates: true,
    restore: true,
    isPart: wanted !== undefined,
    // Ours anew: what was edited under its former name stays there.
    renames: force ? [] : [...renames, ...gathered.team.renames],
  });
  return { stack, places, changes: [stored, ...kept, ...planned] };
};

// Of a file that is forced nothing is left to decide.
const unresolvedIn = (changes: readonly Change[]): readonly string[] =>
  changes
    .filter(({ action, base, isForeign }) => base !== undefined && !isForeign && action !== 'overwrite')
    .filter(({ before }) => hasMarkers(before))
    .map(({ to }) => to);

const preview = async (door: Door, directory: string, changes: readonly Change[], diff: boolean): Promise<number> => {
  const changing = changes.filter(alters);
  if (wasInterrupted(directory))
    door.say(yellow('An earlier run was interrupted; the next one that writes finishes it first.'));
  if (diff) for (const change of changing.filter(({ kind }) => kind !== 'base')) door.say(await diffOf(change));
  else door.say(summarize(changes).join('\n'));
  if (changing.length > 0) door.say(inFolders(changes).join('\n'));
  return changing.length > 0 ? 1 : 0;
};

const warn = (
  door: Door,
  { directory, owner, paths }: Request,
  { delivery, secretNames, site, names }: Stack,
  existing: Existing,
  { stored, raw }: Gathered,
  moved: boolean,
): void => {
  const held = heldSecrets(
    existing,
    secretNames.map(({ env }) => env),
    delivery,
  );
  for (const weak of weakSecrets(held, plainText(directory, names.development))) {
    door.say(yellow(`${weak.name} in this project ${weak.reason}. Mend it: ${mend(weak)}`));
  }
  const env = readEnv(existing.env);
  const unread = delivery.files ? secretNames.filter((secret) => env.has(secret.env)).map((secret) => secret.env) : [];
  if (unread.length > 0) {
    const what = `${unread.join(', ')} in .env.production ${unread.length === 1 ? 'is' : 'are'} not read any more`;
    door.say(yellow(`${what}: secrets/ has the values. Delete these lines; nobody else does.`));
  }
  const served = env.get('DOMAIN') ?? site.domain;
  if (served !== site.domain) {
    door.say(
      yellow(`DOMAIN in .env.production is still ${served}: its lines are yours, so change it to ${site.domain}.`),
    );
  }
  const changed = moved || Object.entries(raw).some(([key, value]) => key in stored && stored[key] !== value);
  if ((owner ?? paths) !== undefined && changed) {
    door.say(
      yellow(
        `${moved ? 'Names' : 'The answers'} changed, and other files depend on them: run \`${door.run()}\` for the rest.`,
      ),
    );
  }
};

/** The user's word for what is written, where somebody is there to give it. */
const confirm = async (door: Door, { directory, yes }: Request): Promise<void> => {
  if (yes || !door.interactive) return;
  const message = `Write this to ${directory}?`;
  const { write: isMeant } = await door.prompt([{ type: 'confirm', name: 'write', message, default: true }]);
  if (isMeant !== true) throw new Refusal('Nothing was written.', [], 1);
};

/** The lock of the project, if it is one that this run may merge into; what an interrupted run has left is finished. */
const begin = async (door: Door, request: Request): Promise<Lock> => {
  const { directory, dryRun, diff } = request;
  const lock = readLock(directory);
  const problems = problemsOfVersion(lock);
  if (problems.length > 0) throw new Refusal('This project cannot be generated (nothing was written):', problems);
  await agreeToPlace(door, request, lock);
  if (dryRun || diff) return lock;
  resume(directory, (line) => door.say(yellow(line)));
  return readLock(directory);
};

/**
 * The whole job behind either door: gather → parse → stack → render → verify → plan → write. Returns the exit code: 0 done or nothing
 * to do, 1 conflicts are left, something would change (--dry-run, --diff) or the stack did not start; a refusal throws.
 */
export const generate = async (door: Door, request: Request): Promise<number> => {
  const { directory, owner, paths, dryRun, diff, force, skipInstall, verbose = false } = request;
  const isPreview = dryRun || diff;
  const lock = await begin(door, request);
  const gathered = await gather(door, { ...request, writes: !isPreview });
  const { packs } = gathered.team;
  const existing = existingSecrets(directory);
  const isNew = Object.keys(lock.files).length === 0 && owner === undefined && paths === undefined;
  const digests = isNew && !isPreview && !skipInstall ? await firstDigests(door, directory, gathered) : undefined;
  const settling = { directory, force, existing: request.existing, mergedWith: mergedWith(directory) };
  const planned = await agree(
    (places) => planRequest(door, request, gathered, existing, lock, digests, places),
    // A preview asks nothing: what is open is shown as a conflict.
    (changes, former) => (isPreview ? decidedByFlags(changes, settling) : decide(door, changes, settling, former)),
    settling,
    lock,
  );
  const { stack, places, changes: settled } = planned;
  refuseUnresolved(unresolvedIn(settled));
  const notes = notesAfter(directory, settled, pinsOf(packs), places);
  if (isPreview) {
    tellNames(door, lock, places, settled);
    return preview(door, directory, [...settled, ...notes], diff);
  }
  const agreed = [...settled.filter(({ action }) => action !== 'conflict'), ...notes];
  const altering = agreed.filter(alters);
  door.say(bold(altering.length > 0 ? 'Files' : 'Nothing to change'));
  door.say([...(verbose ? summarize : shorten)(agreed), ...inFolders(agreed)].join('\n'));
  tellNames(door, lock, places, settled);
  if (Object.keys(lock.files).length === 0) tellDirty(door, directory, altering);
  if (altering.length > 0) await confirm(door, request);
  writeMerged(directory, altering, lock);
  tellTracked(door, directory);
  warn(door, request, stack, existing, gathered, newPlaces(places, lock.places).length > 0);

  const isNewApp = altering.some(({ to, action }) => to === 'pyproject.toml' && action === 'create');
  if (isNewApp && !skipInstall) await lockDependencies(door, directory);
  if (owner === undefined && paths === undefined && altering.length > 0)
    door.say(nextSteps(directory, stack).join('\n'));
  tellMerges(door, settled);
  if (settled.some(({ action }) => action === 'mark' || action === 'conflict')) return 1;
  return request.up ? startStack(door, directory) : 0;
};
