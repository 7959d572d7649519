import { type Ask, askNow, type Reply, type Site } from './site.ts';

/** Requests at once, each on a connection of its own. */
export const burst = (
  site: Site,
  count: number,
  path: string,
  each: (index: number) => Ask = () => ({}),
): Promise<Reply[]> => Promise.all(Array.from({ length: count }, (_, index) => askNow(site, path, each(index))));

/** How many replies of each status. */
export const tally = (replies: readonly Reply[]): Map<number, number> => {
  const counts = new Map<number, number>();
  for (const { status } of replies) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
};

/** A tally as a failed test prints it. */
export const shown = (counts: Map<number, number>): string =>
  [...counts].map(([status, count]) => `${count} × ${status}`).join(', ');
