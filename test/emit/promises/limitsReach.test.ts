import { limitsReach } from '../../../src/emit/promises/limitsReach.ts';
import { allows, breaks, isKeptByOurs } from './broken.ts';

const site = 'nginx/sites/site.conf';
const errors = 'nginx/snippets/error-pages.conf';
const early = (answer: string, file = site) =>
  `${file}: \`${answer}\` is before the limits: put it into a location @name, and \`try_files "" @name;\` here`;
const inSite = (line: string) => (text: string) => text.replace('    http2 on;', (found) => `${found}\n    ${line}`);

describe('promise limitsReach', () => {
  isKeptByOurs(limitsReach);

  breaks(
    limitsReach,
    (
      [
        ['return 301 https://a.example$request_uri;', 'return 301 https://a.example$request_uri'],
        ['return https://a.example/;', 'return https://a.example/'],
        ['return 200;', 'return 200'],
        ['return 204;', 'return 204'],
        ['return 403 no;', 'return 403 no'],
        ['return 410;', 'return 410'],
        ['location = /a { return 200 ok; }', 'return 200 ok'],
        ['location = /a { if ($x) { return 302 /b; } }', 'return 302 /b'],
        ['if ($x) { return 200 ok; }', 'return 200 ok'],
        ['location /a { location /a/b { "return" 200 ok; } }', 'return 200 ok'],
        ['location /a { error_page 500 /b; return 404; }', 'return 404'],
        ['rewrite ^/a /b permanent;', 'rewrite ^/a /b permanent'],
        ['location /a { rewrite ^ /b redirect; }', 'rewrite ^ /b redirect'],
        ['rewrite ^/a https://a.example/b;', 'rewrite ^/a https://a.example/b'],
      ] as const
    ).map(([line, answer]) => ({ to: site, edit: inSite(line), offence: early(answer) })),
  );

  breaks(limitsReach, [
    {
      to: 'nginx/snippets/closed-paths.conf',
      edit: (text) => text.replace('return 404;', 'return 404 "no such path";'),
      offence: early('return 404 no such path', 'nginx/snippets/closed-paths.conf'),
    },
    {
      to: 'nginx/sites/http.conf',
      edit: (text) => text.replace('try_files "" @https;', 'return 301 https://app.example.com$request_uri;'),
      offence: early('return 301 https://app.example.com$request_uri', 'nginx/sites/http.conf'),
    },
    {
      to: 'nginx/sites/http.conf',
      edit: (text) => text.replace('    include snippets/error-pages.conf;\n', ''),
      offence:
        'nginx/sites/http.conf: no error_page leads 400, 403, 404, 405, 412, 413, 414, 416, 421, 429, 494, 495, 496, 497, 500, 501, 502, 504, 505 to a path',
    },
    {
      to: errors,
      edit: (text) => text.replace('error_page 400 403', 'error_page 403'),
      offence: `${site}: no error_page leads 400 to a path`,
    },
    {
      to: errors,
      edit: (text) => text.replace(' /@error;', ' @edge_error;'),
      offence: `${errors}: error_page leads to @edge_error, past the limits: a path must be in between`,
    },
    {
      to: site,
      edit: inSite('location /a { error_page 404 = @edge_error; }'),
      offence: `${site}: error_page leads to @edge_error, past the limits: a path must be in between`,
    },
    {
      to: site,
      edit: (text) => `${text}server { listen 9443 ssl; return 404; }\n`,
      offence: early('return 404'),
    },
  ]);

  allows(
    limitsReach,
    [
      'location = /a { return 404; }',
      'location = /a { if ($x) { return 403; } }',
      'location = /a { return 444; }',
      'location = /a { try_files "" @a; } location @a { return 301 /b; }',
      'location = /a { error_page 404 /b.html; return 404; }',
      'rewrite ^/a/(.*)\\z /b/$1 last;',
      'location = /a { deny all; }',
      '# return 200 ok;',
    ].map((line) => ({ what: line, to: site, edit: inSite(line) })),
  );
  allows(limitsReach, [
    {
      what: 'an answer to the container itself',
      to: 'nginx/sites/internal.conf',
      edit: (text) => text.replace('location / {', 'location = /a { return 200 a; }\n    location / {'),
    },
  ]);
});
