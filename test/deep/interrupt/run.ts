import { spawn } from 'node:child_process';
import { type FSWatcher, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { packageRoot } from '../../../src/base/packageRoot.ts';
import { scratch } from '../../fixture.ts';
import { isStaging } from './tree.ts';

const bin = join(packageRoot(), 'dist/bin/comicpile.js');

/** When to kill: so long after the start, or after the first sign of the writing phase. */
export type Kill = {
  readonly signal: 'SIGINT' | 'SIGKILL';
  readonly from: 'start' | 'writing';
  readonly after: number;
};
export type Run = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
  /** Milliseconds: the whole run, and from the staging folder's appearance to the end. */
  readonly took: number;
  readonly wrote: number;
};

const state = scratch();

/** One generation in the directory, killed as told. PATH has nothing but node: no uv, no colours, no variables. */
export const run = (directory: string, args: readonly string[], kill?: Kill): Promise<Run> =>
  new Promise((resolve, reject) => {
    const started = performance.now();
    let writing = Number.NaN;
    let stderr = '';
    const child = spawn(process.execPath, [bin, '--yes', '--skip-install', ...args], {
      cwd: directory,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: dirname(process.execPath), XDG_STATE_HOME: state },
    });
    const killIn = (delay: number) => setTimeout(() => child.kill(kill?.signal), delay);
    const watcher: FSWatcher = watch(directory, (_, name) => {
      if (!Number.isNaN(writing) || !isStaging(name ?? '')) return;
      writing = performance.now();
      if (kill?.from === 'writing') killIn(kill.after);
    });
    if (kill?.from === 'start') killIn(kill.after);
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      watcher.close();
      const ended = performance.now();
      resolve({ code, signal, stderr, took: ended - started, wrote: ended - writing });
    });
  });
