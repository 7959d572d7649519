import { nginxUpstreams } from '../../../src/emit/promises/nginxUpstreams.ts';
import { breaks, isKeptByOurs } from './broken.ts';

describe('promise nginxUpstreams', () => {
  isKeptByOurs(nginxUpstreams);
  breaks(nginxUpstreams, [
    {
      to: 'nginx/snippets/proxy.conf',
      edit: (text) => text.replace('server app:8000', 'server web:8000'),
      offence: 'nginx passes to web:8000, but docker-compose.prod.yml has no service web',
    },
    {
      to: 'nginx/snippets/proxy.conf',
      edit: (text) => text.replace('server app:8000', 'server app:9000'),
      offence: 'nginx passes to app:9000, but the app listens on 8000',
    },
  ]);
});
