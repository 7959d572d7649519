#!/usr/bin/env node
import { doorOf } from '../src/cli/door.ts';
import { ended, main } from '../src/cli/main.ts';

const door = doorOf('comicpile', async (prompts) => (await import('inquirer')).default.prompt(prompts));

process.exitCode = await ended(() => main(door, process.argv.slice(2), process.cwd()));
