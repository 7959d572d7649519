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
      offence: 'db/init/10-roles.sh gives comicpile 42 connections; the others leave 36',
    },
    {
      to: 'db/init/10-roles.sh',
      edit: (text) => text.replace(/ CONNECTION LIMIT 3$/m, ''),
      offence: 'db/init/10-roles.sh does not limit comicpile_owner to 3 connections',
    },
  ]);
});
