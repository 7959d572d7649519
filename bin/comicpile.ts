#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { flagOf, questionKeys } from '../src/answers/questions.ts';
import type { Door } from '../src/base/door.ts';
import { endOf, Refusal } from '../src/base/refusal.ts';
import { version } from '../src/base/version.ts';
import { runOptionKeys, runOptions } from '../src/cli/flags.ts';
import { run } from '../src/cli/run.ts';

const door: Door = {
  interactive: process.stdin.isTTY === true && process.stdout.isTTY === true,
  command: 'comicpile',
  say: (line) => console.log(line),
  prompt: async (prompts) => {
    const { default: inquirer } = await import('inquirer');
    return inquirer.prompt(prompts as unknown as Parameters<typeof inquirer.prompt>[0]);
  },
};

const camel = (flag: string): string => flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

const parseFlags = () => {
  const options = {
    ...Object.fromEntries(questionKeys.map((key) => [flagOf(key), { type: 'string' as const }])),
    ...Object.fromEntries(runOptionKeys.map((key) => [flagOf(key), { type: runOptions[key].type }])),
    help: { type: 'boolean' as const, short: 'h' },
    version: { type: 'boolean' as const },
  };
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    return {
      positionals,
      values: Object.fromEntries(Object.entries(values).map(([flag, value]) => [camel(flag), value])),
    };
  } catch (error) {
    throw new Refusal('The command line cannot be read (nothing was written):', [
      (error as Error).message,
      'all flags: comicpile --help',
    ]);
  }
};

const main = async (): Promise<number> => {
  const { positionals, values } = parseFlags();
  const [word, ...args] = positionals;
  if (values.help === true) {
    const { help } = await import('../src/cli/help.ts');
    process.stdout.write(help());
    return 0;
  }
  if (values.version === true) {
    console.log(version());
    return 0;
  }
  return run(door, { word, args, values }, process.cwd());
};

try {
  process.exitCode = await main();
} catch (error) {
  const end = endOf(error);
  if (end === undefined) throw error;
  console.error(end.message);
  process.exitCode = end.code;
}
