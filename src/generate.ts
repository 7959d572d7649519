import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseAnswers } from './answers.ts';
import { type Artifact, artifacts, type Owner } from './artifacts.ts';
import { ask } from './ask.ts';
import { settleConflicts } from './conflicts.ts';
import type { Door } from './door.ts';
import { readEnv } from './envFile.ts';
import { fromEnvironment, type Given, merge } from './gather.ts';
import { lockAfter, readLock } from './lock.ts';
import { nextSteps } from './nextSteps.ts';
import { alters, type Change, plan } from './plan.ts';
import { detectProject } from './project/detect.ts';
import { readText } from './projectFile.ts';
import type { RawAnswers } from './questions.ts';
import { Refusal } from './refusal.ts';
import { render } from './render.ts';
import { diffOf, summarize } from './report.ts';
import { type Existing, heldSecrets, keepOrDraw, keepPrevious } from './secrets.ts';
import { buildStack, type Stack } from './stack.ts';
import { existingSecrets, storeAnswers, storedAnswers } from './state.ts';
import { bold, yellow } from './terminal.ts';
import { verify } from './verify.ts';
import { mend, weakSecrets } from './weakness.ts';
import { write } from './write.ts';

/** One run, as both doors ask for it. */
export type Request = {
  readonly directory: string;
  /** Omitted: all owners. */
  readonly owner?: Owner | undefined;
  readonly flags: Given;
  readonly answers?: string | undefined;
  readonly yes: boolean;
  readonly askAnswered: boolean;
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly diff: boolean;
  readonly skipInstall: boolean;
  readonly up: boolean;
};

const gather = async (
  door: Door,
  { directory, flags, answers, yes, askAnswered }: Request,
  stored: Given,
): Promise<RawAnswers> => {
  const file = answers === undefined ? {} : await (await import('./answersFile.ts')).answersFile(answers);
  const given = merge({ flags, environment: fromEnvironment(process.env), file, stored });
  return ask(door, directory, given, { yes, again: askAnswered, first: Object.keys(stored).length === 0 });
};

// A complete app belongs to the user: only `comicpile fastapi` puts back files of it that are missing.
const isWanted = ({ directory, owner }: Request) => {
  const hasApp = existsSync(join(directory, 'app/main.py'));
  return (artifact: Artifact): boolean =>
    owner === undefined ? artifact.owner !== 'fastapi' || !hasApp : artifact.owner === owner;
};

const planRequest = (
  request: Request,
  raw: RawAnswers,
  existing: Existing,
): { stack: Stack; changes: readonly Change[] } => {
  const { directory } = request;
  const answers = parseAnswers(raw);
  const wants = isWanted(request);
  const stack = buildStack(answers, detectProject(directory, answers), keepOrDraw(existing), keepPrevious(existing));
  const wanted = verify(render(artifacts, stack), stack).filter(({ artifact }) => wants(artifact));
  if (wanted.length === 0) {
    throw new Refusal(`${request.owner} has no files for an app that exists (nothing was written).`, [], 1);
  }
  // The answers come first: the same command finishes a run that was killed.
  return { stack, changes: [storeAnswers(directory, raw), ...plan(directory, wanted, readLock(directory))] };
};

const preview = async (door: Door, changes: readonly Change[], diff: boolean): Promise<number> => {
  const changing = changes.filter(alters);
  if (diff) for (const change of changing) door.say(await diffOf(change));
  else door.say(summarize(changes).join('\n'));
  return changing.length > 0 ? 1 : 0;
};

const warn = (
  door: Door,
  { directory, owner }: Request,
  { delivery, secretNames, site }: Stack,
  existing: Existing,
  stored: Given,
  raw: RawAnswers,
): void => {
  const held = heldSecrets(
    existing,
    secretNames.map(({ env }) => env),
    delivery,
  );
  for (const weak of weakSecrets(held, readText(directory, 'docker-compose.yml'))) {
    door.say(yellow(`${weak.name} in this project ${weak.reason}. Mend it: ${mend(weak)}`));
  }
  const served = readEnv(existing.env).get('DOMAIN') ?? site.domain;
  if (served !== site.domain) {
    door.say(
      yellow(`DOMAIN in .env.production is still ${served}: its lines are yours, so change it to ${site.domain}.`),
    );
  }
  const changed = Object.entries(raw).some(([key, value]) => key in stored && stored[key as keyof Given] !== value);
  if (owner !== undefined && changed) {
    door.say(yellow(`The answers changed, and other files depend on them: run \`${door.command}\` for the rest.`));
  }
};

/**
 * The whole job behind either door: gather → parse → stack → render → verify → plan → write. Returns the exit code:
 * 0 done or nothing to do, 1 something would change (--dry-run, --diff) or the stack did not start; a refusal throws.
 */
export const generate = async (door: Door, request: Request): Promise<number> => {
  const { directory, owner, dryRun, diff, force, skipInstall } = request;
  const stored = storedAnswers(directory);
  const raw = await gather(door, request, stored);
  const existing = existingSecrets(directory);
  const { stack, changes } = planRequest(request, raw, existing);
  if (dryRun || diff) return preview(door, [...changes, lockAfter(directory, changes)], diff);

  const settled = await settleConflicts(door, changes, force);
  const agreed = [...settled, lockAfter(directory, settled)];
  const altering = agreed.filter(alters);
  door.say(bold(altering.length > 0 ? 'Files' : 'Nothing to change'));
  door.say(summarize(agreed).join('\n'));
  write(directory, altering);
  warn(door, request, stack, existing, stored, raw);

  const isNewApp = altering.some(({ to, action }) => to === 'pyproject.toml' && action === 'create');
  if (isNewApp && !skipInstall) await (await import('./engine.ts')).lockDependencies(door, directory);
  if (owner === undefined && altering.length > 0) door.say(nextSteps(directory, stack).join('\n'));
  return request.up ? (await import('./engine.ts')).startStack(door, directory) : 0;
};
