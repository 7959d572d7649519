import type { Cost } from './measure.ts';
import { median } from './statistics.ts';
import { Clerk } from './update/clerk.ts';
import { comicpile } from './update/comicpile.ts';
import { type Contestant, runOnce } from './update/contestant.ts';
import { copierUpdate } from './update/copier.ts';
import { cruftCheck } from './update/cruft.ts';
import { hygen, installHygen } from './update/hygen.ts';
import { installPython } from './update/python.ts';
import { Results } from './update/results.ts';
import { type Bound, verdict } from './update/verdict.ts';
import { sizedName, workload } from './update/workload.ts';
import { Workshop } from './update/workshop.ts';

/**
 * What an update and a check cost against those of copier and cruft, and how they grow with the number of files, against
 * hygen: side by side on the same workload, interleaved, medians. Exits 1 where a bound is not kept.
 */
const rounds = Number(process.env.ROUNDS ?? 9);
const bounds = { copier: 5, cruft: 2, memory: 60, growth: 1.25, hygen: 1 };
const sizes = [15, 150, 1500] as const;
const [small, middle, large] = sizes;
// Growth is judged between halves: what 15 files cost more or less than 150 is lost in what the machine does beside this.
const half = large / 2;

const workshop = new Workshop();
const bin = installPython(workshop);
const program = installHygen(workshop);
const contestants: readonly Contestant[] = [
  copierUpdate(workshop, bin, workload(small)),
  cruftCheck(workshop, bin, workload(small)),
  ...comicpile(workshop, [small, middle, half, large]),
  ...sizes.map((count) => hygen(workshop, program, workload(count))),
];

const clerk = new Clerk(`${bin}/python`, workshop.env);
const results = new Results();
for (let round = 0; round <= rounds; round += 1) {
  // Each time in another order: what the machine does beside this hits all alike. The first round only warms.
  const shift = round % contestants.length;
  for (const contestant of [...contestants.slice(shift), ...contestants.slice(0, shift)]) {
    const cost = runOnce(workshop, clerk, contestant);
    if (round > 0) results.add(contestant.name, cost);
  }
  process.stderr.write(`\rround ${round} of ${rounds} `);
}
process.stderr.write('\n');

const row = (first: string, ...cells: readonly string[]): void =>
  console.log(`${first.padEnd(28)}${cells.map((cell) => cell.padStart(10)).join('')}`);
row(`${rounds} rounds, medians`, 'files', 'CPU s', 'wall s', 'MiB');
for (const { name, files } of contestants) {
  const figure = (key: keyof Cost, digits: number) => results.median(name, key).toFixed(digits);
  row(name, String(files), figure('cpu', 3), figure('wall', 3), figure('memory', 0));
}

console.log();
const growth = (name: string, from: number, to: number, key: 'cpu' | 'wall' = 'cpu'): readonly number[] =>
  results.perFile((count) => sizedName(name, count), [from, to], key);
row('ms a file more', `${small}-${middle}`, `${middle}-${large}`, `${small}-${large}`);
for (const key of ['cpu', 'wall'] as const) {
  for (const name of ['comicpile update', 'comicpile check', 'hygen']) {
    const shown = (from: number, to: number) => (median(growth(name, from, to, key)) * 1000).toFixed(2);
    row(`${name}, ${key}`, shown(small, middle), shown(middle, large), shown(small, large));
  }
}
console.log();

const over = (values: readonly number[], others: readonly number[]): readonly number[] =>
  values.map((value, round) => value / (others[round] ?? Number.NaN));
const faster = (other: string, ours: string, bound: number): Bound => ({
  what: `wall of ${other} / ${ours}`,
  values: over(results.all(other, 'wall'), results.all(ours, 'wall')),
  is: '>=',
  bound,
});
const light = (name: string): Bound => ({
  what: `peak memory of ${name}, MiB`,
  values: results.all(name, 'memory'),
  is: '<=',
  bound: bounds.memory,
});
const linear = (name: string): Bound => ({
  what: `CPU a file more of ${name}, ${half}-${large} / ${small}-${half}`,
  values: over(growth(name, half, large), growth(name, small, half)),
  is: '<=',
  bound: bounds.growth,
});
const lean = (name: string): Bound => ({
  what: `CPU a file more of ${name} / hygen`,
  values: over(growth(name, small, large), growth('hygen', small, large)),
  is: '<=',
  bound: bounds.hygen,
});
// Of our own files alone, and of the workload as well.
const both = (verb: string): readonly string[] => [`comicpile ${verb}`, sizedName(`comicpile ${verb}`, small)];
const judged: readonly Bound[] = [
  ...both('update').map((ours) => faster('copier update', ours, bounds.copier)),
  ...both('check').map((ours) => faster('cruft check', ours, bounds.cruft)),
  ...[...both('update'), ...both('check')].map(light),
  ...['comicpile update', 'comicpile check'].flatMap((name) => [linear(name), lean(name)]),
];
for (const { kept, line } of judged.map(verdict)) {
  console.log(line);
  if (!kept) process.exitCode = 1;
}
