import assert from 'node:assert/strict';
import { type QuestionKey, questions } from '../../../src/answers/questions.ts';

const proven = new Set<string>();

// The example that a message ends with, or the word that it takes for the meant one, must itself be right.
const checkExample = (key: QuestionKey, example: string) => {
  if (proven.has(`${key} ${example}`)) return;
  for (const one of example.split(' or ')) questions[key].parse(one);
  proven.add(`${key} ${example}`);
};

/** A message that a terminal shows safely on any locale. */
export const checkHarmless = (message: string): void => {
  assert.match(message, /^[\x20-\x7e]+$/, `not one line of printable ASCII: ${JSON.stringify(message)}`);
  assert.ok(message.length <= 400, `${message.length} characters: ${message}`);
};

/** The same, and it helps. */
export const checkMessage = (message: string): void => {
  checkHarmless(message);
  assert.match(message, /for example \S|Did you mean "\S|take |list only|\(or give /, `no example: ${message}`);
};

/** Throws unless the error is a refusal of one value as the user should read it. */
export const checkRefusal = (key: QuestionKey, error: unknown): void => {
  assert.ok(error instanceof Error && error.constructor === Error, `thrown: ${String(error)}`);
  checkMessage(error.message);
  const [, example, meant] = /(?:.*, for example (.+)| Did you mean "(.+)"\?)$/.exec(error.message) ?? [];
  const right = example ?? meant ?? assert.fail(`no example: ${error.message}`);
  checkExample(key, right);
};
