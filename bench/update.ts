import type { Cost } from './measure.ts';
import { median } from './statistics.ts';
import { Clerk } from './update/clerk.ts';
import { command } from './update/command.ts';
import { type Contestant, runOnce } from './update/contestant.ts';
import { copierUpdate } from './update/copier.ts';
import { bundleOurs, core } from './update/core.ts';
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
const [small, middle, large] = [15, 150, 1500] as const;

const workshop = new Workshop();
const bin = installPython(workshop);
const [program, hygenProgram] = [bundleOurs(workshop), installHygen(workshop)];
const real = command(workshop);
const sized = [small, middle, large].flatMap((count): Contestant[] => {
  const files = workload(count);
  const { update, check } = core(workshop, program, files);
  return [update, check, hygen(workshop, hygenProgram, files)];
});
const contestants: readonly Contestant[] = [
  copierUpdate(workshop, bin, workload(small)),
  real.update,
  cruftCheck(workshop, bin, workload(small)),
  real.check,
  ...sized,
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
row('ms of CPU a file more', `${small}-${middle}`, `${middle}-${large}`, `${small}-${large}`);
const growth = (name: string, from: number, to: number): readonly number[] =>
  results.perFile((count) => sizedName(name, count), [from, to], 'cpu');
for (const name of ['core update', 'core check', 'hygen']) {
  const shown = (from: number, to: number) => (median(growth(name, from, to)) * 1000).toFixed(2);
  row(name, shown(small, middle), shown(middle, large), shown(small, large));
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
  what: `CPU a file more of ${name}, ${middle}-${large} / ${small}-${middle}`,
  values: over(growth(name, middle, large), growth(name, small, middle)),
  is: '<=',
  bound: bounds.growth,
  judged: 'interval',
});
const lean = (name: string): Bound => ({
  what: `CPU a file more of ${name} / hygen`,
  values: over(growth(name, small, large), growth('hygen', small, large)),
  is: '<=',
  bound: bounds.hygen,
});
const [coreUpdate, coreCheck] = [sizedName('core update', small), sizedName('core check', small)];
const judged: readonly Bound[] = [
  ...['comicpile update', coreUpdate].map((ours) => faster('copier update', ours, bounds.copier)),
  ...['comicpile check', coreCheck].map((ours) => faster('cruft check', ours, bounds.cruft)),
  ...['comicpile update', 'comicpile check', coreUpdate, coreCheck].map(light),
  ...['core update', 'core check'].flatMap((name) => [linear(name), lean(name)]),
];
for (const { kept, line } of judged.map(verdict)) {
  console.log(line);
  if (!kept) process.exitCode = 1;
}
