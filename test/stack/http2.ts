import { connect } from 'node:http2';
import type { Ask, Reply, Site } from './site.ts';

/** One request over HTTP/2, with its answer in the form of `askNow`. */
export const askHttp2 = (site: Site, path: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const session = connect(`https://${site.domain}:${site.httpsPort}`, {
      ca: site.ca,
      host: '127.0.0.1',
      servername: site.domain,
    });
    session.once('error', reject);
    const request = session.request({ ':method': method, ':path': path, ':authority': site.domain, ...headers });
    request.once('error', reject);
    let raw: readonly string[] = [];
    const chunks: Buffer[] = [];
    // The third argument has each header as it came; the first has them merged.
    request.once('response', (_headers: unknown, _flags: unknown, list: readonly string[]) => {
      raw = list;
    });
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => {
      const lines = raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as const] : []));
      const status = Number(lines.find(([name]) => name === ':status')?.[1] ?? 0);
      resolve({ status, lines, body: Buffer.concat(chunks).toString() });
      session.close();
    });
    request.end(body);
  });
