import { accessSync, constants, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sleep } from './sleep.ts';

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
};

/**
 * Every command line, two ways. A folder to put first on the PATH: each program of this machine under its own name,
 * which writes its arguments down before it becomes the real one, so that none is too short-lived to be seen. And /proc,
 * read over and over, which has what runs in containers too.
 */
export class ArgvWitness {
  readonly path: string;
  readonly #log: string;
  readonly #seen = new Set<string>();
  #looks = 0;
  #watching: Promise<void> | undefined;
  #stopped = false;

  constructor(folder: string) {
    this.path = join(folder, 'bin');
    this.#log = join(folder, 'argv');
    mkdirSync(this.path, { recursive: true });
    writeFileSync(this.#log, '');
    const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
    const written = new Set<string>();
    for (const directory of (process.env.PATH ?? '').split(':').filter(Boolean)) {
      let names: string[] = [];
      try {
        names = readdirSync(directory);
      } catch {
        continue;
      }
      for (const name of names) {
        const real = join(directory, name);
        if (written.has(name) || !isProgram(real)) continue;
        written.add(name);
        const lines = [
          '#!/bin/sh',
          `printf '%s\\0' ${quoted(name)} "$@" >>${quoted(this.#log)}`,
          `exec ${quoted(real)} "$@"`,
        ];
        writeFileSync(join(this.path, name), `${lines.join('\n')}\n`, { mode: 0o755 });
      }
    }
  }

  start(): void {
    const look = () => {
      this.#looks += 1;
      for (const pid of readdirSync('/proc')) {
        if (!/^\d+$/.test(pid)) continue;
        try {
          this.#seen.add(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
        } catch {
          // It has ended.
        }
      }
    };
    this.#watching = (async () => {
      while (!this.#stopped) {
        look();
        await sleep(20);
      }
    })();
  }

  /** What the programs wrote down, what /proc had, and how often it was read. */
  async stop(): Promise<{ readonly recorded: string; readonly sampled: string; readonly looks: number }> {
    this.#stopped = true;
    await this.#watching;
    return { recorded: readFileSync(this.#log, 'utf8'), sampled: [...this.#seen].join('\n'), looks: this.#looks };
  }
}
