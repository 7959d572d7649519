import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment } from '../deployment.ts';

/**
 * What the node exporter reads in place of /proc: a machine with so much of its memory left and so many processes that want to
 * run. The rest is the true one. A test must not exhaust the machine that it runs on.
 */
const pretend = (stack: Deployment, { left, load }: { readonly left: number; readonly load: number }): void => {
  const folder = join(stack.directory, 'machine');
  const files = {
    meminfo: `MemTotal: 8000000 kB\nMemFree: 100000 kB\nMemAvailable: ${Math.round(8_000_000 * left)} kB\n`,
    loadavg: `${load} ${load} ${load} 1/100 1\n`,
  };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, `.${name}`), text);
    renameSync(join(folder, `.${name}`), join(folder, name));
  }
};
export const exhaust = (stack: Deployment): void => pretend(stack, { left: 0.05, load: 1000 });
export const recover = (stack: Deployment): void => pretend(stack, { left: 0.5, load: 0.1 });

export const replaceProc = (stack: Deployment): void => {
  const folder = join(stack.directory, 'machine');
  mkdirSync(folder);
  for (const name of ['stat', '1']) symlinkSync(`/proc/${name}`, join(folder, name));
  recover(stack);
  stack.edit('docker-compose.monitoring.yml', (text) =>
    text
      .replace('      - --collector.disable-defaults\n', '$&      - --path.procfs=/watch/machine\n')
      .replace('      - db-data:/watch/database:ro\n', '$&      - ./machine:/watch/machine:ro\n'),
  );
};
