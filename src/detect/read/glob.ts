// Longer than any folder that a manifest names.
const longest = 1000;

const isStar = (token: string | undefined): boolean => token?.startsWith('*') === true;

/**
 * Whether a pattern of a workspace means a folder: `*` is within one level, `**` over several, `?` one sign. Every position of the
 * pattern that may be reached is followed at once: a regular expression would try them one after another, which a hostile
 * pattern turns into years.
 */
export const matchesGlob = (pattern: string, path: string): boolean => {
  if (pattern.length > longest) return false;
  const tokens = pattern.replace(/^\.\/|\/$/g, '').match(/\*+|[^*]/gu) ?? [];
  const reached = (positions: Iterable<number>): ReadonlySet<number> => {
    const all = new Set(positions);
    // The set grows while it is walked: a star may stand for nothing.
    for (const position of all) if (isStar(tokens[position])) all.add(position + 1);
    return all;
  };
  let positions = reached([0]);
  for (const sign of path) {
    const next: number[] = [];
    for (const position of positions) {
      const token = tokens[position];
      if (token === sign || (token === '?' && sign !== '/')) next.push(position + 1);
      else if (token === '*' ? sign !== '/' : isStar(token)) next.push(position);
    }
    positions = reached(next);
  }
  return positions.has(tokens.length);
};
