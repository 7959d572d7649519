import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseAnswers } from './answers.ts';
import { type Artifact, artifacts, type Owner } from './artifacts.ts';
import { ask } from './ask.ts';
import type { Door } from './door.ts';
import { fromEnvironment, type Given, merge } from './gather.ts';
import { detectProject } from './project/detect.ts';
import type { RawAnswers } from './questions.ts';
import { type RenderedFile, render } from './render.ts';
import { type Existing, keepOrDraw, keepPrevious } from './secrets.ts';
import { buildStack, type Stack } from './stack.ts';
import { sourcesOf } from './templates/sources.ts';
import { verify } from './verify.ts';

/** Where answers come from in one run. */
export type AnswerSources = {
  readonly directory: string;
  readonly flags: Given;
  readonly answers?: string | undefined;
  readonly yes: boolean;
  readonly askAnswered: boolean;
};

export const gather = async (
  door: Door,
  { directory, flags, answers, yes, askAnswered }: AnswerSources,
  stored: Given,
): Promise<RawAnswers> => {
  const file = answers === undefined ? {} : await (await import('./answersFile.ts')).answersFile(answers);
  const given = merge({ flags, environment: fromEnvironment(process.env), file, stored });
  return ask(door, directory, given, { yes, again: askAnswered, first: Object.keys(stored).length === 0 });
};

// A complete app belongs to the user: only `comicpile fastapi` puts back files of it that are missing.
const isWanted = (directory: string, owner: Owner | undefined) => {
  const hasApp = existsSync(join(directory, 'app/main.py'));
  return (artifact: Artifact): boolean =>
    owner === undefined ? artifact.owner !== 'fastapi' || !hasApp : artifact.owner === owner;
};

/** parse → stack → render → verify, as one set; of it the files of the owner. */
export const renderFor = (
  directory: string,
  owner: Owner | undefined,
  raw: RawAnswers,
  existing: Existing,
): { readonly stack: Stack; readonly files: readonly RenderedFile[] } => {
  const answers = parseAnswers(raw);
  const stack = buildStack(answers, detectProject(directory, answers), keepOrDraw(existing), keepPrevious(existing));
  const wants = isWanted(directory, owner);
  return {
    stack,
    files: verify(render(artifacts, stack, sourcesOf(directory)), stack).filter(({ artifact }) => wants(artifact)),
  };
};
