const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

export const median = (values: readonly number[]): number => {
  const order = sorted(values);
  const middle = order.length / 2;
  return ((order[Math.ceil(middle) - 1] ?? Number.NaN) + (order[Math.floor(middle)] ?? Number.NaN)) / 2;
};

/**
 * The interval that holds the true median in about 95 of 100 repetitions, whatever the distribution: the values whose
 * ranks a fair coin's binomial gives. With fewer than six values, all of them.
 */
export const interval = (values: readonly number[]): readonly [number, number] => {
  const order = sorted(values);
  const n = order.length;
  let chance = 2 ** -n; // of k values below the median
  let tail = chance;
  let rank = 0;
  while (tail <= 0.025) {
    rank += 1;
    chance = (chance * (n - rank + 1)) / rank;
    tail += chance;
  }
  const skip = Math.max(0, rank - 1);
  return [order[skip] ?? Number.NaN, order[n - 1 - skip] ?? Number.NaN];
};
