import type { Deployment } from '../deployment.ts';
import { eventually } from '../eventually.ts';
import { must } from '../run.ts';
import { type Reply, valuesOf } from '../site.ts';

/** Standard output of nginx, line by line. */
export const logLines = async (stack: Deployment): Promise<readonly string[]> => {
  const { Id } = await stack.inspect('nginx');
  return (await must('docker', ['logs', Id])).stdout.split('\n').filter(Boolean);
};

/** What the access log says of the request with this answer; it is written each second. */
export const logged = (stack: Deployment, reply: Reply): Promise<Readonly<Record<string, string>>> => {
  const [id = 'none'] = valuesOf(reply, 'X-Request-ID');
  return eventually(`the log has ${id}`, 10, async () => {
    const line = (await logLines(stack)).find((text) => text.includes(id));
    return line === undefined ? undefined : (JSON.parse(line) as Record<string, string>);
  });
};
