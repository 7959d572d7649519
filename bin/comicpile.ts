#!/usr/bin/env node
import { optimize } from '../src/base/optimizer.ts';
import { doorOf } from '../src/cli/door.ts';
import { ended, main } from '../src/cli/main.ts';

// What takes longer than a generation without an app turns it on again.
optimize(false);

const door = doorOf('comicpile', async (prompts) => (await import('inquirer')).default.prompt(prompts));

process.exitCode = await ended(() => main(door, process.argv.slice(2), process.cwd()));
