import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment } from './deployment.ts';
import { folderOf, freshName } from './generated.ts';
import { type Outcome, run } from './run.ts';

// Stands before the real command on PATH. When a call fits the pattern, and its number too, the fault happens first; the
// call itself is made afterwards, if the fault lets it.
const shim = `#!/usr/bin/env bash
shopt -s extglob
PATH=\${PATH#*:}
case "\${0##*/} $*" in
  $FAULT_AT)
    echo >>"$FAULT_COUNT"
    [[ $(wc -l <"$FAULT_COUNT") -lt $FAULT_FROM || $(wc -l <"$FAULT_COUNT") -gt $FAULT_TO ]] || eval "$FAULT"
    ;;
esac
exec "\${0##*/}" "$@"
`;

export type Fault = {
  readonly name: string;
  /** A shell pattern on "command arguments" of a call that the script makes. */
  readonly at: string;
  /** At the nth of these calls, or from one to another; the first unless said otherwise. */
  readonly calls?: readonly [from: number, to: number];
  /** What happens, in bash. */
  readonly fault: string;
};

// Each of them takes a minute. CI tries every sixth, from another one each day, so that a week tries them all.
const every = 6;
const { FAULTS: which = String(Math.floor(Date.now() / 86_400_000) % every) } = process.env;
if (which !== 'all' && !/^[0-5]$/.test(which))
  throw new Error(`FAULTS=${which}: say all, or from which one on every sixth is tried, 0 to 5`);

/** How to try the same ones again. */
export const choice = `FAULTS=${which}`;

/** The places at which it is tried today. */
export const chosen = <Item>(faults: readonly Item[]): readonly Item[] =>
  which === 'all' ? faults : faults.filter((_, index) => index % every === Number(which));

/** kill -9 of the script and of all that it started: they are one process group. */
export const killed = 'kill -KILL 0';

/** A disk that is full: the kernel's own error, on the file that mktemp is asked for. */
export const full = 'ln -sf /dev/full .env.production.new-faulty; echo .env.production.new-faulty; exit 0';

/** Runs a script of the stack with a fault in the middle of it. */
export const withFault = async (
  stack: Deployment,
  { at, calls: [from, to] = [1, 1], fault }: Fault,
  name: string,
  ...args: string[]
): Promise<Outcome> => {
  const folder = folderOf(freshName());
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const command of ['docker', 'mv', 'sync', 'mktemp']) {
    writeFileSync(join(bin, command), shim);
    chmodSync(join(bin, command), 0o755);
  }
  const settings = [`FAULT_AT=${at}`, `FAULT_FROM=${from}`, `FAULT_TO=${to}`, `FAULT=${fault}`];
  const environment = [`PATH=${bin}:${process.env.PATH}`, `FAULT_COUNT=${join(folder, 'count')}`, ...settings];
  return run('env', [...environment, 'setsid', '--wait', `./scripts/${name}`, ...args], { cwd: stack.directory });
};
