import { spawnSync } from 'node:child_process';
import type { Cost } from '../measure.ts';

// Between us and what is measured: a small process whose only descendants are those that count, git's too. A child begins
// with the peak memory of the process that forks it, which is why it must be a small one.
const clerk = `
import json, os, resource, subprocess, sys, time
start = time.perf_counter()
code = subprocess.call(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, close_fds=True)
wall = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
cost = {"code": code, "wall": wall, "cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss / 1024}
os.write(1, json.dumps(cost).encode())
`;

/** Measures commands in any language alike: wall time, the CPU of all that they start, the peak memory of the largest of it. */
export class Clerk {
  readonly #python: string;
  readonly #env: NodeJS.ProcessEnv;

  constructor(python: string, env: NodeJS.ProcessEnv) {
    this.#python = python;
    this.#env = env;
  }

  /** Throws when the command does not end with this exit code. */
  measure(command: readonly string[], cwd: string, exit: number): Cost {
    const { stdout, stderr } = spawnSync(this.#python, ['-S', '-c', clerk, ...command], {
      cwd,
      env: this.#env,
      encoding: 'utf8',
    });
    if (stdout === '') throw new Error(`was not measured: ${stderr}`);
    const { code, ...cost } = JSON.parse(stdout) as Cost & { readonly code: number };
    if (code !== exit) throw new Error(`exit code ${code}, not ${exit}: ${stderr}`);
    return cost;
  }
}
