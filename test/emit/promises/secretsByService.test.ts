import { secretsByService } from '../../../src/emit/promises/secretsByService.ts';
import { breaks, isKeptByOurs } from './broken.ts';

describe('promise secretsByService', () => {
  isKeptByOurs(secretsByService);
  breaks(secretsByService, [
    {
      to: 'docker-compose.prod.yml',
      edit: (text) =>
        text.replace('      DB_HOST: db', '      X: ${POSTGRES_PASSWORD:?is in .env.production}\n      DB_HOST: db'),
      offence: 'docker-compose.prod.yml gives POSTGRES_PASSWORD to app, which is not its own',
    },
    {
      to: 'docker-compose.prod.yml',
      edit: (text) =>
        text.replace(
          '      POSTGRES_USER:',
          '      X: ${DB_PASSWORD_PREVIOUS?is in .env.production}\n      POSTGRES_USER:',
        ),
      offence: 'docker-compose.prod.yml gives DB_PASSWORD_PREVIOUS to db, which is not its own',
    },
    {
      to: 'docker-compose.monitoring.yml',
      edit: (text) => text.replace('${GRAFANA_ADMIN_PASSWORD:?', '${POSTGRES_PASSWORD:?'),
      offence: 'docker-compose.monitoring.yml gives POSTGRES_PASSWORD to grafana, which is not its own',
    },
  ]);
});
