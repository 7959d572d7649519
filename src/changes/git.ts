import { followed, git, prefixOf } from '../base/git.ts';
import type { Change } from './change.ts';
import { toLf } from './edited.ts';
import { lockFile } from './lock.ts';

/**
 * Those of the paths that git does not follow and is told to ignore, whether they exist or not. None where the project as a
 * whole is ignored, by a repository around it, as its lock tells.
 */
export const ignored = (directory: string, paths: readonly string[]): ReadonlySet<string> => {
  const said = git(directory, ['check-ignore', '-z', '--stdin'], [lockFile, ...paths].join('\0')) ?? '';
  const found = new Set(said.split('\0').filter((path) => path !== ''));
  return found.has(lockFile) ? new Set() : found;
};

/**
 * Tells git of the conflicts, as its own merge would: base, yours and theirs as the stages 1, 2 and 3 of the index, so that
 * `git status` and every merge tool show them. Only for files that git follows; nothing where there is no repository.
 */
export const markUnmerged = (
  directory: string,
  changes: readonly Change[],
  baseOf: (to: string) => string | undefined,
): void => {
  const prefix = prefixOf(directory);
  if (prefix === undefined) return;
  const known = new Set(
    followed(
      directory,
      changes.map(({ to }) => to),
    ),
  );
  const blob = (text: string): string | undefined =>
    git(directory, ['hash-object', '-w', '--stdin'], toLf(text))?.trim();
  const lines = changes
    .filter(({ to }) => known.has(to))
    .flatMap(({ to, kind, before, base }) => {
      const mode = kind === 'script' ? '100755' : '100644';
      const stages = [baseOf(to), before, base].map((text) => (text === undefined ? undefined : blob(text)));
      const path = `${prefix}${to}`;
      return [
        `0 ${'0'.repeat(stages[1]?.length ?? 40)}\t${path}\n`,
        ...stages.flatMap((id, index) => (id === undefined ? [] : [`${mode} ${id} ${index + 1}\t${path}\n`])),
      ];
    });
  if (lines.length > 0) git(directory, ['update-index', '--index-info'], lines.join(''));
};
