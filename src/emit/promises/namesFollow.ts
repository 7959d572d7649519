import { nameable } from '../../model/places.ts';
import type { Promised } from './promised.ts';

const escaped = (text: string): string => text.replaceAll('.', '\\.');

/**
 * A file that can have another name, because the project has one of its own under the usual one, is called by the name that it has
 * here: nothing of ours names, builds or starts theirs. Ignore files may: theirs is to be followed. "the Dockerfile" is a word.
 */
export const namesFollow: Promised = ({ files }, { names }) =>
  nameable.flatMap(({ key, usual, other }) =>
    [usual, other]
      .filter((name) => name !== names[key])
      .flatMap((name) => {
        const named = new RegExp(`(?<![\\w./-]|the )${escaped(name)}(?![\\w-]|\\.\\w)`);
        return files
          .filter(({ artifact: { kind }, text }) => kind !== 'lines' && named.test(text))
          .map(({ artifact: { to } }) => `${to} names ${name}, which is not ours here: print names.${key}`);
      }),
  );
