import { isParsed } from './parsedFiles.ts';
import type { Promised } from './promised.ts';

/** What other promises look into can be read: where it cannot, they see nothing in it to complain about. */
export const filesRead: Promised = (set) =>
  set.files
    .map(({ artifact: { to } }) => to)
    .filter(isParsed)
    .flatMap((to) => {
      const problem = set.problem(to);
      return problem === undefined ? [] : [`${to} cannot be read: ${problem}`];
    });
