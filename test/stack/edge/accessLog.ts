import type { Deployment } from '../deployment.ts';
import { eventually } from '../eventually.ts';
import { must } from '../run.ts';
import { type Reply, valuesOf } from '../site.ts';

export type Line = Readonly<Record<string, string>>;

/** Standard output of nginx, line by line. */
export const logLines = async ({ project }: Deployment): Promise<readonly string[]> =>
  (await must('docker', ['logs', `${project}-nginx-1`])).stdout.split('\n').filter(Boolean);

/** What the access log says of the requests with these answers, in their order; it is written each second. */
export const allLogged = (stack: Deployment, replies: readonly Reply[]): Promise<readonly Line[]> =>
  eventually('the log has them', 10, async () => {
    const lines = (await logLines(stack)).map((text) => JSON.parse(text) as Line);
    const byId = new Map(lines.map((line) => [line.request_id, line]));
    const found = replies
      .map((reply) => byId.get(valuesOf(reply, 'X-Request-ID').join()))
      .filter((line) => line !== undefined);
    return found.length === replies.length ? found : undefined;
  });

/** The same of one. */
export const logged = async (stack: Deployment, reply: Reply): Promise<Line> => {
  const [line] = await allLogged(stack, [reply]);
  if (line === undefined) throw new Error('the log lost a line');
  return line;
};
