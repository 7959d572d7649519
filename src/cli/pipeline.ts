import { detected } from '../answers/appValues.ts';
import { ask } from '../answers/ask.ts';
import { settleExpiry } from '../answers/expiry.ts';
import { answerKeys, fromEnvironment, fromObject, type Given, merge, setAnswers, textOf } from '../answers/gather.ts';
import { parseAnswers } from '../answers/parse.ts';
import { type Answers, type RawAnswers, variableOf } from '../answers/questions.ts';
import { storedEntry, storedFile } from '../answers/stored.ts';
import { packList } from '../answers/values.ts';
import type { Door } from '../base/door.ts';
import { isThere } from '../base/files.ts';
import { Refusal } from '../base/refusal.ts';
import { readLock } from '../changes/lock.ts';
import { type Look, lookerAt } from '../detect/look.ts';
import type { Artifact, Owner } from '../emit/catalogue.ts';
import { verify } from '../emit/promises/verify.ts';
import { render } from '../emit/render.ts';
import type { RenderedFile } from '../emit/renderedFile.ts';
import { placed } from '../emit/renderedFile.ts';
import { isPresent, projectTemplates } from '../emit/sources.ts';
import { existingSecrets } from '../model/existingSecrets.ts';
import type { Places } from '../model/places.ts';
import { greenfield, type Project } from '../model/project.ts';
import { projectFrom } from '../model/projectFrom.ts';
import { type Existing, keepOrDraw, keepPrevious } from '../model/secrets.ts';
import { buildStack, type Stack } from '../model/stack.ts';
import { type Digests, readDigests } from '../policy/digests.ts';
import { loadTeam, type Team } from '../team/team.ts';

/** Where answers come from in one run, and what they may bring along. */
export type AnswerSources = {
  readonly directory: string;
  readonly flags: Given;
  /** `name=value; …`: answers to packs. */
  readonly set?: string | undefined;
  readonly answers?: string | undefined;
  readonly yes: boolean;
  readonly askAnswered: boolean;
  readonly trust: boolean;
  /** Whether the run is to write: then what ends in something that is run needs the user's word. */
  readonly writes: boolean;
  /** The digests of images that the project keeps are not used: the run asks for new ones. */
  readonly asksDigests?: true;
  /** Files that it runs itself, without writing them to the project. */
  readonly runs?: (to: string) => boolean;
};

export type Gathered = { readonly raw: RawAnswers; readonly stored: Given; readonly team: Team; readonly look: Look };

const packNames = (text: unknown) => {
  try {
    return packList(String(text ?? ''));
  } catch (error) {
    throw new Refusal('These packs cannot be used (nothing was written):', [`--packs: ${(error as Error).message}`]);
  }
};

type ParsedFile = Readonly<Record<string, unknown>>;

/** What the team brings, to look at; `file`: the parsed answers file. */
export const namedTeam = (
  { directory, flags }: Pick<AnswerSources, 'directory' | 'flags'>,
  file: ParsedFile = {},
): Promise<Team> => {
  const named = [
    flags.packs,
    process.env[variableOf('packs')],
    textOf(file.packs),
    textOf(storedEntry(directory).packs),
  ];
  return loadTeam(directory, packNames(named.find((text) => text !== undefined)));
};

/** The same with the user's word for what is not ours in it, to render with. */
export const teamFor = async (
  door: Door,
  request: Pick<AnswerSources, 'directory' | 'flags' | 'trust' | 'writes' | 'runs' | 'asksDigests'>,
  file: ParsedFile = {},
): Promise<Team> => {
  const { directory, trust, writes, runs, asksDigests } = request;
  const team = await namedTeam(request, file);
  const digests = asksDigests ? {} : readDigests(directory);
  const isOurs = [team.packs, team.ownImages, digests].every((each) => Object.keys(each).length === 0);
  if (!isOurs || team.sources.some((source) => source.name === projectTemplates && isPresent(source))) {
    const { admit } = await import('../team/trust.ts');
    await admit(door, team, { directory, lock: readLock(directory), digests, trust, writes, runs });
  }
  return team;
};

export const gather = async (door: Door, request: AnswerSources): Promise<Gathered> => {
  const { directory, flags, set, answers, yes, askAnswered } = request;
  const file = answers === undefined ? {} : await (await import('../answers/answersFile.ts')).readAnswersFile(answers);
  const team = await teamFor(door, request, file);
  const keys = answerKeys(team.questions);
  const stored = fromObject(door, storedEntry(directory), storedFile, keys);
  const given = merge({
    flags: { ...flags, ...setAnswers(set, team.questions) },
    environment: fromEnvironment(door, process.env, keys),
    file: fromObject(door, file, answers ?? '', keys),
    stored,
  });
  const first = Object.keys(stored).length === 0;
  const look = lookerAt(directory);
  const raw = await ask(door, directory, given, { yes, again: askAnswered, first, look }, team.questions);
  return { raw: settleExpiry(raw, new Date()), stored, team, look };
};

/** What there is to choose from: the files at their places, which others go by another name, and the whole catalogue. */
export type Choice = {
  readonly files: readonly RenderedFile[];
  readonly places: Places;
  readonly catalogue: readonly Artifact[];
};

/** Which files of the set are wanted: those of an owner, or some by their paths; undefined: all. */
export type Wanted = Owner | ((choice: Choice) => readonly string[]) | undefined;

// A complete app belongs to the user: only `comicpile fastapi`, or the name of a file, puts back what is missing of it.
const wantedOf = (directory: string, wanted: Wanted, choice: Choice): readonly RenderedFile[] => {
  const { files } = choice;
  if (typeof wanted === 'function') {
    const paths = wanted(choice);
    return files.filter(({ artifact }) => paths.includes(artifact.to));
  }
  const hasApp = isThere(directory, 'app/main.py');
  return files.filter(({ artifact: { owner } }) =>
    wanted === undefined ? owner !== 'fastapi' || !hasApp : owner === wanted,
  );
};

/** All files as the stored answers give them, for a run that only looks, or that runs some of them itself. */
export const renderAsStored = async (
  door: Door,
  directory: string,
  { trust = false, runs }: { readonly trust?: boolean; readonly runs?: (to: string) => boolean } = {},
): Promise<{ readonly files: readonly RenderedFile[]; readonly images: readonly string[]; readonly team: Team }> => {
  const gathered = await gather(door, {
    directory,
    flags: {},
    yes: true,
    askAnswered: false,
    trust,
    writes: false,
    ...(runs === undefined ? {} : { runs }),
  });
  const { files, images } = await renderFor(directory, undefined, gathered, existingSecrets(directory));
  return { files, images, team: gathered.team };
};

/** What the emitted files need of the directory; of an app that exists, as it is seen with the answers about it. */
const projectOf = async (answers: Answers, look: Look): Promise<Project> => {
  if (answers.app === 'new') return greenfield;
  const told = answers.appRoot === detected ? {} : { root: answers.appRoot };
  const seen = await look(told);
  const entry = seen?.entry?.value;
  // Mostly the answer is what was found, and need not be looked into again.
  const isSame = entry !== undefined && answers.appEntry === `${entry.entry}${entry.isFactory ? '()' : ''}`;
  return projectFrom(answers, isSame ? seen : await look({ ...told, entry: answers.appEntry }));
};

/** parse → stack → render → verify, as one set; of it the files that are wanted, at their places. */
export const renderFor = async (
  directory: string,
  wanted: Wanted,
  { raw, team, look }: Pick<Gathered, 'raw' | 'team' | 'look'>,
  existing: Existing,
  {
    places = readLock(directory).places,
    digests = readDigests(directory),
  }: { readonly places?: Places; readonly digests?: Digests } = {},
): Promise<{
  readonly stack: Stack;
  readonly files: readonly RenderedFile[];
  readonly images: readonly string[];
}> => {
  const answers = parseAnswers(raw, team.questions);
  const { packs, policy, questions, catalogue, sources, promises } = team;
  const answered = packs.length === 0 ? {} : (await import('../team/answers.ts')).packAnswers(packs, questions, raw);
  const project = await projectOf(answers, look);
  const stack = buildStack(
    answers,
    project,
    keepOrDraw(existing),
    keepPrevious(existing),
    { policy, packs: answered, digests },
    places,
  );
  const rendered = verify(render(catalogue, stack, sources), stack, promises);
  return {
    stack,
    files: wantedOf(directory, wanted, { files: placed(rendered, places), places, catalogue }),
    images: stack.imageNames.filter((ref) => rendered.some(({ text }) => text.includes(ref))),
  };
};
