import { nginxIncludes } from '../../../src/emit/promises/nginxIncludes.ts';
import { allows, breaks, isKeptByOurs } from './broken.ts';

describe('promise nginxIncludes', () => {
  isKeptByOurs(nginxIncludes);
  breaks(nginxIncludes, [
    {
      to: 'nginx/nginx.conf',
      edit: (text) => text.replace('include snippets/tls.conf;', 'include snippets/tsl.conf;'),
      offence: 'nginx/nginx.conf includes nginx/snippets/tsl.conf, which nobody emits',
    },
    {
      to: 'nginx/nginx.conf',
      edit: (text) => text.replace('/etc/nginx-monitoring/*.conf', '/etc/nginx-watching/*.conf'),
      offence: 'nginx/nginx.conf includes /etc/nginx-watching/*.conf, which nobody emits',
    },
  ]);

  const to = 'nginx/nginx.conf';
  const including = (line: string) => (text: string) =>
    text.replace('    include snippets/tls.conf;', (found) => `${found}\n    ${line}`);
  breaks(
    nginxIncludes,
    (
      [
        ['"include" none.conf;', 'nginx/none.conf'],
        ["include 'none.conf' ;", 'nginx/none.conf'],
        ['include\n        none.conf;', 'nginx/none.conf'],
        ['include # where\n        none.conf;', 'nginx/none.conf'],
        ['if ($x) { include none.conf; }', 'nginx/none.conf'],
        ['map $a $b { include none.conf; }', 'nginx/none.conf'],
        ['include /etc/nginx/none.conf;', 'nginx/none.conf'],
        ['include /etc/nginx/../passwd;', '/etc/passwd'],
        ['include ../../proc/self/environ;', '/proc/self/environ'],
        ['include snippets/../none.conf;', 'nginx/none.conf'],
        ['include none/*.conf;', 'nginx/none/*.conf'],
        ['include snippets/[t]ls.conf;', 'nginx/snippets/[t]ls.conf'],
        ['include snippets/tls.con\\f;', 'nginx/snippets/tls.con\\f'],
      ] as const
    ).map(([line, path]) => ({
      to,
      edit: including(line),
      offence: `nginx/nginx.conf includes ${path}, which nobody emits`,
    })),
  );
  allows(
    nginxIncludes,
    [
      '# include none.conf;',
      'include "snippets/tls.conf";',
      'include snippets/*.conf;',
      'include snippets/t?s.conf;',
      "set $a 'include none.conf;';",
    ].map((line) => ({ what: line, to, edit: including(line) })),
  );
});
