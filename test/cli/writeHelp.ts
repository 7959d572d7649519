import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { helpFile, helpTexts } from './helpTexts.ts';

/** Writes test/cli/help/ anew; what has changed is to be read in the diff. */
const folder = dirname(helpFile('comicpile'));
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
for (const [name, text] of Object.entries(helpTexts('comicpile'))) writeFileSync(helpFile(name), text);
