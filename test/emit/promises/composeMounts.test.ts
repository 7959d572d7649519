import { composeMounts } from '../../../src/emit/promises/composeMounts.ts';
import { breaks, isKeptByOurs } from './broken.ts';

describe('promise composeMounts', () => {
  isKeptByOurs(composeMounts);
  breaks(composeMounts, [
    {
      to: 'docker-compose.prod.yml',
      edit: (text) => text.replace('./nginx:', './nginx-conf:'),
      offence: 'docker-compose.prod.yml mounts ./nginx-conf, which nobody emits',
    },
    {
      to: 'docker-compose.monitoring.yml',
      edit: (text) => text.replace('./monitoring/blackbox:', './monitoring/black-box:'),
      offence: 'docker-compose.monitoring.yml mounts ./monitoring/black-box, which nobody emits',
    },
  ]);
});
