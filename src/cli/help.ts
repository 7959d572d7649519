import { flagOf, type Question, questionKeys, questions, variableOf } from '../answers/questions.ts';
import { owners } from '../emit/catalogue.ts';
import { runOptionKeys, runOptions } from './flags.ts';
import { verbs } from './verbs.ts';

const row = (left: string, right: string): string => `  ${left.padEnd(28)} ${right}`;

const questionRow = (key: (typeof questionKeys)[number]): string => {
  const { help, default: preset, choices }: Question = questions[key];
  const values = choices ? ` [${choices.join('|')}]` : '';
  return row(`--${flagOf(key)} VALUE`, `${help}${values} (${preset === '' ? 'default: none' : `default: ${preset}`})`);
};

/** All that `comicpile --help` prints. */
export const help = (): string =>
  [
    'Usage: comicpile [OWNER] [flags]',
    '       comicpile VERB [flags]',
    '',
    'Emits a hardened production deployment for a Python web app, into a directory with one or an empty one.',
    '',
    'Owners (without one, all files are generated):',
    ...Object.entries(owners).map(([owner, what]) => row(owner, what)),
    '',
    'Verbs, for a project that was generated:',
    ...Object.entries(verbs).map(([verb, { help: what }]) => row(verb, what)),
    '',
    'Answers:',
    ...questionKeys.map(questionRow),
    '',
    `Each answer can also be a variable (${variableOf('dbUser')}), a line of the answers file (dbUser: comicpile) or`,
    'an earlier answer in .yo-rc.json. Order: flag, variable, answers file, .yo-rc.json, question, default.',
    '',
    'Run:',
    ...runOptionKeys.map((key) => {
      const { type, help: text } = runOptions[key];
      return row(`--${flagOf(key)}${type === 'string' ? ' VALUE' : ''}`, text);
    }),
    row('--help, --version', 'this text; the version'),
    '',
    'Exit code: 0 done, 1 something stands in the way, has conflicts, was found or (--dry-run, --diff) would change,',
    '2 bad usage or answers.',
    '',
  ].join('\n');
