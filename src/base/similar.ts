/**
 * How many slips of the finger lie between two words: a letter too many, one missing, another one, or two neighbours swapped
 * (Damerau and Levenshtein, no letter touched twice).
 */
const slips = (from: string, to: string): number => {
  let [before, last] = [[] as number[], Array.from({ length: to.length + 1 }, (_, at) => at)];
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
        swapped && row > 1 && column > 1 ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [before, last] = [last, current];
  }
  return last[to.length] ?? 0;
};

// Longer ones are not typed by hand.
const longest = 80;

/** The known word that somebody meant who typed this one; undefined where none is near. */
export const nearest = (given: string, known: readonly string[]): string | undefined => {
  const typed = given.toLowerCase();
  if (typed.length < 2 || typed.length > longest) return undefined;
  const [begun, ...more] = known.filter((word) => word.toLowerCase().startsWith(typed));
  if (begun !== undefined && more.length === 0) return begun;
  let [found, least]: [string | undefined, number] = [undefined, 4];
  for (const word of known) {
    const length = Math.max(typed.length, word.length);
    // Words of which less than this is the same have nothing to do with each other.
    if (Math.abs(typed.length - word.length) >= least || length > 2 * longest) continue;
    const count = slips(typed, word.toLowerCase());
    if (count < least && (length - count) / length > 0.4) [found, least] = [word, count];
  }
  return found;
};

/** ` Did you mean "update"?`, to stand behind the sentence that says what is not known; empty where nothing is near. */
export const didYouMean = (
  given: string,
  known: readonly string[],
  shown = (word: string): string => JSON.stringify(word),
): string => {
  const word = nearest(given, known);
  return word === undefined ? '' : ` Did you mean ${shown(word)}?`;
};
