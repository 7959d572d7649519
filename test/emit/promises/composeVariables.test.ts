import { composeVariables } from '../../../src/emit/promises/composeVariables.ts';
import { allows, breaks, isKeptByOurs } from './broken.ts';

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

  const to = 'docker-compose.prod.yml';
  const inApp = (line: string) => (text: string) =>
    text.replace('      ENVIRONMENT: production\n', (found) => `${found}      ${line}\n`);
  const unset = 'docker-compose.prod.yml reads ${NOBODY}, which .env.production does not set';
  const silent = 'docker-compose.prod.yml reads ${APP_TAG} without :?, so a missing value would pass silently';
  breaks(composeVariables, [
    ...[
      '$NOBODY',
      '"a${NOBODY:?x}b"',
      '${NOBODY?x}',
      '${NOBODY:+x}',
      '${NOBODY:-}',
      '${APP_TAG:-${NOBODY:?x}}',
      '$$$NOBODY',
      '"$\\x4eOBODY"',
      '>-\n        ${NOBODY:?\n        x}',
      "'${NOBODY:?it''s}'",
    ].map((text) => ({
      to,
      edit: inApp(`X: ${text}`),
      offence: unset,
    })),
    ...[
      '$APP_TAG',
      '${APP_TAG}',
      '${APP_TAG?x}',
      '${APP_TAG-x}',
      '${APP_TAG:-}',
      '${APP_TAG:+x}',
      '${APP_TAG+x}',
      '${X:-$APP_TAG}',
    ].map((text) => ({
      to,
      edit: inApp(`X: ${text}`),
      offence: silent,
    })),
    { to, edit: inApp('"${NOBODY:?x}": y'), offence: unset },
    { to, edit: (text) => `${text}x-more: [{a: "\${NOBODY:?x}"}]\n`, offence: unset },
    { to, edit: inApp('X: "${NOBODY"'), offence: unset },
  ]);
  allows(
    composeVariables,
    [
      'X: $$NOBODY',
      'X: $${NOBODY}',
      'X: ${NOBODY:-x}',
      'X: ${NOBODY:-${OTHER:-x}}',
      'X: ${APP_TAG:?is in .env.production}',
      'X: a # ${NOBODY}',
    ].map((line) => ({
      what: line,
      to,
      edit: inApp(line),
    })),
  );
});
