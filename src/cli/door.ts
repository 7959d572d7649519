import type { Door, Prompt } from '../base/door.ts';
import { printableLines } from '../base/printable.ts';

/** How a command is written at each door: yo has a colon before the word, a shell a blank. */
const joined = {
  comicpile: (line: string) => `comicpile ${line}`,
  yo: (line: string) => (line.startsWith('-') ? `yo comicpile ${line}` : `yo comicpile:${line}`),
} as const;
export type DoorName = keyof typeof joined;

/** Commands in the words of a door; without a line the one that generates everything. */
export const commandsOf =
  (name: DoorName): Door['run'] =>
  (line = '') =>
    line === '' ? joined[name]('-').slice(0, -2) : joined[name](line);

/** A question in which nothing is a command to the terminal; a default that was one is no answer, as its parser says. */
const shown = (prompt: Prompt): Prompt => {
  const message = printableLines(prompt.message);
  if (prompt.type === 'confirm') return { ...prompt, message };
  const preset = printableLines(prompt.default);
  if (prompt.type === 'input') return { ...prompt, message, default: preset };
  const choices = prompt.choices.map((choice) => ({ ...choice, name: printableLines(choice.name) }));
  return { ...prompt, message, default: preset, choices };
};

/**
 * The one way to make a door: it differs in its words, and in who puts the questions. What is said and asked passes it printable,
 * whoever has written it.
 */
export const doorOf = (name: DoorName, ask: (prompts: Prompt[]) => Promise<Record<string, unknown>>): Door => ({
  // Answers are typed at one end and questions shown at the other, so a pipe at either is nobody to ask.
  interactive: process.stdin.isTTY === true && process.stdout.isTTY === true,
  run: commandsOf(name),
  prompt: (prompts) => ask(prompts.map(shown)),
  say: (line) => console.log(printableLines(line)),
});
