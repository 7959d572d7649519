import Generator, { type BaseOptions } from 'yeoman-generator';
import { flagOf, type Question, questionKeys, questions } from '../src/answers/questions.ts';
import type { Door } from '../src/base/door.ts';
import { endOf, Refusal } from '../src/base/refusal.ts';
import { runOptionKeys, runOptions } from '../src/cli/flags.ts';
import { run } from '../src/cli/run.ts';
import type { Verb } from '../src/cli/verbs.ts';
import type { Owner } from '../src/emit/catalogue.ts';

// Those of yo and yeoman-environment themselves.
const yeomanFlags = [
  'help',
  'version',
  'skip-cache',
  'skip-install',
  'force-install',
  'ask-answered',
  'local-only',
  'color',
  'no-color',
  'insight',
  'no-insight',
];

/** yo takes any flag; one that nobody knows is a typing error, and must not pass as if it had been heard. */
const refuseUnknownFlags = (argv: readonly string[]): void => {
  const words = argv.slice(2);
  if (!/^(?:generator-)?comicpile(?::|$)/.test(words.find((word) => !word.startsWith('-')) ?? '')) return;
  const known = new Set([...yeomanFlags, ...[...questionKeys, ...runOptionKeys].map(flagOf)]);
  const unknown = words.filter((word) => word.startsWith('--') && !known.has(word.slice(2).split('=')[0] ?? ''));
  if (unknown.length === 0) return;
  throw new Refusal(
    'The command line cannot be read (nothing was written):',
    unknown.map((flag) => `${flag} is no flag, all flags: yo comicpile --help`),
  );
};

/**
 * The one module that imports Yeoman: options, prompts and exit codes are Yeoman's, all else is `src/`. Files are not
 * written through Yeoman's in-memory file system: its commit is not atomic, and leaves part of a project when a
 * conflict is declined or a terminal is missing.
 */
export abstract class Subgenerator extends Generator {
  /** The word behind `yo comicpile:`; none for the whole generator. */
  abstract readonly word: Owner | Verb | undefined;
  // Yeoman runs only the leaf's own methods otherwise, and says that it installs no packages.
  override readonly customFeatures = { inheritTasks: true, customInstallTask: true };

  constructor(args: string[], options: BaseOptions) {
    super(args, options);
    for (const key of questionKeys) {
      const { help, choices, default: preset }: Question = questions[key];
      const values = choices ? ` [${choices.join('|')}]` : '';
      this.option(flagOf(key), { type: String, description: `${help}${values} (default: ${preset || 'none'})` });
    }
    for (const key of runOptionKeys) {
      const { type, help } = runOptions[key];
      this.option(flagOf(key), { type: type === 'string' ? String : Boolean, description: help });
    }
  }

  async writing(): Promise<void> {
    // Yeoman has a flag under its own spelling, its environment's under camelCase.
    const options: Readonly<Record<string, unknown>> = { ...this.options };
    const values = Object.fromEntries(
      [...questionKeys, ...runOptionKeys].map((key) => [key, options[flagOf(key)] ?? options[key]]),
    );
    const door: Door = {
      interactive: process.stdin.isTTY === true,
      command: 'yo comicpile',
      say: (line) => console.log(line),
      prompt: (prompts) => this.prompt(prompts as unknown as Parameters<typeof this.prompt>[0]),
    };
    try {
      refuseUnknownFlags(process.argv);
      const args = this.args.map(String);
      process.exitCode = await run(door, { word: this.word, args, values }, this.destinationRoot());
    } catch (error) {
      const end = endOf(error);
      if (end === undefined) throw error;
      console.error(end.message);
      process.exitCode = end.code;
    }
  }
}
