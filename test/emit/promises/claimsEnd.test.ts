import { claimsEnd } from '../../../src/emit/promises/claimsEnd.ts';
import { claimNames } from '../../../src/policy/claims.ts';
import { allows, breaks, isKeptByOurs } from './broken.ts';

const claims = 'nginx/snippets/client-claims.conf';
const proxy = 'nginx/snippets/proxy.conf';
const site = 'nginx/sites/site.conf';
const notTold = (name: string) => `the app is not told ${name} as decided, once, at the level of http`;
const dropped = (block: string, file = site) => `${file}: a proxy_set_header in \`${block}\` drops those of http`;
const inLocation = (line: string) => (text: string) => text.replace(/ {4}location \/ \{\n/, `$&        ${line}\n`);

describe('promise claimsEnd', () => {
  isKeptByOurs(claimsEnd);

  breaks(
    claimsEnd,
    claimNames.map((name) => ({
      to: claims,
      edit: (text: string) => text.replace(`proxy_set_header ${name} '';\n`, ''),
      offence: notTold(name.toLowerCase()),
    })),
  );

  breaks(claimsEnd, [
    ...[
      ["Remote-User ''", 'Remote-User $http_remote_user'],
      ["Remote-User ''", "Remote-User ''; proxy_set_header remote-user $remote_user"],
      ["Remote-User ''", "Remote-User ' '"],
    ].map(([from = '', to = '']) => ({
      to: claims,
      edit: (text: string) => text.replace(`proxy_set_header ${from};`, `proxy_set_header ${to};`),
      offence: notTold('remote-user'),
    })),
    ...[
      ['X-Forwarded-For   $remote_addr', 'X-Forwarded-For $proxy_add_x_forwarded_for', 'x-forwarded-for'],
      ['X-Real-IP         $remote_addr', 'X-Real-IP $http_x_real_ip', 'x-real-ip'],
      ['X-Forwarded-Proto https', 'X-Forwarded-Proto $http_x_forwarded_proto', 'x-forwarded-proto'],
      ['Host $host', 'Host $http_host', 'host'],
    ].map(([from = '', to = '', name = '']) => ({
      to: proxy,
      edit: (text: string) => text.replace(`proxy_set_header ${from};`, `proxy_set_header ${to};`),
      offence: notTold(name),
    })),
    {
      to: 'nginx/nginx.conf',
      edit: (text) => text.replace('    include snippets/client-claims.conf;\n', ''),
      offence: notTold('x-original-url'),
    },
    { to: site, edit: inLocation('proxy_set_header X-Own 1;'), offence: dropped('location /') },
    { to: site, edit: inLocation('"proxy_set_header" X-Own 1;'), offence: dropped('location /') },
    { to: site, edit: inLocation('if ($x) { proxy_set_header X-Own 1; }'), offence: dropped('if ($x)') },
    {
      to: site,
      edit: (text) => text.replace('    http2 on;', '$&\n    proxy_set_header X-Own 1;'),
      offence: dropped('server'),
    },
    {
      to: 'monitoring/nginx/metrics.conf',
      edit: (text) => `${text}server { location / { proxy_set_header X-Own 1; proxy_pass http://app; } }\n`,
      offence: dropped('location /', 'monitoring/nginx/metrics.conf'),
    },
    {
      to: site,
      edit: (text) => text.replace('    http2 on;', '$&\n    underscores_in_headers on;'),
      offence: '`underscores_in_headers on` lets in what is left out',
    },
    {
      to: proxy,
      edit: (text) => `${text}ignore_invalid_headers off;\n`,
      offence: '`ignore_invalid_headers off` lets in what is left out',
    },
  ]);

  allows(claimsEnd, [
    { what: 'one more header at http', to: proxy, edit: (text) => `${text}proxy_set_header X-Own 1;\n` },
    {
      what: 'a location that has all of them',
      to: site,
      edit: inLocation(
        'proxy_set_header X-Own 1; include snippets/client-claims.conf; proxy_set_header Host $host; ' +
          'proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Real-IP $remote_addr; ' +
          'proxy_set_header X-Forwarded-Proto https; proxy_set_header X-Forwarded-Host $host; ' +
          'proxy_set_header X-Forwarded-Port 443; proxy_set_header X-Request-ID $request_id;',
      ),
    },
    { what: 'a comment', to: site, edit: inLocation('# proxy_set_header X-Own 1;') },
  ]);
});
