import { patternsWhole } from '../../../src/emit/promises/patternsWhole.ts';
import { allows, breaks, isKeptByOurs } from './broken.ts';

const to = 'nginx/sites/site.conf';
const within = (line: string) => (text: string) => text.replace('    http2 on;', (found) => `${found}\n    ${line}`);
const offence = (pattern: string, file = to) =>
  `${file}: a line break (%0a) gets past \`${pattern}\`: (?s) at its start, \\z instead of $`;

describe('promise patternsWhole', () => {
  isKeptByOurs(patternsWhole);

  breaks(
    patternsWhole,
    (
      [
        ['location ~ ^/a$ { return 404; }', '^/a$'],
        ['location ~* "^/a$" { return 404; }', '^/a$'],
        ['location ~ ^/.*/a { return 404; }', '^/.*/a'],
        ['location ~ (?s)^/.*/a$ { return 404; }', '(?s)^/.*/a$'],
        ['location ~ ^/a(?s).*b { return 404; }', '^/a(?s).*b'],
        ['location ~ ^/[a.]+. { return 404; }', '^/[a.]+.'],
        ['location ~ ^/a\\Z { return 404; }', '^/a\\Z'],
        ['location ~ (?:/|$) { return 404; }', '(?:/|$)'],
        ['if ($uri ~ ^/a$) { return 404; }', '^/a$'],
        ['if ($uri !~* "^/a$") { return 404; }', '^/a$'],
        ['rewrite ^/a(.*) /b$1;', '^/a(.*)'],
        ['server_name ~^(.+)\\.example\\.com;', '^(.+)\\.example\\.com'],
      ] as const
    ).map(([line, pattern]) => ({ to, edit: within(line), offence: offence(pattern) })),
  );

  const limits = 'nginx/snippets/rate-limits.conf';
  breaks(
    patternsWhole,
    ['~^/a$', '~*^/a$', '"~^/a$"'].map((key) => ({
      to: limits,
      edit: (text: string) => text.replace('    default api;', (found) => `${found}\n    ${key} auth;`),
      offence: offence('^/a$', limits),
    })),
  );

  allows(patternsWhole, [
    ...[
      'location ~ ^/a\\z { return 404; }',
      'location ~ (?s)^/.*/a\\z { return 404; }',
      'location ~ ^/[^.$]+\\.html\\z { return 404; }',
      'location ~ ^/[]$.]\\$ { return 404; }',
      'location = /a$ { return 404; }',
      'location /a.b { return 404; }',
      'location ^~ /a.b { return 404; }',
      'if ($uri = "/a.b$") { return 404; }',
      'if (-f $uri) { return 404; }',
      'rewrite ^/a(?:/|\\z) /b.html$is_args$args;',
      'server_name a.example.com;',
      '# location ~ ^/a$ { }',
    ].map((line) => ({ what: line, to, edit: within(line) })),
    {
      what: 'a value of a map, and a key that is no pattern',
      to: limits,
      edit: (text: string) => text.replace('    default api;', (found) => `${found}\n    a.b$ "~.$";`),
    },
  ]);
});
