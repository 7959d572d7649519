import Generator, { type BaseOptions } from 'yeoman-generator';
import { flagOf, type Question, questionKeys, questions } from '../src/answers/questions.ts';
import { doorOf } from '../src/cli/door.ts';
import { flagKeys, rowOfFlag } from '../src/cli/flags.ts';
import { help } from '../src/cli/help.ts';
import { ended } from '../src/cli/main.ts';
import { type Call, run } from '../src/cli/run.ts';
import { yoLine } from '../src/cli/yoLine.ts';

/**
 * The one module that imports Yeoman: options, prompts and exit codes are Yeoman's, all else is `src/`. Files are not
 * written through Yeoman's in-memory file system: its commit is not atomic, and leaves part of a project when a
 * conflict is declined or a terminal is missing.
 */
export abstract class Subgenerator extends Generator {
  /** The word behind `yo comicpile:`; none for the whole generator. */
  abstract readonly word: string | undefined;
  // Yeoman runs only the leaf's own methods otherwise, and says that it installs no packages.
  override readonly customFeatures = { inheritTasks: true, customInstallTask: true };

  constructor(args: string[], options: BaseOptions) {
    super(args, options);
    for (const key of questionKeys) {
      const { help: description }: Question = questions[key];
      this.option(flagOf(key), { type: String, description });
    }
    for (const key of flagKeys) {
      const { value, help: description, isRepeatable, short: alias } = rowOfFlag(key);
      const type = value === undefined ? Boolean : isRepeatable ? Array : String;
      this.option(flagOf(key), { type, description, ...(alias === undefined ? {} : { alias }) });
    }
  }

  #door() {
    return doorOf('yo', (prompts) => this.prompt(prompts));
  }

  /** What `yo comicpile:<word> --help` prints. */
  override help(): string {
    return help(this.#door(), this.word, process.argv.includes('--all'));
  }

  /** What yo was called with, as it stood there; what another generator composes with, as Yeoman has it. */
  #call(): Call {
    const line = yoLine(process.argv.slice(2), this.word);
    if (line !== undefined) return { ...line, word: this.word };
    // Yeoman has a flag under its own spelling, its environment's under camelCase.
    const options: Readonly<Record<string, unknown>> = { ...this.options };
    const keys = [...questionKeys, ...flagKeys];
    const values = Object.fromEntries(keys.map((key) => [key, options[flagOf(key)] ?? options[key]]));
    return { word: this.word, args: this.args.map(String), values };
  }

  async writing(): Promise<void> {
    process.exitCode = await ended(() => run(this.#door(), this.#call(), this.destinationRoot()));
  }
}
