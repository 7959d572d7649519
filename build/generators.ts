import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/base/packageRoot.ts';
import { commandWords } from '../src/cli/commandOf.ts';

/**
 * Yeoman finds a generator by its folder: one for each word of the command line, and `app` for the one without. They say nothing but
 * that word, so the table of commands is where they come from.
 */
const moduleOf = (word: string | undefined): string =>
  [
    "import { Subgenerator } from '../subgenerator.js';",
    '',
    'export default class extends Subgenerator {',
    `  word = ${word === undefined ? 'undefined' : `'${word}'`};`,
    '}',
    '',
  ].join('\n');

for (const word of [undefined, ...commandWords]) {
  const folder = join(packageRoot(), 'dist/generators', word ?? 'app');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.js'), moduleOf(word));
}
