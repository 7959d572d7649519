import { type SpawnSyncOptions, spawnSync } from 'node:child_process';

/** CPU and wall time in seconds, peak resident memory in MiB. */
export type Cost = { readonly cpu: number; readonly wall: number; readonly memory: number };

// The child reports on itself at its exit: no sampling, no clock of another process. What it starts is not counted;
// yo starts the same programs whatever the generator.
const reporter = `data:text/javascript,${encodeURIComponent(
  `import { writeSync } from 'node:fs';
   process.on('exit', () => {
     const own = process.resourceUsage();
     const cpu = (own.userCPUTime + own.systemCPUTime) / 1e6;
     writeSync(3, JSON.stringify({ cpu, memory: own.maxRSS / 1024 }));
   });`,
)}`;

/** Runs Node once with these arguments; throws when it fails. */
export const measure = (node: string, args: readonly string[], options: SpawnSyncOptions): Cost => {
  const start = performance.now();
  const { status, output, stderr } = spawnSync(node, ['--import', reporter, ...args], {
    ...options,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const wall = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`${args.join(' ')} exited with ${status}: ${stderr}`);
  const { cpu, memory } = JSON.parse(String(output[3])) as { cpu: number; memory: number };
  return { cpu, wall, memory };
};
