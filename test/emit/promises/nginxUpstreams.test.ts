import { nginxUpstreams } from '../../../src/emit/promises/nginxUpstreams.ts';
import { allows, breaks, isKeptByOurs } from './broken.ts';

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

  const to = 'nginx/snippets/proxy.conf';
  const serving = (line: string) => (text: string) =>
    text.replace(/^ {4}server app:8000.*$/m, (found) => `${found}\n    ${line}`);
  const none = (upstream: string, service = '') =>
    `nginx passes to ${upstream}, but docker-compose.prod.yml has no service ${service}`.trimEnd();
  breaks(
    nginxUpstreams,
    (
      [
        ['server "web":8000;', undefined],
        ['server "web:8000";', none('web:8000', 'web')],
        ['"server" web:8000;', none('web:8000', 'web')],
        ['server\n        web:8000;', none('web:8000', 'web')],
        ['server WEB:8000;', none('WEB:8000', 'WEB')],
        ['server app;', 'nginx passes to app, but the app listens on 8000'],
        ['server db:5432;', 'nginx passes to db:5432, but the app listens on 8000'],
        ['server unix:/var/run/docker.sock;', none('unix:/var/run/docker.sock')],
        ['server 169.254.169.254:80;', none('169.254.169.254:80', '169.254.169.254')],
        ['server [::1]:8000;', none('[::1]:8000')],
      ] as const
    ).flatMap(([line, offence]) => (offence === undefined ? [] : [{ to, edit: serving(line), offence }])),
  );
  breaks(nginxUpstreams, [
    {
      to,
      edit: (text) => text.replace(/^ {4}server app:8000/m, '    # server app:8000'),
      offence: 'nginx passes requests to no upstream',
    },
    {
      to: 'nginx/nginx.conf',
      edit: (text) => text.replace(/\}\s*$/, '}\nstream { upstream x { server web:8000; } }\n'),
      offence: none('web:8000', 'web'),
    },
    {
      to: 'docker-compose.prod.yml',
      edit: (text) => text.replace(/^ {2}app:$/m, '  "a\\x70q":'),
      offence: none('app:8000', 'app'),
    },
  ]);
  allows(nginxUpstreams, [
    { what: 'a server of nginx', to: 'nginx/sites/http.conf', edit: (text) => `${text}server { listen 8090; }\n` },
    { what: 'the same in quotes', to, edit: (text) => text.replace('server app:8000', 'server "app:8000"') },
  ]);
});
