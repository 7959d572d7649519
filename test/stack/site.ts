import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { sleep } from './sleep.ts';

/** A running edge: where it listens on this machine, by which name, and whose certificate is to be believed. */
export type Site = {
  readonly domain: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly ca: string | undefined;
  /** By which the app lets a client write, by the key of now; undefined where it asks for none. */
  readonly token?: () => string | undefined;
};

export type Ask = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Plain HTTP on the other port. */
  readonly plain?: boolean;
  /** The name in the TLS handshake, where it is not the site's own. */
  readonly servername?: string;
};

export type Reply = {
  readonly status: number;
  /** Each header line as it came: name in lower case, value. */
  readonly lines: readonly (readonly [string, string])[];
  readonly body: string;
};

export const valuesOf = ({ lines }: Reply, name: string): string[] =>
  lines.filter(([found]) => found === name.toLowerCase()).map(([, value]) => value);

/** One request on a connection of its own, at once; the certificate is verified, for the name and against the CA alone. */
export const askNow = (site: Site, path: string, ask: Ask = {}): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body, plain = false, servername = site.domain } = ask;
    const common = { host: '127.0.0.1', method, path, agent: false, headers: { Host: site.domain, ...headers } };
    const request = plain
      ? plainRequest({ ...common, port: site.httpPort })
      : tlsRequest({ ...common, port: site.httpsPort, servername, ca: site.ca });
    request.setTimeout(30_000, () => request.destroy(new Error(`${method} ${path}: no answer in 30 seconds`)));
    request.once('error', reject);
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const { rawHeaders } = response;
        const lines = rawHeaders.flatMap((name, index) =>
          index % 2 === 0 ? [[name.toLowerCase(), rawHeaders[index + 1] ?? ''] as const] : [],
        );
        resolve({ status: response.statusCode ?? 0, lines, body: Buffer.concat(chunks).toString() });
      });
    });
    request.end(body);
  });

let next = 0;

/** The same below the rate limit of ten a second: what a test asks must not be refused for what another one asked. */
export const ask = async (site: Site, path: string, options: Ask = {}): Promise<Reply> => {
  const now = Date.now();
  next = Math.max(now, next) + 130;
  await sleep(next - now - 130);
  return askNow(site, path, options);
};

/** After a burst: until the limit has forgotten it. */
export const calm = (): Promise<unknown> => sleep(3000);

/** What a client sends beside its JSON. */
export const headersOfJson = (token: string | undefined): Readonly<Record<string, string>> => ({
  'Content-Type': 'application/json',
  ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
});

export const sendJson = (site: Site, path: string, content: unknown): Promise<Reply> =>
  ask(site, path, { method: 'POST', body: JSON.stringify(content), headers: headersOfJson(site.token?.()) });
