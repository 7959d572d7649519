import type { Door } from '../base/door.ts';
import { readEnv } from '../base/envFile.ts';
import { statementsOf } from '../base/envStatements.ts';
import { existingSecrets } from '../model/existingSecrets.ts';
import { previousName, secretNames } from '../model/secrets.ts';

// Shorter ones are no secrets, and stand in ordinary words.
const shortest = 8;

const valuesIn = (directory: string): readonly string[] => {
  const { env, files } = existingSecrets(directory);
  const names = [...secretNames, ...secretNames.map(previousName)];
  const read = readEnv(env);
  // As the file has it as well: a line that is shown has escapes and variables as they were written, earlier lines of a key too.
  const written = [...statementsOf(env)].filter(({ key }) => names.some((name) => name === key));
  return [
    ...names.flatMap((name) => [read.get(name), files[name]?.trim()]),
    ...written.flatMap((statement) => statement.written.split('\n')),
  ]
    .filter((value) => value !== undefined)
    .filter((value) => value.length >= shortest);
};

/** The door, but that no secret of the project passes it: a user may have put one into a file that is shown. */
export const hidingSecrets = (door: Door, directory: string): Door => {
  let values: readonly string[] | undefined;
  const hide = (text: string): string => {
    values ??= valuesIn(directory);
    return values.reduce((shown, value) => shown.replaceAll(value, '(a secret)'), text);
  };
  return {
    ...door,
    say: (line) => door.say(hide(line)),
  };
};
