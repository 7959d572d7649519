import { posix, sep } from 'node:path';
import type { Door } from '../../base/door.ts';
import { misuse } from '../../base/refusal.ts';
import { didYouMean } from '../../base/similar.ts';
import type { Choice } from '../pipeline.ts';

/** Why a path cannot be one of the project's; undefined: it can. */
const outside = (path: string): boolean =>
  path.split('/').includes('..') || posix.isAbsolute(path) || /^[A-Za-z]:/.test(path);

/**
 * Which of the known files each of these paths means: as seen from the project's directory, or from the folder below it in which
 * the user stands. All that mean none are refused at once; `why` says it of those that are known otherwise.
 */
export const allNamed = (
  paths: readonly string[],
  from: string,
  known: readonly string[],
  door: Pick<Door, 'run'>,
  why: (path: string) => string | undefined = () => undefined,
): readonly string[] => {
  const problems: string[] = [];
  const below = from.split(sep).join('/');
  const found = paths.flatMap((given) => {
    const path = given.split(sep).join('/');
    const shown = JSON.stringify(given);
    if (outside(path)) {
      problems.push(`${shown} is no path below the project's directory. For example: nginx/nginx.conf`);
      return [];
    }
    const candidates = [posix.normalize(path), ...(below === '' || outside(below) ? [] : [posix.join(below, path)])];
    const one = candidates.find((candidate) => known.includes(candidate));
    if (one !== undefined) return [one];
    const reason = candidates.map(why).find((each) => each !== undefined);
    const meant = didYouMean(candidates[0] ?? '', known);
    problems.push(reason ?? `There is no file ${shown} of ours.${meant} All files: ${door.run('file --list')}`);
    return [];
  });
  if (problems.length > 0) throw misuse(problems, 'These files cannot be taken (nothing was written):');
  return [...new Set(found)];
};

/** The same of one path. */
export const named = (path: string, from: string, known: readonly string[], door: Pick<Door, 'run'>): string =>
  allNamed([path], from, known, door)[0] ?? path;

/** The files that the user has named, under the name that each has in the project or would usually have. */
export const chosenBy =
  (door: Door, paths: readonly string[], from: string) =>
  ({ files, places, catalogue }: Choice): readonly string[] => {
    const present = files.map(({ artifact }) => artifact.to);
    const moved = Object.keys(places).filter(
      (usual) => places[usual] !== null && present.includes(places[usual] ?? ''),
    );
    const why = (path: string): string | undefined =>
      catalogue.some(({ to }) => to === path) ? `${path} is not written with these answers.` : undefined;
    return allNamed(paths, from, [...present, ...moved], door, why).map((path) =>
      present.includes(path) ? path : (places[path] ?? path),
    );
  };
