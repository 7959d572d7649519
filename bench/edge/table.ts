import { interval, median } from '../statistics.ts';
import type { Round } from './rounds.ts';
import type { Sample } from './sample.ts';
import type { Bound } from './settings.ts';

/** A figure of one contestant in one case, over the rounds; a ratio to another is taken within each round. */
export class Table {
  readonly #rounds: readonly Round[];

  constructor(rounds: readonly Round[]) {
    this.#rounds = rounds;
  }

  all(of: string, name: string, key: keyof Sample): readonly number[] {
    return this.#rounds.map((round) => round[of]?.[name]?.[key] ?? Number.NaN);
  }

  /** More is better, and more than 1 better than the other: its CPU over the own, the own requests per second over its. */
  ratios(of: string, name: string, key: keyof Sample, against = 'bare'): readonly number[] {
    const other = this.all(of, against, key);
    return this.all(of, name, key).map((own, index) => {
      const ratio = own / (other[index] ?? Number.NaN);
      return key === 'cpu' ? 1 / ratio : ratio;
    });
  }

  line(of: string, name: string): string {
    const shown = (key: keyof Sample): string => {
      const [low, high] = interval(this.ratios(of, name, key));
      return `${median(this.ratios(of, name, key)).toFixed(2)} (${low.toFixed(2)}-${high.toFixed(2)})`;
    };
    const cpu = median(this.all(of, name, 'cpu'))
      .toFixed(1)
      .padStart(6);
    const rps = median(this.all(of, name, 'rps'))
      .toFixed(0)
      .padStart(10);
    return `${of.padEnd(18)}${name.padEnd(24)}${cpu}  ${shown('cpu')}  ${rps}  ${shown('rps')}`;
  }

  /** CPU is judged by its median; the client's rate is noise on a busy machine, so all of its interval must be below. */
  verdict(
    of: string,
    name: string,
    key: keyof Sample,
    { against, share }: Bound,
  ): { readonly kept: boolean; readonly line: string } {
    const ratios = this.ratios(of, name, key, against);
    const value = median(ratios);
    const kept = (key === 'cpu' ? value : interval(ratios)[1]) >= share;
    const what = `${of}, ${key === 'cpu' ? 'CPU' : 'requests/s'} against ${against}`;
    return {
      kept,
      line: `${kept ? 'ok   ' : 'UNDER'} ${what.padEnd(58)} ${value.toFixed(2)} (bound ${share.toFixed(2)})`,
    };
  }
}

export const heading = `${''.padEnd(42)}CPU µs  ratio             requests/s  ratio`;
