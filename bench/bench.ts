import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packageRoot } from '../src/base/packageRoot.ts';
import { give, someone } from '../test/unprivileged.ts';
import { bareInput } from './input.ts';
import { type Cost, measure } from './measure.ts';
import { median } from './statistics.ts';
import { installYeoman } from './yeoman.ts';

/**
 * What a run costs against what it cannot do without, side by side: `comicpile --yes` against a bare Node script that
 * renders and writes the same files, `yo comicpile` against a trivial Yeoman generator that writes as many. Interleaved,
 * medians. Exits 1 where a bound is not kept.
 */
const rounds = Number(process.env.ROUNDS ?? 15);
const bounds = { bin: 1.6, yo: 1.1, binMemory: 60 };

const root = mkdtempSync(join(tmpdir(), 'comicpile-bench-'));
// Without uv: locking the new app's dependencies is uv's work, not ours.
const env = { PATH: dirname(process.execPath), HOME: root, NO_UPDATE_NOTIFIER: '1' };
const here = (path: string) => join(packageRoot(), path);

const input = join(root, 'input.json');
writeFileSync(input, JSON.stringify(bareInput()));
const yo = installYeoman(root);
chmodSync(root, 0o755);
give(root);
const contestants = {
  'bare script, same files': { args: [here('dist/bench/bare.js'), input], user: {} },
  'comicpile --yes': { args: [here('dist/bin/comicpile.js'), '--yes'], user: {} },
  'trivial Yeoman generator': { args: [yo, 'trivial'], user: someone },
  'yo comicpile --yes': { args: [yo, 'comicpile', '--yes'], user: someone },
} as const;
type Name = keyof typeof contestants;
const names = Object.keys(contestants) as Name[];

const costs: Record<Name, Cost[]> = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
  Name,
  Cost[]
>;
for (let round = 0; round < rounds + 1; round += 1) {
  for (const name of names) {
    // Each its own, removed at the end: ext4 passes over the inodes of what was just removed, one after the other, and whoever
    // makes the most files would pay for what the round before has left.
    const cwd = join(root, `out-${round}-${names.indexOf(name)}`);
    mkdirSync(cwd);
    give(cwd);
    const { args, user } = contestants[name];
    const cost = measure(process.execPath, args, { cwd, env, ...user });
    if (round > 0) costs[name].push(cost); // the first one warms the disk cache
  }
}
rmSync(root, { recursive: true, force: true });

const of = (name: Name, key: keyof Cost): number => median(costs[name].map((cost) => cost[key]));

console.log(`${rounds} rounds, medians${' '.repeat(13)}CPU s   wall s   MiB`);
for (const name of names) {
  const row = [of(name, 'cpu').toFixed(3), of(name, 'wall').toFixed(3), of(name, 'memory').toFixed(0)];
  console.log(`${name.padEnd(30)} ${row.map((cell) => cell.padStart(7)).join('  ')}`);
}
// Within each round, and then the median: neighbours in time are what can be compared.
const ratio = (name: Name, other: Name): number =>
  median(costs[name].map(({ cpu }, round) => cpu / (costs[other][round]?.cpu ?? Number.NaN)));
const results = [
  ['CPU of comicpile / bare script', ratio('comicpile --yes', 'bare script, same files'), bounds.bin],
  ['CPU of yo comicpile / trivial', ratio('yo comicpile --yes', 'trivial Yeoman generator'), bounds.yo],
  ['peak memory of comicpile, MiB', of('comicpile --yes', 'memory'), bounds.binMemory],
] as const;
for (const [what, value, bound] of results) {
  console.log(`${value <= bound ? 'ok  ' : 'OVER'} ${what.padEnd(32)} ${value.toFixed(2)} (bound ${bound})`);
  if (value > bound) process.exitCode = 1;
}
