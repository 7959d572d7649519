import { interval, median } from '../statistics.ts';

export type Bound = {
  readonly what: string;
  /** The figure in each round. */
  readonly values: readonly number[];
  readonly is: '>=' | '<=';
  readonly bound: number;
};

/** A line of the report, and whether the median keeps the bound. */
export const verdict = ({ what, values, is, bound }: Bound): { kept: boolean; line: string } => {
  const value = median(values);
  const [low, high] = interval(values);
  const kept = is === '>=' ? value >= bound : value <= bound;
  const word = kept ? 'ok   ' : is === '>=' ? 'UNDER' : 'OVER ';
  const shown = `${value.toFixed(2)} (${low.toFixed(2)}-${high.toFixed(2)})`;
  return { kept, line: `${word} ${what.padEnd(60)} ${shown.padEnd(20)} bound ${is} ${bound}` };
};
