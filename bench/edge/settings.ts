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
  /** What emitted must reach: at least this share of a contestant's speed, in CPU a request and in requests a second. */
  readonly bounds: readonly Bound[];
};

export type Bound = { readonly against: string; readonly share: number };

/**
 * The judge is the image of nginx as it logs when nobody says otherwise: a server without an access log is not one that
 * anybody runs. Against a silent bare nginx 0.95 is not reached: the budget would be 1.2 us a request, and the access
 * log that our users need takes 2 to 3.5 by itself. It is the ruler that shows whether the edge has become dearer:
 * `least` is what was measured, less the noise of a busy machine.
 *
 * Where it goes, in instructions outside the kernel (callgrind, static file, HTTP/1.1; one part left out at a time):
 * bare 35,000, emitted 75,000; headers 12,000, log 10,000, limits 6,000, request id 4,500, maintenance flag 2,700.
 */
const bounds = (share: number, least: number): readonly Bound[] => [
  { against: 'bare, default log', share },
  { against: 'bare', share: least },
];

const http1 = ['--h1', '-c', '32'];
// 32 at once in either: as many idle connections to the app are kept, by bare too.
const http2 = ['-c', '4', '-m', '8'];

export const cases: readonly Case[] = [
  { name: 'HTTP/1.1 proxied', path: common.item, options: http1, bounds: bounds(0.95, 0.65) },
  { name: 'HTTP/1.1 static', path: common.file, options: http1, bounds: bounds(0.95, 0.75) },
  { name: 'HTTP/2 proxied', path: common.item, options: http2, bounds: bounds(0.9, 0.58) },
  { name: 'HTTP/2 static', path: common.file, options: http2, bounds: bounds(0.9, 0.7) },
];
