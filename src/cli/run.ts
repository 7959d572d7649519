import { flagOf, isQuestionKey } from '../answers/questions.ts';
import type { Door } from '../base/door.ts';
import { misuse } from '../base/refusal.ts';
import { didYouMean } from '../base/similar.ts';
import { commandOf, commandWords, takes } from './commandOf.ts';
import { hidingSecrets } from './hidden.ts';
import { requestOf, type Values } from './request.ts';
import { refuseStrange } from './strangeFiles.ts';
import { type Argument, type Command, verbs } from './verbs.ts';

/** What a door was called with: the word of the command, what follows it, the flags, and what could not be read of it. */
export type Call = {
  readonly word: string | undefined;
  readonly args: readonly string[];
  readonly values: Values;
  readonly problems?: readonly string[];
};

export const unknownCommand = (door: Pick<Door, 'run'>, word: string): string =>
  `There is no command ${JSON.stringify(word)}.${didYouMean(word, [...commandWords, 'help'])} All commands: ${door.run('--help')}`;

// Only behind yo: there the command is a part of the generator's name.
const misplaced = (door: Door, word: string): string =>
  commandWords.includes(word)
    ? `Give ${door.run(word)} instead.`
    : `There is no command ${JSON.stringify(word)}.${didYouMean(word, commandWords, (near) => door.run(near))} All commands: ${door.run('--help')}`;

const problemsOfArgs = (
  door: Door,
  word: string,
  args: readonly string[],
  values: Values,
  { examples, argument }: Command,
): readonly string[] => {
  const { name, choices, isMany, orFlag }: Partial<Argument> = argument ?? {};
  const [first, ...more] = args;
  const example = `For example: ${door.run(`${word} ${examples[0]}`.trim())}`;
  if (name === undefined)
    return first === undefined ? [] : [`${JSON.stringify(first)} is one word too many: nothing follows ${word}.`];
  const isReplaced = orFlag !== undefined && values[orFlag] === true;
  if (first === undefined) return isReplaced ? [] : [`${word} needs ${name} behind it. ${example}`];
  if (isReplaced) return [`${word} takes either ${name} or --${flagOf(orFlag)}. ${example}`];
  if (!isMany && more.length > 0) return [`${JSON.stringify(more[0])} is one word too many. ${example}`];
  if (choices === undefined || choices.includes(first)) return [];
  return [`There is no ${JSON.stringify(`${word} ${first}`)}.${didYouMean(first, choices)} ${example}`];
};

const inWords = (words: readonly string[]): string =>
  words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

const uselessFlags = (word: string | undefined, values: Values, command: Command): readonly string[] =>
  Object.entries(values)
    .filter(([key, value]) => value !== undefined && value !== false && !takes(command, key))
    .map(([key]) => {
      const users = Object.keys(verbs).filter((verb) => takes(verbs[verb as keyof typeof verbs], key));
      const whose = isQuestionKey(key)
        ? 'it answers a question, and nothing is asked there'
        : `it is a flag of ${inWords(users)}`;
      return `--${flagOf(key)} does nothing for ${word ?? 'a generation'}: ${whose}.`;
    });

const problemsOf = (door: Door, { word, args, values }: Call, command: Command | undefined): readonly string[] => {
  if (command === undefined) return [unknownCommand(door, word ?? '')];
  if (word === undefined && args[0] !== undefined) return [misplaced(door, args[0])];
  return [...problemsOfArgs(door, word ?? '', args, values, command), ...uselessFlags(word, values, command)];
};

/** The one implementation behind both doors; the exit code. */
export const run = async (door: Door, call: Call, cwd: string): Promise<number> => {
  // As in Yeoman, where `comicpile:app` is the whole generator.
  const named = call.word === 'app' ? { ...call, word: undefined } : call;
  const command = commandOf(named.word);
  const problems = [...(call.problems ?? []), ...problemsOf(door, named, command)];
  if (command === undefined || problems.length > 0) throw misuse(problems);
  const request = requestOf(call.values, cwd);
  refuseStrange(request.directory);
  return command.run(hidingSecrets(door, request.directory), request, call.args);
};
