import { randomBytes } from 'node:crypto';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Contestant } from './edge/contestant.ts';
import { remove } from './edge/docker.ts';
import { emitted } from './edge/emitted.ts';
import { rivals } from './edge/rivals.ts';
import { measure } from './edge/rounds.ts';
import { cases } from './edge/settings.ts';
import { heading, Table } from './edge/table.ts';
import { buildTool } from './edge/tool.ts';
import { configured, prepare } from './edge/workshop.ts';

/**
 * What the emitted edge costs against a bare nginx, silent or with its default log, and what others' settings cost: CPU
 * of the worker, and requests per second. Exits 1 where a bound is not kept. Many short samples, and not a few long
 * ones: on a machine that does other things, neighbours in time are what can be compared.
 */
const rounds = Number(process.env.ROUNDS ?? 11);
const requests = Number(process.env.REQUESTS ?? 10_000);

const root = realpathSync(mkdtempSync(join(tmpdir(), 'bench-edge-')));
const id = `bench-edge-${randomBytes(4).toString('hex')}`;
const folders = [
  ...Object.entries(rivals).map(([name, text]) => [name, configured(root, name, text)] as const),
  ['emitted', emitted(root)] as const,
];
const contestants = folders.map(([name, folder], index) => new Contestant(name, `${id}-${index}`, root, folder));

process.once('exit', () => {
  for (const contestant of contestants) contestant.remove();
  remove('image', id);
  rmSync(root, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

await prepare(root);
buildTool(id);
for (const contestant of contestants) contestant.start(id);
const table = new Table(measure(contestants, cases, rounds, requests));

console.log(`${rounds} rounds of ${requests} requests: medians, ratios to bare with their 95 % interval\n\n${heading}`);
for (const { name: of } of cases) for (const { name } of contestants) console.log(table.line(of, name));
console.log();
for (const { name: of, bounds } of cases) {
  for (const bound of bounds) {
    for (const key of ['cpu', 'rps'] as const) {
      const { kept, line } = table.verdict(of, 'emitted', key, bound);
      console.log(line);
      if (!kept) process.exitCode = 1;
    }
  }
}
