import { endOf } from '../src/base/refusal.ts';
import { run } from '../src/cli/run.ts';
import { silentDoor } from './fixture.ts';

// Colours are of the terminal that mocha runs in.
process.env.NO_COLOR = '1';

export type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

/**
 * `comicpile` in this process, for tests that are not about the process itself: a fifth of the time of a new one. `words` are
 * what stands before the flags, `values` the flags in camelCase. test/bin/ proves that a process says and ends the same.
 */
export const comicpile = async (
  cwd: string,
  words = '',
  values: Readonly<Record<string, string | boolean>> = {},
): Promise<Ended> => {
  const [word, ...args] = words.split(' ').filter(Boolean);
  const door = silentDoor();
  const said = () => door.said.map((line) => `${line}\n`).join('');
  try {
    const code = await run(door, { word, args, values }, cwd);
    return { code, stdout: said(), stderr: '' };
  } catch (error) {
    const end = endOf(error);
    if (end === undefined) throw error;
    return { code: end.code, stdout: said(), stderr: `${end.message}\n` };
  }
};
