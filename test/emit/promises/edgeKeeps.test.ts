import { edgeKeeps } from '../../../src/emit/promises/edgeKeeps.ts';
import { allows, breaks, isKeptByOurs } from './broken.ts';

describe('promise edgeKeeps', () => {
  isKeptByOurs(edgeKeeps);
  breaks(edgeKeeps, [
    {
      to: 'nginx/snippets/security-headers.conf',
      edit: (text) => text.replace('add_header X-Frame-Options "SAMEORIGIN" always;', ''),
      offence: 'nginx/snippets/security-headers.conf does not send X-Frame-Options as decided',
    },
    {
      to: 'nginx/snippets/rate-limits.conf',
      edit: (text) => text.replace('limit_req zone=auth ', '# limit_req zone=auth '),
      offence: 'nginx/snippets/rate-limits.conf does not apply the zone auth',
    },
    {
      to: 'nginx/snippets/tls.conf',
      edit: (text) => text.replace('ssl_protocols TLSv1.2', 'ssl_protocols TLSv1 TLSv1.2'),
      offence: 'nginx/snippets/tls.conf does not have the protocols TLSv1.2 TLSv1.3',
    },
    {
      to: 'nginx/snippets/tls.conf',
      edit: (text) => text.replace('ssl_ciphers ', 'ssl_ciphers RC4-SHA:'),
      offence: 'nginx/snippets/tls.conf does not have the ciphers of the profile',
    },
    {
      to: 'nginx/sites/site.conf',
      edit: (text) => text.replace('    include snippets/security-headers.conf;\n', ''),
      offence: 'nginx/sites/site.conf does not include snippets/security-headers.conf',
    },
    {
      to: 'nginx/sites/site.conf',
      edit: (text) =>
        text.replace('        proxy_pass http://app;', '        add_header X-A 1;\n        proxy_pass http://app;'),
      offence: 'nginx/sites/site.conf has add_header in a location',
    },
  ]);

  const headers = 'nginx/snippets/security-headers.conf';
  const sent = 'add_header X-Frame-Options "SAMEORIGIN" always;';
  const offence = `${headers} does not send X-Frame-Options as decided`;
  breaks(
    edgeKeeps,
    [
      `# ${sent}`,
      `set $x '${sent}';`,
      'add_header X-Frame-Options "SAMEORIGIN";',
      'add_header X-Frame-Options "SAMEORIGIN ";',
      'add_header X-Frame-Options "SAMEORIGIN" # always;\n;',
      `if ($x) { ${sent} }`,
      `${sent}\nadd_header x-frame-options ALLOWALL always;`,
      `${sent}\n"add_header" "X-FRAME-OPTIONS" "" always;`,
    ].map((line) => ({ to: headers, edit: (text: string) => text.replace(sent, line), offence })),
  );
  breaks(edgeKeeps, [
    ...['"ssl_protocols" TLSv1;', 'ssl_protocols\n        TLSv1.2\n        TLSv1;'].map((line) => ({
      to: 'nginx/sites/site.conf',
      edit: (text: string) => text.replace('    http2 on;', (found) => `${found}\n    ${line}`),
      offence: 'nginx/sites/site.conf does not have the protocols TLSv1.2 TLSv1.3',
    })),
    {
      to: 'nginx/sites/site.conf',
      edit: (text) => text.replace('    http2 on;', '$&\n    ssl_ciphers "ALL";'),
      offence: 'nginx/sites/site.conf does not have the ciphers of the profile',
    },
    {
      to: 'nginx/snippets/tls.conf',
      edit: (text) => text.replace(/^ssl_protocols/m, 'if ($x) { } # ssl_protocols\nssl_protocol'),
      offence: 'nginx/snippets/tls.conf does not have the protocols TLSv1.2 TLSv1.3',
    },
    ...['# limit_req zone=auth', 'if ($x) { limit_req zone=auth burst=5 nodelay; }\nlimit_req zone=other'].map(
      (line) => ({
        to: 'nginx/snippets/rate-limits.conf',
        edit: (text: string) => text.replace('limit_req zone=auth', line),
        offence: 'nginx/snippets/rate-limits.conf does not apply the zone auth',
      }),
    ),
    ...[
      '    location /x { include snippets/security-headers.conf; }',
      '    # include snippets/security-headers.conf;',
    ].map((line) => ({
      to: 'nginx/sites/site.conf',
      edit: (text: string) => text.replace('    include snippets/security-headers.conf;', line),
      offence: 'nginx/sites/site.conf does not include snippets/security-headers.conf',
    })),
    {
      to: 'nginx/sites/site.conf',
      edit: (text) => `${text}server { listen 8443 ssl; server_name other.example.test; }\n`,
      offence: 'nginx/sites/site.conf does not include snippets/security-headers.conf',
    },
    ...['add_header X-A 1;', '"add_header" X-A 1;', 'if ($x) {\nadd_header\nX-A 1; }'].map((line) => ({
      to: 'nginx/sites/site.conf',
      edit: (text: string) => text.replace('    location / {', `location /a { ${line} }\n$&`),
      offence: 'nginx/sites/site.conf has add_header in a location',
    })),
  ]);
  const values = 'nginx/snippets/header-values.conf';
  breaks(
    edgeKeeps,
    (
      [
        [/on {6}"max-age=\d+/, 'on "max-age=0'],
        ["default '';", 'default "max-age=31536000";'],
        ['map $https', 'map $scheme'],
        [/$/, 'map $https $strict_transport_security { default ""; }'],
      ] as const
    ).map(([from, to]) => ({
      to: values,
      edit: (text: string) => text.replace(from, () => to),
      offence: `${values} does not have the value of Strict-Transport-Security over TLS alone`,
    })),
  );
  breaks(edgeKeeps, [
    ...['unknown-names', 'http'].map((name) => ({
      to: `nginx/sites/${name}.conf`,
      edit: (text: string) => text.replace('    include snippets/security-headers.conf;\n', ''),
      offence: `nginx/sites/${name}.conf does not include snippets/security-headers.conf`,
    })),
    {
      to: 'nginx/snippets/error-pages.conf',
      edit: (text) => text.replace('    internal;', '$&\n    add_header X-A 1;'),
      offence: 'nginx/snippets/error-pages.conf has add_header in a location',
    },
  ]);
  allows(edgeKeeps, [
    { what: 'one more header', to: headers, edit: (text) => `${text}add_header X-More "1" always;\n` },
    {
      what: 'the same in other quotes, on two lines',
      to: headers,
      edit: (text) => text.replace(sent, "add_header X-Frame-Options\n    'SAMEORIGIN' always;"),
    },
  ]);
});
