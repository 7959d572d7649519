/** What every contestant has in common, so that only the settings differ. */
export const common = {
  domain: 'app.example.test',
  port: 8443,
  certificate: '/etc/ssl/site/fullchain.pem',
  key: '/etc/ssl/site/privkey.pem',
  files: '/srv/static',
  /** A real disk: some contestants keep their access log in a file. */
  logs: '/var/log/edge',
  item: '/api/items/42',
  file: '/static/site.css',
} as const;

/** The size of the usual small JSON reply, and of the file. */
export const bytes = { item: 240, file: 1024 } as const;

export type Case = {
  readonly name: string;
  readonly path: string;
  /** h2load's. Connections × streams stay below the emitted limit of connections a client. */
  readonly options: readonly string[];
  /** Bare over emitted in CPU a request, emitted over bare in requests a second: at least this. */
  readonly bound: number;
};

const http1 = ['--h1', '-c', '32'];
// 32 at once in either: as many idle connections to the app are kept, by bare too.
const http2 = ['-c', '4', '-m', '8'];

export const cases: readonly Case[] = [
  { name: 'HTTP/1.1 proxied', path: common.item, options: http1, bound: 0.95 },
  { name: 'HTTP/1.1 static', path: common.file, options: http1, bound: 0.95 },
  { name: 'HTTP/2 proxied', path: common.item, options: http2, bound: 0.9 },
  { name: 'HTTP/2 static', path: common.file, options: http2, bound: 0.9 },
];
