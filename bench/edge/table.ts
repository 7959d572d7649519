import type { Round } from './rounds.ts';
import type { Sample } from './sample.ts';
import { interval, median } from './statistics.ts';

/** A figure of one contestant in one case, over the rounds; a ratio to `bare` is taken within each round. */
export class Table {
  readonly #rounds: readonly Round[];

  constructor(rounds: readonly Round[]) {
    this.#rounds = rounds;
  }

  all(of: string, name: string, key: keyof Sample): readonly number[] {
    return this.#rounds.map((round) => round[of]?.[name]?.[key] ?? Number.NaN);
  }

  /** More is better, and more than 1 better than bare: bare's CPU over its own, its requests per second over bare's. */
  ratios(of: string, name: string, key: keyof Sample): readonly number[] {
    const bare = this.all(of, 'bare', key);
    return this.all(of, name, key).map((own, index) => {
      const ratio = own / (bare[index] ?? Number.NaN);
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
    bound: number,
  ): { readonly kept: boolean; readonly line: string } {
    const ratios = this.ratios(of, name, key);
    const value = median(ratios);
    const kept = (key === 'cpu' ? value : interval(ratios)[1]) >= bound;
    const what = `${of}, ${key === 'cpu' ? 'CPU' : 'requests/s'} against bare`;
    return {
      kept,
      line: `${kept ? 'ok   ' : 'UNDER'} ${what.padEnd(42)} ${value.toFixed(2)} (bound ${bound.toFixed(2)})`,
    };
  }
}

export const heading = `${''.padEnd(42)}CPU µs  ratio             requests/s  ratio`;
