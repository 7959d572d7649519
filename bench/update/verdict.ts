import { interval, median } from '../statistics.ts';

export type Bound = {
  readonly what: string;
  /** The figure in each round. */
  readonly values: readonly number[];
  readonly is: '>=' | '<=';
  readonly bound: number;
  /** The median must keep the bound; or, where the figure is a difference of noisy ones, its 95 % interval must reach it. */
  readonly judged?: 'median' | 'interval';
};

/** A line of the report, and whether the bound is kept. */
export const verdict = ({ what, values, is, bound, judged = 'median' }: Bound): { kept: boolean; line: string } => {
  const value = median(values);
  const [low, high] = interval(values);
  const best = judged === 'median' ? value : is === '>=' ? high : low;
  const kept = is === '>=' ? best >= bound : best <= bound;
  const word = kept ? 'ok   ' : is === '>=' ? 'UNDER' : 'OVER ';
  const shown = `${value.toFixed(2)} (${low.toFixed(2)}-${high.toFixed(2)})`;
  return { kept, line: `${word} ${what.padEnd(60)} ${shown.padEnd(20)} bound ${is} ${bound}` };
};
