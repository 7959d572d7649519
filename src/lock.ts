import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './paths.ts';
import type { Change } from './plan.ts';
import { jsonChange, parseJson, readText } from './projectFile.ts';

const file = '.comicpile/lock.json';

/** What we last wrote, as digests by destination: a file that still has its digest was not edited. */
export type Lock = Readonly<Record<string, string>>;

/** The prefix also tells secret scanners that this is no key. */
export const digest = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

export const version = (): string =>
  (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }).version;

const parse = (text: string): Lock =>
  text === '' ? {} : ((parseJson(file, text, 'restore it from git').files as Lock | undefined) ?? {});

export const readLock = (directory: string): Lock => parse(readText(directory, file));

/**
 * The change that records these changes once they are carried out. It is the last one to be written: a run that is
 * killed before leaves each file either as it was, with its old digest, or as the same command would write it.
 */
export const lockAfter = (directory: string, changes: readonly Change[]): Change => {
  const before = readText(directory, file);
  const written = changes.filter(({ ours, action }) => ours && action !== 'conflict');
  const files = { ...parse(before), ...Object.fromEntries(written.map(({ to, after }) => [to, digest(after)])) };
  const sorted = Object.fromEntries(Object.entries(files).sort(([one], [other]) => (one < other ? -1 : 1)));
  return jsonChange(file, before, { generator: version(), files: sorted });
};
