import type { Door } from '../base/door.ts';
import { printableLines } from '../base/printable.ts';
import { endOf } from '../base/refusal.ts';
import { parseLine } from './parse.ts';
import { run } from './run.ts';

/** What a run ends with: its exit code, or for an error that has an ordinary end the one that belongs to it. */
export const ended = async (what: () => Promise<number>): Promise<number> => {
  try {
    return await what();
  } catch (error) {
    const end = endOf(error);
    if (end === undefined) throw error;
    console.error(printableLines(end.message));
    return end.code;
  }
};

const needsHelp = 'is for the help of all questions:';

/** `comicpile` as a shell gives it; the exit code. */
export const main = async (door: Door, argv: readonly string[], cwd: string): Promise<number> => {
  const { words, values, wants, problems } = parseLine(argv);
  const [word, ...args] = words;
  if (wants.help || word === 'help') {
    const { help } = await import('./help.ts');
    process.stdout.write(help(door, word === 'help' ? args[0] : word, wants.all));
    return 0;
  }
  if (wants.version) {
    const { version } = await import('../base/version.ts');
    door.say(version());
    return 0;
  }
  const all = wants.all ? [`--all ${needsHelp} ${door.run('--help --all')}`] : [];
  return run(door, { word, args, values, problems: [...problems, ...all] }, cwd);
};
