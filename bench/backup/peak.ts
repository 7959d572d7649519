import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';

const kib = (pid: string, group: number): number => {
  try {
    // The fields after the name, which may have blanks: state, parent, group.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    if (Number(fields[2]) !== group) return 0;
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0; // It has ended.
  }
};

/** The most memory, in MiB, that a script and all that it started had resident together, looked at every 20 ms. */
export const peakOf = async (directory: string, script: string, args: readonly string[]): Promise<number> => {
  const child = spawn(script, args, { cwd: directory, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  let peak = 0;
  const timer = setInterval(() => {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    peak = Math.max(
      peak,
      pids.reduce((sum, pid) => sum + kib(pid, child.pid ?? -1), 0),
    );
  }, 20);
  const [code] = await once(child, 'close');
  clearInterval(timer);
  if (code !== 0) throw new Error(`${script} ended with ${code}:\n${said}`);
  return peak / 1024;
};
