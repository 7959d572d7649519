import { composeVariables } from '../../../src/emit/promises/composeVariables.ts';
import { breaks, isKeptByOurs } from './broken.ts';

describe('promise composeVariables', () => {
  isKeptByOurs(composeVariables);
  breaks(composeVariables, [
    {
      to: 'docker-compose.prod.yml',
      edit: (text) => text.replace('${APP_TAG:?is in .env.production}', '${APP_TGA:?is in .env.production}'),
      offence: 'docker-compose.prod.yml reads ${APP_TGA}, which .env.production does not set',
    },
    {
      to: 'docker-compose.prod.yml',
      edit: (text) => text.replace('${DB_PASSWORD:?is in .env.production}', '${DB_PASSWORD}'),
      offence: 'docker-compose.prod.yml reads ${DB_PASSWORD} without :?, so a missing value would pass silently',
    },
    {
      to: 'docker-compose.prod.yml',
      edit: (text) => text.replace('${DB_PASSWORD:?is', '${DB_PASSWORD?is'),
      offence: 'docker-compose.prod.yml reads ${DB_PASSWORD} without :?, so a missing value would pass silently',
    },
    {
      to: 'docker-compose.monitoring.yml',
      edit: (text) => text.replace('${MONITORING_DB_PASSWORD:?is in .env.production}', '${MONITORING_PASSWORD:?}'),
      offence: 'docker-compose.monitoring.yml reads ${MONITORING_PASSWORD}, which .env.production does not set',
    },
  ]);
});
