import { edgeKeeps } from '../../../src/emit/promises/edgeKeeps.ts';
import { breaks, isKeptByOurs } from './broken.ts';

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
});
