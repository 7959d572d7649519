import { acceptedByNginx, requireNginx } from './nginxTest.ts';
import { edit } from './projects.ts';
import { describeTool, finds, findsNothing } from './promise.ts';

const file = 'nginx/snippets/rate-limits.conf';

describeTool(
  'nginx',
  () => {
    findsNothing(acceptedByNginx);
    finds(
      'a directive that does not exist',
      (directory) => edit(directory, file, (text) => text.replace(/^limit_req_zone /m, 'rate_limit_zone ')),
      acceptedByNginx,
      /unknown directive "rate_limit_zone"/,
    );
    finds(
      'a directive that is only a warning',
      (directory) =>
        edit(directory, 'nginx/sites/site.conf', (text) => text.replace(/listen 8443 ssl;/, 'listen 8443 ssl http2;')),
      acceptedByNginx,
      /\[warn\].*deprecated/,
    );
  },
  requireNginx,
);
