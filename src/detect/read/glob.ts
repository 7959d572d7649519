// Longer than any folder that a manifest names.
const longest = 1000;

const isStar = (token: string | undefined): boolean => token?.startsWith('*') === true;

/**
 * Whether a pattern of a workspace means a folder: `*` is within one level, `**` over several, `?` one sign. Every place of the
 * pattern that may be reached is followed at once: a regular expression would try them one after another, which a hostile
 * pattern turns into years.
 */
export const matchesGlob = (pattern: string, path: string): boolean => {
  if (pattern.length > longest) return false;
  const tokens = pattern.replace(/^\.\/|\/$/g, '').match(/\*+|[^*]/gu) ?? [];
  const reached = (places: Iterable<number>): ReadonlySet<number> => {
    const all = new Set(places);
    // The set grows while it is walked: a star may stand for nothing.
    for (const place of all) if (isStar(tokens[place])) all.add(place + 1);
    return all;
  };
  let places = reached([0]);
  for (const sign of path) {
    const next: number[] = [];
    for (const place of places) {
      const token = tokens[place];
      if (token === sign || (token === '?' && sign !== '/')) next.push(place + 1);
      else if (token === '*' ? sign !== '/' : isStar(token)) next.push(place);
    }
    places = reached(next);
  }
  return places.has(tokens.length);
};
