import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Reply, Site } from '../site.ts';

export type Dial = {
  /** Plain HTTP: on the other port, or on that of TLS. */
  readonly plain?: boolean | 'on the port of TLS';
  /** The name in the handshake; empty for none. */
  readonly servername?: string;
  /** Bytes before all others: the PROXY protocol's header. */
  readonly first?: string;
  readonly protocols?: readonly string[];
};

/** A connection on which a test may send what no HTTP library would. */
export const dial = async (site: Site, options: Dial = {}): Promise<Socket | TLSSocket> => {
  const { plain = false, servername = site.domain, first = '', protocols = ['http/1.1'] } = options;
  const socket = connect({ host: '127.0.0.1', port: plain === true ? site.httpPort : site.httpsPort });
  // Whoever is refused in the middle of a sentence gets a reset.
  socket.on('error', () => {});
  await once(socket, 'connect');
  if (first !== '') socket.write(first, 'latin1');
  if (plain !== false) return socket;
  const secure = connectTls({
    socket,
    ca: site.ca,
    ALPNProtocols: [...protocols],
    ...(servername === '' ? { checkServerIdentity: () => undefined } : { servername }),
  });
  await once(secure, 'secureConnect');
  secure.on('error', () => {});
  return secure;
};

export type Heard = { readonly text: string; readonly ended: boolean; readonly milliseconds: number };

/** All that comes until the other side ends the connection, or says nothing for a while. */
export const listen = (socket: Socket, quiet = 700): Promise<Heard> =>
  new Promise((resolve) => {
    const start = Date.now();
    let text = '';
    const done = (ended: boolean) => {
      socket.destroy();
      resolve({ text, ended, milliseconds: Date.now() - start });
    };
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      text += chunk;
    });
    socket.setTimeout(quiet, () => done(false));
    socket.once('end', () => done(true));
    socket.once('close', () => done(true));
  });

/** Sends these bytes as they are and tells what came back. */
export const exchange = async (site: Site, bytes: string, options: Dial = {}): Promise<Heard> => {
  const socket = await dial(site, options);
  socket.write(bytes, 'latin1');
  return listen(socket);
};

/** The first answer in a text; status 0 where there is none. */
export const parse = (text: string): Reply => {
  const [head = '', ...body] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  return {
    status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1] ?? 0),
    lines: lines.map((line) => {
      const [name = '', value = ''] = line.split(/: ?(.*)/s);
      return [name.toLowerCase(), value] as const;
    }),
    body: body.join('\r\n\r\n'),
  };
};

export const statusOf = ({ text }: Heard): number => parse(text).status;

/** A request by hand, where a library would not let a test say what it wants; the connection ends after it. */
export const askRaw = async (site: Site, path: string, options: Dial & { readonly lines?: readonly string[] } = {}) => {
  const { lines = [`Host: ${site.domain}`] } = options;
  const { text } = await exchange(
    site,
    [`GET ${path} HTTP/1.1`, ...lines, 'Connection: close', '', ''].join('\r\n'),
    options,
  );
  return parse(text);
};
