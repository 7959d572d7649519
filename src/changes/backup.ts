import { appendLines } from '../base/envFile.ts';
import { freeName } from '../model/places.ts';
import type { Change } from './change.ts';
import { inspectAll } from './plan.ts';

/** Where a file of the user's goes when ours takes its place. */
export const backupName = (directory: string, to: string): string =>
  freeName(directory, (number) => `${to}.before-comicpile${number.replace('-', '.')}`);

/** A copy of the file, to be carried out before what changes it. */
export const backupOf = (directory: string, to: string): Change => ({
  to: backupName(directory, to),
  kind: 'state',
  action: 'backup',
  mode: 0o644,
  before: '',
  after: '',
  copyOf: to,
});

// A copy for this machine: git has what was committed, and an image needs neither.
const ignoredIn: readonly (readonly [to: string, line: string])[] = [
  ['.gitignore', '*.before-comicpile*'],
  ['.dockerignore', '**/*.before-comicpile*'],
];

const withLine = (change: Change, line: string): Change => {
  const { before, after } = change;
  if (after.split(/\r?\n/).includes(line)) return change;
  const action = change.action === 'create' ? 'create' : 'extend';
  return { ...change, action, after: after === before ? appendLines(before, line) : `${after}${line}\n` };
};

/** The changes, and where there are backups among them the lines that keep these out of git and of images. */
export const ignoringBackups = (directory: string, changes: readonly Change[]): readonly Change[] => {
  if (!changes.some(({ action }) => action === 'backup')) return changes;
  const extended = ignoredIn.map(([to, line]) => {
    const planned = changes.find((change) => change.to === to);
    if (planned !== undefined) return withLine(planned, line);
    const before = inspectAll(directory, [to]).get(to)?.text;
    const action = before === undefined ? 'create' : 'identical';
    return withLine({ to, kind: 'lines', action, mode: 0o644, before: before ?? '', after: before ?? '' }, line);
  });
  // First, as in the catalogue.
  return [...extended, ...changes.filter((change) => !ignoredIn.some(([to]) => to === change.to))];
};
