import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './paths.ts';
import type { Change } from './plan.ts';
import { Refusal } from './refusal.ts';

const file = '.comicpile/lock.json';

/** What we last wrote, as digests by destination: a file that still has its digest was not edited. */
export type Lock = Readonly<Record<string, string>>;

/** The prefix also tells secret scanners that this is no key. */
export const digest = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

export const version = (): string =>
  (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }).version;

const readText = (directory: string): string => {
  const path = join(directory, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
};

export const readLock = (directory: string): Lock => {
  const text = readText(directory);
  if (text === '') return {};
  try {
    return (JSON.parse(text) as { files?: Lock }).files ?? {};
  } catch (error) {
    throw new Refusal(`${file} cannot be read (nothing was written):`, [
      (error as Error).message,
      'restore it from git',
    ]);
  }
};

/**
 * The change that records these changes once they are carried out. It is the last one to be written: a run that is
 * killed before leaves each file either as it was, with its old digest, or as the same command would write it.
 */
export const lockAfter = (directory: string, changes: readonly Change[]): Change => {
  const written = changes.filter(({ ours, action }) => ours && action !== 'conflict');
  const files = { ...readLock(directory), ...Object.fromEntries(written.map(({ to, after }) => [to, digest(after)])) };
  const sorted = Object.fromEntries(Object.entries(files).sort(([one], [other]) => (one < other ? -1 : 1)));
  const before = readText(directory);
  const after = `${JSON.stringify({ generator: version(), files: sorted }, null, 2)}\n`;
  const action = before === '' ? 'create' : before === after ? 'identical' : 'extend';
  return { to: file, action, mode: 0o644, secret: false, ours: false, before, after };
};
