import type { Contestant } from './contestant.ts';
import type { Sample } from './sample.ts';
import type { Case } from './settings.ts';

/** One round: by the name of the case, by the name of the contestant. */
export type Round = Readonly<Record<string, Readonly<Record<string, Sample>>>>;

/**
 * Each round puts the load of each case on every contestant in turn, each time in another order: what the machine does
 * beside this hits all alike. The first round only warms.
 */
export const measure = (
  contestants: readonly Contestant[],
  cases: readonly Case[],
  rounds: number,
  requests: number,
): readonly Round[] => {
  const measured: Round[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const shift = round % contestants.length;
    const order = [...contestants.slice(shift), ...contestants.slice(0, shift)];
    const results = cases.map((of) => [
      of.name,
      Object.fromEntries(order.map((contestant) => [contestant.name, contestant.sample(of, requests)])),
    ]);
    if (round > 0) measured.push(Object.fromEntries(results));
    process.stderr.write(`\rround ${round} of ${rounds} `);
  }
  process.stderr.write('\n');
  return measured;
};
