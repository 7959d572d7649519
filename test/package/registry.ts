import { execFileSync } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Packument = {
  readonly name: string;
  versions: Record<string, { readonly dist: { tarball: string } }>;
  'dist-tags': Record<string, string>;
  _attachments?: Record<string, { readonly data: string }>;
};

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

/**
 * A registry on loopback that npm's own client publishes to and installs from; what nobody has published here comes from the
 * registry that npm is configured for.
 */
export class Registry {
  readonly #packages = new Map<string, Packument>();
  readonly #tarballs = new Map<string, Buffer>();
  readonly #upstream = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' })
    .trim()
    .replace(/\/$/, '');
  readonly #server: Server = createServer((request, response) => {
    this.#answer(request, response).catch((error) => response.writeHead(500).end(String(error)));
  });
  url = '';

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }
  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = decodeURIComponent(request.url?.slice(1) ?? '');
    if (request.method === 'PUT') return this.#publish(JSON.parse(await bodyOf(request)) as Packument, response);
    const tarball = this.#tarballs.get(path);
    const known = this.#packages.get(path);
    if (tarball !== undefined) response.end(tarball);
    else if (known !== undefined) response.setHeader('content-type', 'application/json').end(JSON.stringify(known));
    else if (request.method !== 'GET') response.writeHead(404).end('{}');
    else {
      const accept = request.headers.accept ?? '*/*';
      const found = await fetch(`${this.#upstream}${request.url}`, { headers: { accept } });
      response.writeHead(found.status, { 'content-type': found.headers.get('content-type') ?? 'application/json' });
      response.end(Buffer.from(await found.arrayBuffer()));
    }
  }

  #publish({ _attachments = {}, ...sent }: Packument, response: ServerResponse): void {
    const former = this.#packages.get(sent.name);
    for (const [version, row] of Object.entries(sent.versions)) {
      const path = `tarballs/${sent.name}/${version}.tgz`;
      const [attachment] = Object.values(_attachments);
      this.#tarballs.set(path, Buffer.from(attachment?.data ?? '', 'base64'));
      row.dist.tarball = `${this.url}/${path}`;
    }
    const versions = { ...former?.versions, ...sent.versions };
    const tags = { ...former?.['dist-tags'], ...sent['dist-tags'] };
    this.#packages.set(sent.name, { ...sent, versions, 'dist-tags': tags });
    response.writeHead(201).end('{}');
  }
}
