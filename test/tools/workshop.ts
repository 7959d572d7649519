import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let workshop = '';

/** All that a run makes lies in one folder, which goes away at the end; the workers inherit TMPDIR. */
export const mochaGlobalSetup = (): void => {
  workshop = mkdtempSync(join(tmpdir(), 'comicpile-tools-'));
  process.env.TMPDIR = workshop;
};

export const mochaGlobalTeardown = (): void => {
  if (workshop !== '') rmSync(workshop, { recursive: true, force: true });
};
