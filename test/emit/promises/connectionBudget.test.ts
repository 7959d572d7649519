import { connectionBudget } from '../../../src/emit/promises/connectionBudget.ts';
import { breaks, isKeptByOurs } from './broken.ts';

describe('promise connectionBudget', () => {
  isKeptByOurs(connectionBudget);
  breaks(connectionBudget, [
    {
      to: 'docker-compose.prod.yml',
      edit: (text) => text.replace('replicas: 2', 'replicas: 4'),
      offence: 'the pools of the app are 2 x 40 in a deploy; its role may have 42',
    },
    {
      to: 'docker-compose.prod.yml',
      edit: (text) => text.replace(/max_connections=\d+/, 'max_connections=50'),
      offence: 'db/init/20-rights.sql gives comicpile 42 connections; the others leave 36',
    },
    {
      to: 'db/init/20-rights.sql',
      edit: (text) => text.replace(/CONNECTION LIMIT 3;$/m, ''),
      offence: 'db/init/20-rights.sql does not limit comicpile_owner to 3 connections',
    },
  ]);

  const to = 'docker-compose.prod.yml';
  const pools = (count: number) => `the pools of the app are 2 x ${count} in a deploy; its role may have 42`;
  breaks(connectionBudget, [
    { to, edit: (text) => text.replace('replicas: 2', '"replic\\x61s": 4'), offence: pools(40) },
    {
      to,
      edit: (text) => text.replace('      replicas: 2\n', '').replace('    user: "10001:10001"\n', '$&    scale: 4\n'),
      offence: pools(40),
    },
    { to, edit: (text) => text.replace('replicas: 2', 'replicas: ${R:-4}'), offence: pools(40) },
    { to, edit: (text) => text.replace('replicas: 2', 'replicas: 0x4'), offence: pools(Number.NaN) },
    { to, edit: (text) => text.replace(/DB_POOL_SIZE: "\d+"/, 'DB_POOL_SIZE: 10'), offence: pools(30) },
    { to, edit: (text) => text.replace(/DB_POOL_SIZE: "\d+"/, 'DB_POOL_SIZE: many'), offence: pools(Number.NaN) },
    ...['      - --max_connections=50', '      - -c\n      - max-connections=50', '      - -cmax_connections=50'].map(
      (line) => ({
        to,
        edit: (text: string) => text.replace(/^ {6}- max_connections=\d+$/m, (found) => `${found}\n${line}`),
        offence: 'db/init/20-rights.sql gives comicpile 42 connections; the others leave 36',
      }),
    ),
  ]);
});
