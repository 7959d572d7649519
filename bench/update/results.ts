import type { Cost } from '../measure.ts';
import { median } from '../statistics.ts';

/** What each run cost, by the name of the contestant, in the order of the rounds. */
export class Results {
  readonly #costs = new Map<string, Cost[]>();

  add(name: string, cost: Cost): void {
    this.#costs.set(name, [...(this.#costs.get(name) ?? []), cost]);
  }

  all(name: string, key: keyof Cost): readonly number[] {
    return (this.#costs.get(name) ?? []).map((cost) => cost[key]);
  }

  median(name: string, key: keyof Cost): number {
    return median(this.all(name, key));
  }

  /** What a file more costs between two sizes of the same workload, in each round. */
  perFile(
    name: (files: number) => string,
    [from, to]: readonly [number, number],
    key: 'cpu' | 'wall',
  ): readonly number[] {
    const more = this.all(name(to), key);
    return this.all(name(from), key).map((value, round) => ((more[round] ?? Number.NaN) - value) / (to - from));
  }
}
