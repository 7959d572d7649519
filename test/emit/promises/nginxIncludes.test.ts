import { nginxIncludes } from '../../../src/emit/promises/nginxIncludes.ts';
import { breaks, isKeptByOurs } from './broken.ts';

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
});
