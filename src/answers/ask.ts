import type { Door, Prompt } from '../base/door.ts';
import { printable } from '../base/printable.ts';
import { bold, dim } from '../base/terminal.ts';
import { holdsApplication } from '../detect/holdsApplication.ts';
import type { Look } from '../detect/look.ts';
import { summaryOf } from '../detect/summary.ts';
import type { Defaults } from './defaults.ts';
import { defaultsFor, type Given, missing, requiredKeys } from './gather.ts';
import {
  type Group,
  groupTitles,
  presetsOf,
  type Question,
  type QuestionKey,
  questionKeys,
  questions,
  type RawAnswers,
} from './questions.ts';

const reason = (question: Question, value: string): true | string => {
  try {
    question.parse(value);
    return true;
  } catch (error) {
    return (error as Error).message;
  }
};

type Hints = Defaults['hints'];

const promptFor = (key: QuestionKey, preset: string, hints: Hints = {}): Prompt =>
  promptOf(key, questions[key], preset, hints[key]);

const promptOf = (key: string, question: Question, preset: string, hint?: string): Prompt => {
  const found = hint === undefined ? '' : `Found: ${printable(hint)}.`;
  const explained = [question.help, found].filter((part) => part !== '').join(' ');
  const message = explained === '' ? question.message : `${question.message} ${dim(`(${explained})`)}`;
  const common = { name: key, message, default: preset };
  if (question.choices) {
    return { ...common, type: 'select', choices: question.choices.map((value) => ({ name: value, value })) };
  }
  return { ...common, type: 'input', validate: (value) => reason(question, value) };
};

const askGroup = async (
  door: Door,
  group: Group,
  keys: readonly QuestionKey[],
  presets: RawAnswers,
  hints: Hints = {},
): Promise<Given> => {
  if (keys.length === 0) return {};
  door.say(bold(groupTitles[group]));
  return (await door.prompt(keys.map((key) => promptFor(key, presets[key], hints)))) as Given;
};

// Only what has no answer yet, unless all is asked again. Without a terminal the pack's own default stands.
const askPacks = async (
  door: Door,
  ofPacks: Readonly<Record<string, Question>>,
  raw: RawAnswers,
  { again, given }: { readonly again: boolean; readonly given: Given },
): Promise<RawAnswers> => {
  const all = { ...presetsOf(ofPacks), ...raw };
  const open = Object.entries(ofPacks).filter(([key]) => again || given[key] === undefined);
  if (open.length === 0 || !door.interactive) return all;
  door.say(bold(groupTitles.packs));
  const answered = await door.prompt(open.map(([key, question]) => promptOf(key, question, all[key] ?? '')));
  return { ...all, ...(answered as Given) } as RawAnswers;
};

const dbUserFor = (appName: string): string => appName.replaceAll('-', '').slice(0, 50);

/**
 * The full set of raw answers: what is given, asked for on a terminal, or by default. `again` asks all questions once
 * more, with the given answers as defaults. Without a terminal the required ones must be given, or `yes` be said.
 */
export const ask = async (
  door: Door,
  directory: string,
  given: Given,
  how: { readonly yes: boolean; readonly again: boolean; readonly first: boolean; readonly look: Look },
  ofPacks: Readonly<Record<string, Question>> = {},
): Promise<RawAnswers> => {
  const raw = await askOurs(door, directory, given, how);
  const packsDoor = how.yes ? { ...door, interactive: false } : door;
  return askPacks(packsDoor, ofPacks, raw, { again: how.again, given });
};

const askOurs = async (
  door: Door,
  directory: string,
  given: Given,
  {
    yes,
    again,
    first,
    look,
  }: { readonly yes: boolean; readonly again: boolean; readonly first: boolean; readonly look: Look },
): Promise<RawAnswers> => {
  const defaults = await defaultsFor(directory, given, look);
  const presets = { ...defaults.answers, ...given } as RawAnswers;
  const absent = requiredKeys(presets.app, defaults.settled).filter((key) => given[key] === undefined);
  if (yes || (absent.length === 0 && !(again && door.interactive))) return presets;
  if (!door.interactive) throw missing(absent);

  const open = (group: Group) =>
    questionKeys.filter((key) => questions[key].group === group && (again || given[key] === undefined));
  const main = await askGroup(
    door,
    'main',
    open('main').filter((key) => key !== 'dbUser'),
    presets,
  );
  const user = open('main').includes('dbUser')
    ? await door.prompt([promptFor('dbUser', given.dbUser ?? dbUserFor(main.appName ?? presets.appName))])
    : {};
  const existing = presets.app === 'existing' ? await askExisting(door, open, presets, defaults) : {};
  const answered = { ...presets, ...main, ...(user as Given), ...existing };
  if (!first && !again) return answered;
  if (!(await confirm(door, 'more', 'More questions? (Python, secrets; then the edge; the defaults are safe)'))) {
    return answered;
  }
  const more = { ...answered, ...(await askMore(door, directory, open('more'), answered)) };
  const wantsEdge = await confirm(door, 'edge', 'Questions about the edge? (TLS, headers, limits, CDN, static files)');
  return wantsEdge ? askEdge(door, open('edge'), more) : more;
};

// What was found is shown, and asked only where it was not found, or where the user wants to correct it.
const askExisting = async (
  door: Door,
  open: (group: Group) => QuestionKey[],
  presets: RawAnswers,
  { detection, settled, hints }: Defaults,
): Promise<Given> => {
  const asked = open('existing');
  if (detection !== undefined && asked.length + open('fit').length > 0) {
    door.say(bold(groupTitles.existing));
    door.say(summaryOf(detection).join('\n'));
    if (await confirm(door, 'correct', 'Correct any of this?')) {
      const first = await askGroup(door, 'existing', asked, presets, hints);
      return { ...first, ...(await askGroup(door, 'fit', open('fit'), { ...presets, ...first } as RawAnswers)) };
    }
  }
  return askGroup(
    door,
    'existing',
    asked.filter((key) => !settled.has(key)),
    presets,
    hints,
  );
};

const confirm = async (door: Door, name: string, message: string): Promise<boolean> =>
  (await door.prompt([{ type: 'confirm', name, message, default: false }]))[name] === true;

// What an earlier answer makes pointless is not asked, and falls back to its default.
const askEdge = async (door: Door, keys: readonly QuestionKey[], presets: RawAnswers): Promise<RawAnswers> => {
  const conditionOf = (key: QuestionKey) => (questions[key] as Question).askedIf;
  const first = {
    ...presets,
    ...(await askGroup(
      door,
      'edge',
      keys.filter((key) => !conditionOf(key)),
      presets,
    )),
  };
  const second = keys.filter((key) => conditionOf(key)?.(first));
  const idle = keys.filter((key) => conditionOf(key)?.(first) === false);
  return {
    ...first,
    ...Object.fromEntries(idle.map((key) => [key, questions[key].default])),
    ...(second.length > 0 ? ((await door.prompt(second.map((key) => promptFor(key, first[key])))) as Given) : {}),
  };
};

// The shape of the application is only in doubt where there is one, or where answers say so.
const askMore = (door: Door, directory: string, keys: readonly QuestionKey[], presets: RawAnswers): Promise<Given> => {
  const forExisting: readonly QuestionKey[] = ['app', 'migrations', 'databaseScheme'];
  const brings = presets.app === 'existing' || holdsApplication(directory);
  return askGroup(door, 'more', brings ? keys : keys.filter((key) => !forExisting.includes(key)), presets);
};
