import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

// Loaded before the command: SIGKILL instead of the rename or removal of this number, counted from 1.
let left = Number(process.env.KILL_AT);
for (const name of ['renameSync', 'unlinkSync', 'rmdirSync']) {
  const call = fs[name];
  fs[name] = (...args) => {
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
    return call(...args);
  };
}
syncBuiltinESMExports();
