import { join } from 'node:path';
import { digest } from '../base/digest.ts';
import { inTree, type Tree } from '../base/disk/tree.ts';
import { isManaged } from '../emit/catalogue.ts';
import type { Change } from './change.ts';
import { isEdited, toLf } from './edited.ts';
import type { Lock } from './lock.ts';

const folder = '.comicpile';

/**
 * The merge base: each file of ours as we last wrote it, so that an update needs no network, no git and no former version of
 * the generator. Committed with the project; no secret is ever in it.
 */
export const basePath = (to: string): string => `${folder}/base/${to}`;

const textAt = (tree: Tree, path: string): string | undefined => tree.read(path)?.bytes.toString();

/**
 * Undefined where there is none (an empty file of ours has an empty one), and where it is not what the lock has: a formatter or
 * a merge was at it, and a merge from a wrong base loses lines.
 */
export const readBase = (directory: string, to: string, { files }: Pick<Lock, 'files'>): string | undefined => {
  const text = inTree(directory, (tree) => textAt(tree, basePath(to)));
  return text !== undefined && digest(text) === files[to] ? text : undefined;
};

// Exact copies: git changes no line ends, and hosting sites fold them in a review.
const attributes = 'base/** -text linguist-generated\n';

/** The same, or where that is lost one of these texts, if it is what the lock has, line ends aside. */
export const knownBase = (
  directory: string,
  to: string,
  lock: Pick<Lock, 'files'>,
  ...others: readonly (string | undefined)[]
): string | undefined => {
  const base = readBase(directory, to, lock);
  if (base !== undefined) return base;
  const written = others.find((text) => text !== undefined && !isEdited(text, lock.files[to]));
  return written === undefined ? undefined : toLf(written);
};

const written = (tree: Tree, to: string, after: string): readonly Change[] => {
  const before = textAt(tree, to);
  if (before === after) return [];
  return [
    { to, kind: 'base', action: before === undefined ? 'create' : 'update', mode: 0o644, before: before ?? '', after },
  ];
};

/** The changes of the merge bases that go with these changes of files. */
export const basesAfter = (directory: string, changes: readonly Change[]): readonly Change[] =>
  inTree(directory, (tree) => {
    const ofFiles = changes.flatMap(({ to, kind, action, base, after }): readonly Change[] => {
      if (!isManaged(kind) || action === 'conflict') return [];
      if (action === 'absent' && base === undefined) return [];
      if (action !== 'remove' && action !== 'release') return written(tree, basePath(to), base ?? after);
      const before = textAt(tree, basePath(to));
      if (before === undefined) return [];
      return [{ to: basePath(to), kind: 'base', action: 'remove', mode: 0o644, before, after: '' }];
    });
    return [...written(tree, join(folder, '.gitattributes'), attributes), ...ofFiles];
  });
