import type { Door } from '../base/door.ts';
import { isMap } from '../base/files.ts';
import { misuse, Refusal } from '../base/refusal.ts';
import { didYouMean } from '../base/similar.ts';
import { holdsApplication } from '../detect/holdsApplication.ts';
import type { Look } from '../detect/look.ts';
import { pipelinesOf } from '../detect/pipelines.ts';
import { appNameFor } from './appNameFor.ts';
import { detected } from './appValues.ts';
import { type Defaults, defaultsFrom } from './defaults.ts';
import {
  defaultAnswers,
  flagOf,
  isQuestionKey,
  type QuestionKey,
  questionKeys,
  questions,
  variableOf,
} from './questions.ts';

/** Answers by key, those of packs beside our own. */
export type Given = Partial<Record<QuestionKey, string>> & { [key: string]: string | undefined };

/** Every key that may be answered: our own, and those of the packs. */
export const answerKeys = (ofPacks: Readonly<Record<string, unknown>>): readonly string[] => [
  ...questionKeys,
  ...Object.keys(ofPacks),
];

/** Answers that need no question, the earlier source winning: flags, environment, answers file, .yo-rc.json. */
export type Sources = {
  readonly flags: Given;
  readonly environment: Given;
  readonly file: Given;
  readonly stored: Given;
};

export const merge = ({ flags, environment, file, stored }: Sources): Given => ({
  ...stored,
  ...file,
  ...environment,
  ...flags,
});

const all = ({ run }: Pick<Door, 'run'>): string => ` All questions: ${run('--help --all')}`;

/** `COMICPILE_*` variables; an unknown one is a typing error that must not pass silently. */
export const fromEnvironment = (
  door: Pick<Door, 'run'>,
  environment: NodeJS.ProcessEnv,
  keys: readonly string[] = questionKeys,
): Given => {
  const given: Given = {};
  const known = new Map(keys.map((key) => [variableOf(key), key]));
  const unknown: string[] = [];
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith('COMICPILE_') || value === undefined) continue;
    const key = known.get(name);
    if (key !== undefined) given[key] = value;
    else {
      const meant = didYouMean(name, [...known.keys()], (variable) => variable);
      unknown.push(`The variable ${name} in the environment answers no question.${meant || all(door)}`);
    }
  }
  if (unknown.length > 0) throw misuse(unknown, 'The environment has answers to no question (nothing was written):');
  return given;
};

/** A parsed file that can hold answers. */
export const mapOf = (content: unknown, origin: string): Readonly<Record<string, unknown>> => {
  if (isMap(content)) return content;
  throw new Refusal(`${origin} is not a map of answers (nothing was written):`, [
    'write for example `domain: app.example.com`',
  ]);
};

// `{ path: /upload, rate: 2r/s }` as the row that a flag would have.
const row = (cells: Readonly<Record<string, unknown>>): string =>
  Object.entries(cells)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ');

/** A value of a parsed file as the text that a flag would have; what is no scalar and no list of them stays what it is. */
export const textOf = (value: unknown): unknown => {
  if (!Array.isArray(value)) return value;
  return value.length > 0 && value.every(isMap) ? value.map(row).join('; ') : value.join(',');
};

/**
 * Answers of a parsed file: keys are those of the questions table, values are scalars. Lists are joined by commas, lists
 * of maps become rows.
 */
export const fromObject = (
  door: Pick<Door, 'run'>,
  content: unknown,
  origin: string,
  keys: readonly string[] = questionKeys,
): Given => {
  const given: Given = {};
  const problems: string[] = [];
  for (const [key, value] of Object.entries(mapOf(content, origin))) {
    const text = textOf(value);
    if (!keys.includes(key))
      problems.push(`There is no question ${JSON.stringify(key)}.${didYouMean(key, keys) || all(door)}`);
    else if (typeof text === 'object')
      problems.push(
        `${key} is not a single value, write for example \`${key}: ${isQuestionKey(key) ? questions[key].default : 'on'}\``,
      );
    else given[key] = String(text);
  }
  if (problems.length > 0) {
    throw new Refusal(`${origin} has answers that cannot be read (nothing was written):`, problems);
  }
  return given;
};

/** `--set`: answers to packs as `acmeTeam=Payments; acmeTier=gold`. */
export const setAnswers = (text: string | undefined, known: Readonly<Record<string, unknown>>): Given => {
  const given: Given = {};
  const problems: string[] = [];
  for (const row of (text ?? '').split(';').filter((part) => part.trim() !== '')) {
    const [, key = '', value = ''] = /^\s*([a-zA-Z0-9]+)\s*=\s*(.*?)\s*$/.exec(row) ?? [];
    if (Object.hasOwn(known, key)) given[key] = value;
    else {
      const meant = didYouMean(key, Object.keys(known));
      problems.push(`--set ${row.trim()}: no pack asks for it${meant === '' ? `; ${saysWhat(known)}` : `.${meant}`}`);
    }
  }
  if (problems.length > 0) throw misuse(problems, 'These flags cannot be used (nothing was written):');
  return given;
};

const saysWhat = (known: Readonly<Record<string, unknown>>): string => {
  const keys = Object.keys(known);
  return keys.length === 0
    ? 'no pack asks anything'
    : `they ask for ${keys.join(', ')}, for example --set ${keys[0]}=…`;
};

/** The table's defaults, bent by what the directory holds. */
export const defaultsFor = async (directory: string, given: Given, look: Look): Promise<Defaults> => {
  const app = given.app ?? (holdsApplication(directory) ? 'existing' : 'new');
  const here = {
    ...defaultAnswers,
    app,
    ci: pipelinesOf(directory),
    appName: appNameFor(directory, defaultAnswers.appName),
  };
  if (app !== 'existing') return { answers: here, hints: {}, settled: new Set(), detection: undefined };
  const detection = await look({
    ...(given.appRoot === undefined || given.appRoot === detected
      ? {}
      : { root: given.appRoot === '.' ? '' : given.appRoot }),
    ...(given.appEntry === undefined ? {} : { entry: given.appEntry }),
  });
  // Most apps read their environment, and files only where somebody has written code for it; and what they call on the
  // Internet cannot be told from their code.
  const ofTheirs = { migrations: 'none', secrets: 'env', egress: 'internet' };
  return defaultsFrom({ ...here, ...ofTheirs }, detection);
};

/** The questions that must be answered by someone: the main ones, and for an existing app those that its files leave open. */
export const requiredKeys = (app: string, settled: ReadonlySet<string>): QuestionKey[] =>
  questionKeys.filter(
    (key) =>
      questions[key].group === 'main' ||
      (app === 'existing' && questions[key].group === 'existing' && !settled.has(key)),
  );

/** The refusal for a run without a terminal whose answers are not complete. */
export const missing = (keys: readonly QuestionKey[]): Refusal =>
  new Refusal('There is no terminal to ask on, and these answers are missing (nothing was written):', [
    ...keys.map((key) => {
      const { help, default: preset } = questions[key];
      return `${key}: --${flagOf(key)} ${preset}, or ${variableOf(key)}, or \`${key}:\` in an answers file. ${help}`;
    }),
    'or take the defaults with --yes',
  ]);
