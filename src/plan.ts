import { lstatSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { type Artifact, modeOf } from './artifacts.ts';
import { appendLines, appendMissing } from './envFile.ts';
import { digest, type Lock } from './lock.ts';
import { Refusal } from './refusal.ts';
import type { RenderedFile } from './render.ts';

/**
 * `update`: the file is as we wrote it, and the answers or we changed; `extend`: lines are appended to the user's file;
 * `mode`: only the permissions change; `keep`: the user's file stays; `conflict`: it was edited; `overwrite`: so it was, and the
 * user wants ours.
 */
export type Action = 'create' | 'update' | 'extend' | 'mode' | 'identical' | 'keep' | 'conflict' | 'overwrite';

export type Change = {
  readonly to: string;
  readonly action: Action;
  readonly mode: number;
  readonly secret: boolean;
  /** Written and kept up by us, so recorded in the lock. */
  readonly ours: boolean;
  /** What is on disk now, what will be. */
  readonly before: string;
  readonly after: string;
};

type OnDisk = { readonly text: string; readonly mode: number; readonly gid: number } | undefined;

// The group of the containers, as in docker-compose.prod.yml; scripts/lib.sh lets it read the Docker secret files.
const containerGroup = 10001;

/** Whether a secret on disk is closed to everyone who must not read it. */
export const isPrivate = (to: string, mode: number, gid: number): boolean =>
  mode === 0o600 || (to.startsWith('secrets/') && mode === 0o640 && gid === containerGroup);

// A link or a folder in a file's place is never followed nor replaced: the user must look at it.
const inspect = (directory: string, to: string, problems: string[]): OnDisk => {
  const parts = to.split('/');
  for (let depth = 1; depth <= parts.length; depth += 1) {
    const path = parts.slice(0, depth).join('/');
    const found = lstatSync(join(directory, path), { throwIfNoEntry: false });
    if (found === undefined) return undefined;
    const isLast = depth === parts.length;
    if (isLast ? !found.isFile() : !found.isDirectory()) {
      problems.push(`${path} is not a plain ${isLast ? 'file' : 'folder'}; move it away`);
      return undefined;
    }
    if (isLast) return { text: readFileSync(join(directory, to), 'utf8'), mode: found.mode & 0o777, gid: found.gid };
  }
  return undefined;
};

const merged = ({ kind, to }: Artifact, before: string, rendered: string): string => {
  if (kind === 'once') return before;
  if (kind === 'lines') return appendLines(before, rendered);
  if (kind === 'secret') return to.startsWith('.env') ? appendMissing(before, rendered) : before;
  return rendered;
};

const planOne = ({ artifact, text }: RenderedFile, disk: OnDisk, locked?: string): Change => {
  const { to, kind } = artifact;
  const mode = modeOf(artifact);
  const ours = kind === undefined || kind === 'file' || kind === 'script';
  const common = { to, mode, secret: kind === 'secret', ours };
  if (disk === undefined) return { ...common, action: 'create', before: '', after: text };
  const after = merged(artifact, disk.text, text);
  const change = { ...common, before: disk.text, after };
  if (after !== disk.text) {
    if (kind === 'lines' || kind === 'secret') return { ...change, action: 'extend' };
    return { ...change, action: locked === digest(disk.text) ? 'update' : 'conflict' };
  }
  if (kind === 'once') return { ...change, mode: disk.mode, action: after === text ? 'identical' : 'keep' };
  // Only what has a meaning is compared: secrecy, and whether a script runs. umask may take more away.
  const wrongMode =
    kind === 'secret' ? !isPrivate(to, disk.mode, disk.gid) : kind === 'script' && (disk.mode & 0o100) === 0;
  return { ...change, action: wrongMode ? 'mode' : 'identical' };
};

/**
 * What writing these files would do to the directory; reads, never writes. A file that has its digest in the lock was
 * not edited, so changed answers or templates may change it.
 */
export const plan = (directory: string, files: readonly RenderedFile[], lock: Lock = {}): readonly Change[] => {
  const problems: string[] = [];
  const changes = files.map((file) =>
    planOne(file, inspect(directory, file.artifact.to, problems), lock[file.artifact.to]),
  );
  if (problems.length > 0) {
    throw new Refusal(
      `The directory ${directory.split(sep).at(-1)} cannot take the files (nothing was written):`,
      [...new Set(problems)],
      1,
    );
  }
  return changes;
};

/** Whether carrying out the change alters the directory. */
export const alters = ({ action }: Change): boolean => action !== 'identical' && action !== 'keep';
