import { composeMounts } from '../../../src/emit/promises/composeMounts.ts';
import { allows, breaks, isKeptByOurs } from './broken.ts';

describe('promise composeMounts', () => {
  isKeptByOurs(composeMounts);
  breaks(composeMounts, [
    {
      to: 'docker-compose.prod.yml',
      edit: (text) => text.replace('}/nginx:', '}/nginx-conf:'),
      offence: 'docker-compose.prod.yml mounts ./nginx-conf, which nobody emits',
    },
    {
      to: 'docker-compose.monitoring.yml',
      edit: (text) => text.replace('}/monitoring/blackbox:', '}/monitoring/black-box:'),
      offence: 'docker-compose.monitoring.yml mounts ./monitoring/black-box, which nobody emits',
    },
  ]);

  const to = 'docker-compose.prod.yml';
  const mounting = (volume: string) => (text: string) =>
    text.replace('      - db-data:/var/lib/postgresql/data\n', (found) => `${found}      - ${volume}\n`);
  const offence = 'docker-compose.prod.yml mounts ./nobody, which nobody emits';
  breaks(composeMounts, [
    ...[
      './nobody:/x',
      '"./nob\\x6fdy:/x"',
      './nginx/../nobody/:/x:ro',
      '${A:-./nobody}:/x',
      '{type: bind, source: ./nobody, target: /x}',
      '{type: bind, source: nobody, target: /x}',
      '{type: "bind", target: /x, source: "./nobody", bind: {create_host_path: true}}',
      '{<<: {source: ./nobody}, type: bind, target: /x, bind: {create_host_path: no}}',
    ].map((volume) => ({ to, edit: mounting(volume), offence })),
    ...['secrets', 'configs'].map((kind) => ({
      to,
      edit: (text: string) => `${text}${kind}: {more: {file: ./nobody}}\n`,
      offence,
    })),
    {
      to: 'docker-compose.yml',
      edit: (text) => text.replace('- ./db/init:', '- ./nobody:'),
      offence: 'docker-compose.yml mounts ./nobody, which nobody emits',
    },
  ]);
  allows(
    composeMounts,
    [
      './nginx/:/x:ro',
      'nobody:/x',
      '{type: bind, source: ./nobody, target: /x, bind: {create_host_path: false}}',
      '{type: bind, source: ./nobody, target: /x, bind: {create_host_path: "False"}}',
    ].map((volume) => ({ what: volume, to, edit: mounting(volume) })),
  );
});
