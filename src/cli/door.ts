import type { Door, Prompt } from '../base/door.ts';

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

/** The one way to make a door: it differs in its words, and in who puts the questions. */
export const doorOf = (name: DoorName, ask: (prompts: Prompt[]) => Promise<Record<string, unknown>>): Door => ({
  // Answers are typed at one end and questions shown at the other, so a pipe at either is nobody to ask.
  interactive: process.stdin.isTTY === true && process.stdout.isTTY === true,
  run: commandsOf(name),
  prompt: (prompts) => ask([...prompts]),
  say: (line) => console.log(line),
});
