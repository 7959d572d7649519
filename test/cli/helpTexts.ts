import { join } from 'node:path';
import { packageRoot } from '../../src/base/packageRoot.ts';
import { commandWords } from '../../src/cli/commandOf.ts';
import { commandsOf, type DoorName } from '../../src/cli/door.ts';
import { help } from '../../src/cli/help.ts';

/** Where the text is that a help is to have. */
export const helpFile = (name: string): string => join(packageRoot(), 'test/cli/help', `${name}.txt`);

/** Every help as a door prints it: of all commands, of all questions, and of each command. */
export const helpTexts = (name: DoorName): Readonly<Record<string, string>> => {
  const door = { run: commandsOf(name) };
  return {
    comicpile: help(door, undefined, false),
    questions: help(door, undefined, true),
    ...Object.fromEntries(commandWords.map((word) => [word, help(door, word, false)])),
  };
};
