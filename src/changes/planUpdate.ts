import { isUtf8 } from 'node:buffer';
import { inTree } from '../base/disk/tree.ts';
import { version } from '../base/version.ts';
import { isManaged, modeOf } from '../emit/catalogue.ts';
import type { RenderedFile } from '../emit/renderedFile.ts';
import type { Change } from './change.ts';
import { isEdited, isSame } from './edited.ts';
import type { Lock } from './lock.ts';
import { type Labels, merge3 } from './merge3.ts';
import { knownBase } from './mergeBase.ts';
import { inspectAll, type OnDisk, planOne, refuseBytes } from './plan.ts';
import { type Rename, renamesOf } from './renames.ts';

export type Choices = {
  /** Bring back what the user has deleted. */
  readonly restore: boolean;
  readonly renames?: readonly Rename[];
  /** Files that git ignores: whatever is there could not be had back, so they are the user's. */
  readonly ignored?: ReadonlySet<string>;
  /** The user's text without edits that count for nothing against ours. */
  readonly settle?: (text: string) => string;
  /** A generation: what no run of ours has written is the user's to decide, and secrets that are not there are drawn. */
  readonly generates?: boolean;
  /** Some files of the set alone: what is not among them is not gone. */
  readonly isPart?: boolean;
};

const labels = (): Labels => ({ yours: 'yours', theirs: `comicpile ${version()}` });

// The user's permissions stay, but a script runs.
const modeFor = (file: RenderedFile, disk: OnDisk): number =>
  file.artifact.kind === 'script' ? disk.mode | 0o100 : disk.mode;

const mergeOne = (
  file: RenderedFile,
  disk: OnDisk,
  base: string | undefined,
  settle: (text: string) => string = (text) => text,
): Change => {
  const { artifact, text } = file;
  const { to, kind = 'file' } = artifact;
  const mode = modeFor(file, disk);
  const change = { to, kind, mode, before: disk.text, base: text };
  if (isSame(disk.text, text))
    return { ...change, action: mode === disk.mode ? 'identical' : 'mode', after: disk.text };
  if (base === text) return { ...change, action: mode === disk.mode ? 'keep' : 'mode', after: disk.text };
  // Bytes that are no text cannot be merged, and stay.
  if (!disk.isText) return { ...change, action: 'conflict', after: disk.text };
  const yours = settle(disk.text);
  const { text: after, conflicts } = merge3({ yours, base, theirs: text }, labels());
  if (isSame(disk.text, base)) return { ...change, action: 'update', after };
  if (after === disk.text) return { ...change, action: mode === disk.mode ? 'keep' : 'mode', after };
  return { ...change, action: conflicts > 0 ? 'mark' : 'merge', after };
};

/** A file that was there before us as a merge: without a base each difference is one to decide. Only of text. */
export const mergedWith =
  (directory: string) =>
  (change: Change): Change | undefined => {
    const content = inTree(directory, (tree) => tree.read(change.to));
    if (content === undefined || !isUtf8(content.bytes)) return undefined;
    const { text, conflicts } = merge3({ yours: change.before, base: undefined, theirs: change.after }, labels());
    return { ...change, action: conflicts > 0 ? 'mark' : 'merge', after: text, base: change.after };
  };

/**
 * What a generation and an update do: each file of ours merged from what is on disk, what we wrote last and what we write now; what
 * the user has deleted stays so (`restore`: comes back), what git ignores is his; what we no longer have is removed where it was not
 * edited. Reads, never writes.
 */
export const planUpdate = (
  directory: string,
  files: readonly RenderedFile[],
  lock: Lock,
  { restore, renames = [], ignored = new Set(), settle, generates = false, isPart = false }: Choices,
): readonly Change[] => {
  const rendered = new Set(files.map(({ artifact }) => artifact.to));
  const moved = new Map(
    [...renamesOf(renames, lock, rendered)].filter((names) => !names.some((to) => ignored.has(to))),
  );
  const gone = isPart ? [] : Object.keys(lock.files).filter((to) => !rendered.has(to));
  const disk = inspectAll(directory, [...rendered, ...gone]);
  refuseBytes(files, disk);
  const texts = new Map(files.map(({ artifact, text }) => [artifact.to, text]));
  // A base that is lost is the file itself, where that was not edited, or the new one, where nothing is new.
  const baseOf = (to: string): string | undefined => knownBase(directory, to, lock, disk.get(to)?.text, texts.get(to));

  // Ignored by git, so a clone has none, and an update draws none for it.
  const hasSecrets =
    generates || files.some(({ artifact: { to, kind } }) => kind === 'secret' && disk.get(to) !== undefined);
  const absent = (file: RenderedFile, wasOurs: boolean, former?: string): Change => {
    const change = planOne(file);
    if (!wasOurs || restore) return change;
    return { ...change, action: 'absent', ...(former === undefined ? {} : { base: former }) };
  };

  const released = (to: string): Change => {
    const text = disk.get(to)?.text ?? '';
    return { to, kind: 'file', action: 'release', mode: modeOf({ owner: 'docker', to }), before: text, after: text };
  };

  const planFile = (file: RenderedFile): readonly Change[] => {
    const { to, kind = 'file' } = file.artifact;
    const found = disk.get(to);
    if (isManaged(kind)) {
      if (ignored.has(to)) return to in lock.files ? [released(to)] : [];
      const from = moved.get(to);
      const former = from === undefined ? undefined : disk.get(from);
      if (found === undefined && from !== undefined && former !== undefined) {
        const { action, ...change } = mergeOne(file, former, baseOf(from), settle);
        return [{ ...change, before: '', action: action === 'mark' || action === 'merge' ? action : 'create' }];
      }
      const isForeign = generates && !(to in lock.files);
      if (found !== undefined) return [isForeign ? planOne(file, found) : mergeOne(file, found, baseOf(to), settle)];
      // What is absent keeps the base that it had, under its new name too.
      return [absent(file, to in lock.files || from !== undefined, from && (baseOf(from) ?? file.text))];
    }
    if (found !== undefined) return [planOne(file, found)];
    if (kind === 'secret') return hasSecrets ? [planOne(file)] : [];
    return [absent(file, lock.once.includes(to))];
  };

  const planGone = (to: string): Change => {
    if (ignored.has(to)) return released(to);
    const found = disk.get(to);
    const taken = [...moved].some(([target, from]) => from === to && disk.get(target) === undefined);
    const unedited = found !== undefined && !isEdited(found.text, lock.files[to]);
    const action = found === undefined ? 'release' : taken || unedited ? 'remove' : 'release';
    return { to, kind: 'file', action, mode: modeOf({ owner: 'docker', to }), before: found?.text ?? '', after: '' };
  };
  return [...files.flatMap(planFile), ...gone.map(planGone)];
};
