import type { Promised } from '../emit/promises/promised.ts';
import type { PatternPromise } from './manifest.ts';

/** A promise of a manifest, made of patterns; files that hold secrets are never looked at. */
export const promisedBy = ({ files: paths, matches, lacks }: PatternPromise): Promised => {
  const must = matches === undefined ? undefined : new RegExp(matches, 'm');
  const mustNot = lacks === undefined ? undefined : new RegExp(lacks, 'm');
  return ({ files }) => {
    const visible = files.filter(({ artifact }) => artifact.kind !== 'secret');
    const isIn = (path: string, to: string) => to === path || (path.endsWith('/') && to.startsWith(path));
    const absent = paths.filter((path) => !visible.some(({ artifact: { to } }) => isIn(path, to)));
    return [
      ...absent.map((path) => `${path} is not emitted`),
      ...visible
        .filter(({ artifact: { to } }) => paths.some((path) => isIn(path, to)))
        .flatMap(({ artifact: { to }, text }) => [
          ...(must?.test(text) === false ? [`${to} does not match ${matches}`] : []),
          ...(mustNot?.test(text) === true ? [`${to} matches ${lacks}`] : []),
        ]),
    ];
  };
};
