import assert from 'node:assert/strict';
import { endpointList, networkList, optionalFolder, optionalPolicy, pathList } from '../../src/answers/edgeValues.ts';
import { accepts, refuses } from '../parses.ts';

describe('networkList', () => {
  accepts(networkList, [
    ['', []],
    ['10.0.0.0/8', ['10.0.0.0/8']],
    ['192.0.2.7, 2001:DB8::/32', ['192.0.2.7/32', '2001:db8::/32']],
    ['2001:db8:0:1::/64 ::1', ['2001:db8:0:1::/64', '::1/128']],
    ['fe80::/16', ['fe80::/16']],
  ]);
  refuses(networkList, [
    '0.0.0.0/0',
    '::/0',
    '0.0.0.0/7',
    '2000::/15',
    '10.0.0.1/8',
    '2001:db8::1/32',
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/08',
    '10.0.0/8',
    '010.0.0.0/8',
    '10.0.0.0/8/8',
    '::ffff:10.0.0.0/104',
    'fe80::%eth0/64',
    'example.com',
    '10.0.0.0/8; deny all',
    '10.0.0.0/8,10.0.0.0/8',
    Array.from({ length: 101 }, (_, index) => `192.0.2.${index}`).join(),
  ]);
});

describe('optionalFolder', () => {
  accepts(optionalFolder, [
    ['', ''],
    ['frontend/dist', 'frontend/dist'],
    ['./web/', 'web'],
  ]);
  refuses(optionalFolder, [
    '/etc',
    '..',
    '../x',
    'a/../b',
    '.git',
    'a/.hidden',
    '.',
    'a b',
    'a//b',
    'a:ro',
    '${HOME}',
    '~',
    'secrets',
    './secrets/x',
    'ssl',
    'nginx',
    'backups',
    'a'.repeat(101),
  ]);
});

describe('pathList', () => {
  accepts(pathList, [
    ['/api', ['/api']],
    ['/api/, /auth', ['/api', '/auth']],
  ]);
  refuses(pathList, ['', '/', 'api', '/api,/api/', '/a b/..', '/(x)']);
});

describe('optionalPolicy', () => {
  const hash = `'sha256-${'A'.repeat(43)}='`;
  accepts(optionalPolicy, [
    ['', ''],
    [" default-src  'self' ;img-src data: *;; ", "default-src 'self'; img-src data: *"],
    [
      `default-src 'none'; script-src 'self' ${hash} https://*.example.com:8443/x/; upgrade-insecure-requests`,
      `default-src 'none'; script-src 'self' ${hash} https://*.example.com:8443/x/; upgrade-insecure-requests`,
    ],
  ]);
  refuses(optionalPolicy, [
    "script-src 'self'",
    'default-src',
    "default-src 'self'; default-src 'none'",
    'default-src self',
    "default-src 'selfish'",
    "default-src 'nonce-abc'",
    "default-src 'self'; report-uri /x",
    "default-src 'self'\"; add_header X 1",
    "default-src 'self' $host",
    "default-src 'self' `id`",
    "default-src 'self'\nimg-src *",
    "default-src 'self' | x",
    "default-src 'self' javascript:",
    'default-src https://example',
    `default-src ${'a.example '.repeat(200)}`,
  ]);
});

describe('endpointList', () => {
  accepts(endpointList, [
    ['', []],
    ['path=/slow/ timeout=300s', [{ path: '/slow', burst: 0, methods: [], timeout: '300s' }]],
    [
      'path=/up.v1 rate=2r/s burst=5 methods=POST,PUT body=50m; path=/x rate=10r/m;',
      [
        { path: '/up.v1', rate: '2r/s', burst: 5, methods: ['POST', 'PUT'], body: '50m' },
        { path: '/x', rate: '10r/m', burst: 0, methods: [] },
      ],
    ],
  ]);
  refuses(endpointList, [
    'path=/x',
    'rate=2r/s',
    '/x 2r/s',
    'path=/ rate=2r/s',
    'path=/x rate=2',
    'path=/x rate=2r/s rate=3r/s',
    'path=/x burst=3 timeout=3s',
    'path=/x methods=GET timeout=3s',
    'path=/x rate=2r/s burst=-1',
    'path=/x rate=2r/s methods=get',
    'path=/x rate=2r/s methods=TRACE',
    'path=/x rate=2r/s methods=GET,GET',
    'path=/x timeout=5m',
    'path=/x body=5g',
    'path=/x{} timeout=5s',
    'path=/x timeout=5s; path=/x/ body=5m',
    'path=/x timeout=5s colour=red',
    'path=/x timeout==5s',
  ]);
  it('says which cell is wrong, with a whole row as the example', () => {
    assert.throws(() => endpointList('path=/x rate=2'), {
      message:
        '"path=/x rate=2" has a rate that cannot be read, for example path=/upload rate=2r/s burst=5 methods=POST,PUT body=50m timeout=300s',
    });
  });
});
