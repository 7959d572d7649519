import { Agent, request } from 'node:https';
import { headersOfJson, type Site } from './site.ts';

type Failure = { readonly what: string; readonly why: string };

/** What a client saw: how many requests, which failed, and the title of each row that was acknowledged, by its id. */
export type Seen = {
  readonly requests: number;
  readonly failures: readonly Failure[];
  readonly rows: ReadonlyMap<number, string>;
};

const send = (
  site: Site,
  agent: Agent,
  method: 'GET' | 'POST',
  path: string,
  body?: string,
  token?: string,
): Promise<string> =>
  new Promise((resolve, reject) => {
    const { domain: servername, httpsPort: port, ca } = site;
    const headers = { Host: servername, ...(body === undefined ? {} : headersOfJson(token)) };
    const sent = request({ host: '127.0.0.1', port, servername, ca, agent, method, path, headers, timeout: 20_000 });
    sent.once('timeout', () => sent.destroy(new Error('no answer in 20 seconds')));
    sent.once('error', reject);
    sent.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === (method === 'POST' ? 201 : 200)) resolve(text);
        else reject(new Error(String(response.statusCode)));
      });
    });
    sent.end(body);
  });

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Four connections that write a row, then read the list, without a pause but thirty milliseconds, for as long as `work`
 * takes: about a hundred requests a second, which leaves the machine room for what is tried. A request is sent once and
 * never again: one that fails is counted.
 */
export const whileWriting = async <Value>(
  site: Site,
  work: (logInAnew: () => void) => Promise<Value>,
  milliseconds = 30,
): Promise<{ readonly value: Value; readonly seen: Seen }> => {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  // A rotation accepts what the key before has signed, and no older one: who goes on for several logs in anew in between.
  let token = site.token?.();
  const logInAnew = (): void => {
    token = site.token?.();
  };
  const failures: Failure[] = [];
  const rows = new Map<number, string>();
  let [requests, going] = [0, true];
  const count = async <Answer>(what: string, sent: Promise<Answer>): Promise<Answer | undefined> => {
    requests += 1;
    return sent.catch((error: Error) => {
      failures.push({ what, why: error.message });
      return undefined;
    });
  };
  const write = async (worker: number): Promise<void> => {
    for (let turn = 0; going; turn += 1) {
      const title = `row ${worker}.${turn} of ${process.pid}`;
      const answer = await count('write', send(site, agent, 'POST', '/api/comics', JSON.stringify({ title }), token));
      if (answer !== undefined) rows.set((JSON.parse(answer) as { id: number }).id, title);
      await count('read', send(site, agent, 'GET', '/api/comics?limit=5'));
      await pause(milliseconds);
    }
  };
  const workers = [1, 2, 3, 4].map(write);
  try {
    const value = await work(logInAnew);
    await pause(500);
    return { value, seen: { requests, failures, rows } };
  } finally {
    going = false;
    await Promise.all(workers);
    agent.destroy();
  }
};

/**
 * The same with thirty requests a second, for what takes minutes, as it is tried in one place after the other: a hundred
 * a second need more than a core of the two, and a deployment and a rotation without a fault are tried under that.
 */
export const whileWritingCalmly = <Value>(site: Site, work: () => Promise<Value>) => whileWriting(site, work, 200);

export const told = ({ requests, failures, rows }: Seen): string => {
  const kinds = [...new Set(failures.map(({ what, why }) => `${what}: ${why}`))];
  return `${requests} requests, ${rows.size} rows, ${failures.length} failed${kinds.length > 0 ? ` (${kinds.join('; ')})` : ''}`;
};
