import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../src/base/packageRoot.ts';
import { detect } from '../src/detect/runtimes.ts';
import { bounds, viewOf } from '../src/detect/view.ts';
import { median } from './statistics.ts';

/**
 * What it costs to look at a large repository, against what git needs to list its files, side by side, interleaved, medians: an
 * app of the corpus among 100,000 files, of which 1,000 are Python of the app itself. Exits 1 where a bound is not kept.
 */
const rounds = Number(process.env.ROUNDS ?? 9);
/** Seconds of one look, and files that it may read. */
const most = { seconds: 0.5, reads: bounds.reads };
const count = 100_000;
const modules = 1000;

const root = mkdtempSync(join(tmpdir(), 'comicpile-detect-'));
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'core.fsmonitor=false', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 1 << 28,
  });
const put = (folder: string, names: readonly string[], text: string): void => {
  mkdirSync(join(root, folder), { recursive: true });
  for (const name of names) writeFileSync(join(root, folder, name), text);
};
const numbered = (prefix: string, suffix: string, length: number) =>
  Array.from({ length }, (_, index) => `${prefix}${index}${suffix}`);

cpSync(join(packageRoot(), 'test/projects/run-uv-asyncpg'), root, { recursive: true });
const module = `from dataclasses import dataclass\n\n${'@dataclass\nclass Row:\n    key: int\n    text: str = ""\n\n\ndef value(row: Row) -> str:\n    return f"{row.key}: {row.text}"\n\n\n'.repeat(6)}`;
for (let part = 0; part < modules / 20; part += 1) put(`app/part${part}`, numbered('module', '.py', 20), module);
for (let part = 0; part < (count - modules) / 250; part += 1)
  put(`assets/part${part % 40}/deep${part}`, numbered('file', '.json', 250), '{}\n');
git('init', '--quiet');
git('add', '--all');

const timed = (work: () => unknown): number => {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
};
const looks: number[] = [];
const lists: number[] = [];
let reads = 0;
for (let round = 0; round < rounds; round += 1) {
  lists.push(timed(() => git('ls-files')));
  looks.push(
    timed(() => {
      const view = viewOf(root);
      const detection = detect(view);
      if (detection?.entry?.value.entry !== 'app.main:app') throw new Error('the app was not found');
      reads = view.reads();
    }),
  );
}
rmSync(root, { recursive: true });

const [look, list] = [median(looks), median(lists)];
console.log(
  `${count} files, ${rounds} rounds, medians: a look ${look.toFixed(2)} s, git ls-files ${list.toFixed(2)} s, ratio ${(look / list).toFixed(1)}; ${reads} files read`,
);
const kept = look <= most.seconds && reads <= most.reads;
if (!kept) console.log(`the bounds are ${most.seconds} s and ${most.reads} files`);
process.exitCode = kept ? 0 : 1;
