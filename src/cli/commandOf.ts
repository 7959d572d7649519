import { isQuestionKey } from '../answers/questions.ts';
import { isOwner, type Owner, owners } from '../emit/catalogue.ts';
import { generate } from './commands/generate.ts';
import type { FlagKey } from './flags.ts';
import { type Command, generates, generating, isVerb, verbs } from './verbs.ts';

/** The command without a word: every file, as one set. */
export const whole: Command = {
  ...generates,
  help: 'Generate all files of a hardened production deployment, into a directory with a Python web app or an empty one.',
  flags: generating,
  examples: ['--domain app.example.com --app-name comics --db-user comics', '--yes', '--diff'],
  run: generate,
};

const ofOwner = (owner: Owner): Command => ({
  ...generates,
  help: owners[owner],
  more: 'Everything is rendered and proved, then only these files are written.',
  flags: generating,
  examples: ['', '--diff'],
  run: (door, request) => generate(door, { ...request, owner }),
});

/** The command of a word; `app` is Yeoman's word for the one without a word. Undefined where there is none. */
export const commandOf = (word: string | undefined): Command | undefined => {
  if (word === undefined || word === 'app') return whole;
  if (isOwner(word)) return ofOwner(word);
  return isVerb(word) ? verbs[word] : undefined;
};

export const commandWords: readonly string[] = [...Object.keys(owners), ...Object.keys(verbs)];

/** Whether the command knows the flag or question of this key. */
export const takes = ({ flags, answers }: Command, key: string): boolean =>
  isQuestionKey(key) ? answers === 'all' || answers.includes(key) : flags.includes(key as FlagKey);
