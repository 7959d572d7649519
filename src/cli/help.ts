import { createRequire } from 'node:module';
import type { Command as Program } from 'commander';
import {
  flagOf,
  type Group,
  groupTitles,
  type Question,
  type QuestionKey,
  questionKeys,
  questions,
  variableOf,
} from '../answers/questions.ts';
import type { Door } from '../base/door.ts';
import { misuse } from '../base/refusal.ts';
import { owners } from '../emit/catalogue.ts';
import { commandOf, whole } from './commandOf.ts';
import { type FlagKey, rowOfFlag } from './flags.ts';
import { unknownCommand } from './run.ts';
import { type Command, verbs } from './verbs.ts';

// Loaded for help alone, and at once: Yeoman asks for help without waiting.
const commander = (): typeof import('commander') => createRequire(import.meta.url)('commander');

const width = 80;

/** Of the flags of a generation, those that everybody needs. */
const usual: readonly FlagKey[] = ['output', 'answers', 'yes', 'dryRun', 'diff', 'force'];

const programOf = (name: string, usage: string, description: string): Program => {
  const { Command, Option } = commander();
  return new Command(name)
    .usage(usage)
    .description(description)
    .addHelpOption(new Option('-h, --help', 'Print this text.').helpGroup('Flags:'))
    .helpCommand(false)
    .configureOutput({ getOutHelpWidth: () => width, getOutHasColors: () => false })
    .configureHelp({
      optionTerm: ({ flags }) => flags.replace(/<(.*)>/, (_, value: string) => value.toUpperCase()),
      subcommandTerm: (command) => command.name(),
      argumentTerm: (argument) => argument.name().toUpperCase(),
    });
};

const addFlag = (program: Program, key: FlagKey, group: string): void => {
  const { help, value, choices, short } = rowOfFlag(key);
  const flag = `${short === undefined ? '' : `-${short}, `}--${flagOf(key)}${value === undefined ? '' : ` <${value}>`}`;
  const text = choices === undefined ? help : `${help} (one of ${choices.join(', ')})`;
  program.addOption(new (commander().Option)(flag, text).helpGroup(group));
};

const addQuestion = (program: Program, key: QuestionKey, group: string): void => {
  const { help, choices, default: preset }: Question = questions[key];
  const values = choices === undefined ? '' : `one of ${choices.join(', ')}; `;
  const text = `${help} (${values}default: ${preset === '' ? 'none' : preset})`;
  program.addOption(new (commander().Option)(`--${flagOf(key)} <value>`, text).helpGroup(group));
};

const block = (title: string, lines: readonly string[]): string =>
  [title, ...lines.map((line) => `  ${line}`)].join('\n');

const exitCodes = (program: Program, exits: Command['exits']): string => {
  const help = program.createHelp();
  help.prepareContext({ helpWidth: width });
  const rows = Object.entries({ ...exits, 2: 'bad usage or answers; nothing was written' });
  return ['Exit codes:', ...rows.map(([code, what]) => help.formatItem(code, 1, what, help))].join('\n');
};

const textOf = (program: Program, ...blocks: readonly string[]): string =>
  `${[program.helpInformation().trimEnd(), ...blocks].join('\n\n')}\n`;

const helpOfCommand = (door: Pick<Door, 'run'>, word: string, command: Command): string => {
  const { help, more, argument, flags, answers, examples, exits } = command;
  const name = argument?.name ?? '';
  const words = argument === undefined ? '' : `${name}${argument.isMany ? '...' : ''} `;
  const program = programOf(door.run(word), `${words}[flags]`, [help, more].filter(Boolean).join(' '));
  if (argument !== undefined) {
    program.addArgument(new (commander().Argument)(`<${name}>`, argument.help));
  }
  for (const key of flags) addFlag(program, key, 'Flags:');
  for (const key of answers === 'all' ? [] : answers) addQuestion(program, key, 'Answers:');
  const all = answers === 'all' ? [`Answers are flags too: ${door.run('--help --all')}`] : [];
  const lines = examples.map((example) => door.run(`${word} ${example}`.trim()));
  return textOf(program, ...all, block('Examples:', lines), exitCodes(program, exits));
};

const programOfAll = (door: Pick<Door, 'run'>): Program =>
  programOf(door.run(), `[flags]\n       ${door.run('COMMAND')} [flags]`, whole.help);

const helpOfAll = (door: Pick<Door, 'run'>): string => {
  const program = programOfAll(door);
  for (const group of Object.keys(groupTitles) as Group[]) {
    for (const key of questionKeys.filter((key) => questions[key].group === group))
      addQuestion(program, key, `${groupTitles[group]}:`);
  }
  for (const key of whole.flags) addFlag(program, key, 'Flags:');
  const ways = block('An answer is taken from the first of:', [
    `a flag                            --${flagOf('dbUser')} comicpile`,
    `a variable of the environment     ${variableOf('dbUser')}=comicpile`,
    'a line of the answers file        dbUser: comicpile',
    'an earlier answer in .yo-rc.json, the question itself, its default',
  ]);
  return textOf(program, ways, `The commands: ${door.run('--help')}`);
};

const overview = (door: Pick<Door, 'run'>): string => {
  const program = programOfAll(door);
  const { Command } = commander();
  const add = (name: string, help: string, group: string) =>
    program.addCommand(new Command(name).description(help).helpGroup(group));
  for (const [owner, help] of Object.entries(owners)) add(owner, help, 'Commands that generate the files of one part:');
  for (const [verb, { help }] of Object.entries(verbs)) add(verb, help, 'Other commands:');
  for (const key of questionKeys.filter((key) => questions[key].group === 'main')) {
    addQuestion(program, key, 'The first questions:');
  }
  for (const key of usual) addFlag(program, key, 'Flags:');
  program.addOption(new (commander().Option)('-v, --version', 'Print the version.').helpGroup('Flags:'));
  const more = [
    `all questions and flags: ${door.run('--help --all')}`,
    `one command:             ${door.run('COMMAND --help')}`,
  ];
  const examples = whole.examples.map((example) => door.run(example));
  return textOf(program, block('Examples:', examples), exitCodes(program, whole.exits), block('More help:', more));
};

/** The help of a command; without a word, of them all, or of all questions. Refuses a word that is no command. */
export const help = (door: Pick<Door, 'run'>, word: string | undefined, all: boolean): string => {
  if (word === undefined || word === 'app') return all ? helpOfAll(door) : overview(door);
  const command = commandOf(word);
  if (command === undefined) throw misuse([unknownCommand(door, word)]);
  return helpOfCommand(door, word, command);
};
