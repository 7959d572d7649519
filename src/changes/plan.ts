import { isUtf8 } from 'node:buffer';
import { lstatSync, readFileSync } from 'node:fs';
import { sep } from 'node:path';
import { digest } from '../base/digest.ts';
import { appendLines, appendMissing } from '../base/envFile.ts';
import { Refusal } from '../base/refusal.ts';
import { type Artifact, modeOf } from '../emit/catalogue.ts';
import type { RenderedFile } from '../emit/renderedFile.ts';
import type { Change } from './change.ts';
import type { Lock } from './lock.ts';

/** `isText`: it is UTF-8, so that `text` is all of it. */
export type OnDisk = {
  readonly text: string;
  readonly isText: boolean;
  readonly mode: number;
  readonly gid: number;
};

// The group of the containers, as in docker-compose.prod.yml; scripts/lib.sh lets it read the Docker secret files.
const containerGroup = 10001;

/** Whether a secret on disk is closed to everyone who must not read it. */
export const isPrivate = (to: string, mode: number, gid: number): boolean =>
  mode === 0o600 || (to.startsWith('secrets/') && mode === 0o640 && gid === containerGroup);

/** What is wrong with the folders that a place is in, or with the place; `absent`: there is nothing yet. */
type Way = 'open' | 'absent' | 'closed';

// A link or a folder in a file's place is never followed nor replaced: the user must look at it.
const folderAt = (directory: string, path: string, ways: Map<string, Way>, problems: string[]): Way => {
  const known = ways.get(path);
  if (known !== undefined) return known;
  const end = path.lastIndexOf('/');
  const above = end < 0 ? 'open' : folderAt(directory, path.slice(0, end), ways, problems);
  const found = above === 'open' ? lstatSync(`${directory}/${path}`, { throwIfNoEntry: false }) : undefined;
  const way = above !== 'open' ? above : found === undefined ? 'absent' : found.isDirectory() ? 'open' : 'closed';
  if (above === 'open' && way === 'closed') problems.push(`${path} is not a plain folder; move it away`);
  ways.set(path, way);
  return way;
};

const inspect = (directory: string, to: string, ways: Map<string, Way>, problems: string[]): OnDisk | undefined => {
  const end = to.lastIndexOf('/');
  if (end >= 0 && folderAt(directory, to.slice(0, end), ways, problems) !== 'open') return undefined;
  const path = `${directory}/${to}`;
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  if (!found.isFile()) {
    problems.push(`${to} is not a plain file; move it away`);
    return undefined;
  }
  const bytes = readFileSync(path);
  return { text: bytes.toString(), isText: isUtf8(bytes), mode: found.mode & 0o777, gid: found.gid };
};

const merged = ({ kind, to }: Artifact, before: string, rendered: string): string => {
  if (kind === 'once') return before;
  if (kind === 'lines') return appendLines(before, rendered);
  if (kind === 'secret') return to.startsWith('.env') ? appendMissing(before, rendered) : before;
  return rendered;
};

/** What writing this file anew would do, whatever was merged before. */
export const planOne = ({ artifact, text }: RenderedFile, disk?: OnDisk, locked?: string): Change => {
  const { to, kind = 'file' } = artifact;
  const mode = modeOf(artifact);
  const common = { to, kind, mode };
  if (disk === undefined) return { ...common, action: 'create', before: '', after: text };
  const after = merged(artifact, disk.text, text);
  const change = { ...common, before: disk.text, after };
  if (after !== disk.text) {
    if (kind === 'lines' || kind === 'secret') return { ...change, action: 'extend' };
    if (locked === undefined) return { ...change, action: 'conflict', isForeign: true };
    return { ...change, action: locked === digest(disk.text) ? 'update' : 'conflict' };
  }
  if (kind === 'once') return { ...change, mode: disk.mode, action: after === text ? 'identical' : 'keep' };
  // Only what has a meaning is compared: secrecy, and whether a script runs. umask may take more away.
  const wrongMode =
    kind === 'secret' ? !isPrivate(to, disk.mode, disk.gid) : kind === 'script' && (disk.mode & 0o100) === 0;
  return { ...change, action: wrongMode ? 'mode' : 'identical' };
};

/** What is at each of these places; refuses where one cannot be a file of ours, and lists them all. */
export const inspectAll = (directory: string, places: readonly string[]): ReadonlyMap<string, OnDisk | undefined> => {
  const problems: string[] = [];
  // Of many files in a folder that is not there yet only the folder is asked for.
  const ways = new Map<string, Way>();
  const found = new Map(places.map((to) => [to, inspect(directory, to, ways, problems)]));
  if (problems.length > 0) {
    throw new Refusal(
      `The directory ${directory.split(sep).at(-1)} cannot take the files (nothing was written):`,
      [...new Set(problems)],
      1,
    );
  }
  return found;
};

/** Lines are appended to text: bytes of another encoding would not be the same afterwards. */
export const refuseBytes = (files: readonly RenderedFile[], disk: ReadonlyMap<string, OnDisk | undefined>): void => {
  const bytes = files.filter(
    ({ artifact: { to, kind } }) => (kind === 'lines' || kind === 'secret') && disk.get(to)?.isText === false,
  );
  if (bytes.length === 0) return;
  throw new Refusal(
    'These files are not in UTF-8, so nothing can be appended to them (nothing was written):',
    bytes.map(({ artifact: { to } }) => `${to}; for example: iconv -f latin1 -t utf-8`),
    1,
  );
};

/**
 * What writing these files would do to the directory; reads, never writes. A file that has its digest in the lock was
 * not edited, so changed answers or templates may change it.
 */
export const plan = (
  directory: string,
  files: readonly RenderedFile[],
  locked: Lock['files'] = {},
): readonly Change[] => {
  const disk = inspectAll(
    directory,
    files.map(({ artifact }) => artifact.to),
  );
  refuseBytes(files, disk);
  return files.map((file) => planOne(file, disk.get(file.artifact.to), locked[file.artifact.to]));
};
