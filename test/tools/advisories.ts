import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const advisory = {
  id: 'PYSEC-2019-217',
  modified: '2024-01-01T00:00:00Z',
  summary: 'a way out of the sandbox',
  affected: [
    { package: { ecosystem: 'PyPI', name: 'jinja2' }, ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }] },
  ],
};

type Batch = { readonly queries?: readonly { readonly package: { readonly name: string } }[] };

/** A service of advisories that knows one, for jinja2, or none; its address, for as long as `use` takes. */
export const withAdvisories = async <Value>(
  known: boolean,
  use: (address: string) => Promise<Value>,
): Promise<Value> => {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { queries = [] } = (chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {}) as Batch;
      const results = queries.map(({ package: { name } }) =>
        known && name === 'jinja2' ? { vulns: [{ id: advisory.id, modified: advisory.modified }] } : {},
      );
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(request.method === 'POST' ? { results } : advisory));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
};
