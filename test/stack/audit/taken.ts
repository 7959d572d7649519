import type { Deployment } from '../deployment.ts';
import { must, run } from '../run.ts';

/**
 * Code that was taken over in the app's container: into the output of every other process that it can open it writes lines that would
 * be computed, believed or shown, for as long as `use` takes.
 */
export const whileTakenOver = async <Value>(
  stack: Deployment,
  lines: readonly string[],
  use: () => Promise<Value>,
): Promise<{ readonly result: Value; readonly wrote: number }> => {
  const program = `
import glob, os, sys
lines = "\\n".join(["", *sys.argv[1:], ""]).encode()
me, wrote = str(os.getpid()), 0
while True:
    for path in glob.glob("/proc/[0-9]*/fd/[12]"):
        if path.split("/")[2] == me:
            continue
        try:
            file = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
            wrote += os.write(file, lines)
            os.close(file)
        except OSError:
            pass
    with open("/tmp/wrote.new", "w") as count:
        count.write(str(wrote))
    os.replace("/tmp/wrote.new", "/tmp/wrote")`;
  const { stdout } = await stack.compose('ps', '--quiet', 'app');
  const containers = stdout.split('\n').filter(Boolean);
  for (const id of containers) await must('docker', ['exec', '--detach', id, 'python', '-c', program, ...lines]);
  try {
    const result = await use();
    const counts = await Promise.all(containers.map((id) => run('docker', ['exec', id, 'cat', '/tmp/wrote'])));
    return { result, wrote: Math.max(...counts.map((each) => Number(/\d+$/m.exec(each.stdout)?.[0] ?? 0))) };
  } finally {
    await must('docker', ['restart', '--timeout', '3', ...containers]);
    await stack.compose('up', '-d', '--wait', '--no-deps', 'app');
  }
};
