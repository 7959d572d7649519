import assert from 'node:assert/strict';
import { secretsByService } from '../../../src/emit/promises/secretsByService.ts';
import { spoil } from '../../fixture.ts';
import { allows, breaks, isKeptByOurs, offencesOf, rendered } from './broken.ts';

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

  const to = 'docker-compose.prod.yml';
  const inApp = (line: string) => (text: string) =>
    text.replace('      ENVIRONMENT: production\n', (found) => `${found}      ${line}\n`);
  const toApp = (line: string) => (text: string) =>
    text.replace('    user: "10001:10001"\n', (found) => `${found}    ${line}\n`);
  const offence = 'docker-compose.prod.yml gives POSTGRES_PASSWORD to app, which is not its own';
  breaks(secretsByService, [
    ...[
      'X: $POSTGRES_PASSWORD',
      'X: "a${POSTGRES_PASSWORD:-b}"',
      'X: ${A:-${POSTGRES_PASSWORD:?x}}',
      'X: "$\\x50OSTGRES_PASSWORD"',
      '"${POSTGRES_PASSWORD:?x}": y',
      'POSTGRES_PASSWORD:',
      'POSTGRES_PASSWORD: ~',
      'X: /run/secrets/postgres_password',
    ].map((line) => ({ to, edit: inApp(line), offence })),
    ...[
      'labels: ["x=${POSTGRES_PASSWORD:?x}"]',
      'command: serve $POSTGRES_PASSWORD',
      'post_start: [{command: id, environment: {X: "${POSTGRES_PASSWORD:?x}"}}]',
      'secrets: [postgres_password]',
      'secrets: [{source: "postgres_password", target: x}]',
      'configs: [postgres_password]',
    ].map((line) => ({ to, edit: toApp(line), offence })),
    ...[
      'secrets: {harmless: {file: ./secrets/postgres_password}}',
      'secrets: {harmless: {environment: POSTGRES_PASSWORD}}',
      'secrets: {harmless: {external: true, name: postgres_password}}',
    ].map((line) => ({
      to,
      edit: (text: string) => `${toApp('secrets: [harmless]')(text)}${line}\n`,
      offence,
    })),
    {
      to,
      edit: (text) =>
        `${toApp('configs: [{source: harmless}]')(text)}configs: {harmless: {content: "a \${POSTGRES_PASSWORD:?x}"}}\n`,
      offence,
    },
    ...[
      '- ./.env.production:/x:ro',
      '- .:/x:ro',
      '- {type: bind, source: .env.production, target: /x, read_only: true}',
    ].map((volume) => ({
      to,
      edit: toApp(`volumes:\n      ${volume}`),
      offence: 'docker-compose.prod.yml gives .env.production to app, and with it secrets that are not its own',
    })),
    {
      to,
      edit: (text) => text.replace('      - path: .env.app\n', '      - path: ./nginx/../.env.production\n'),
      offence: 'docker-compose.prod.yml gives .env.production to app, and with it secrets that are not its own',
    },
    {
      to,
      edit: (text) => text.replace('      - .:/project:ro\n', '      - .:/project\n'),
      offence: 'docker-compose.prod.yml gives .env.production to backups, and with it secrets that are not its own',
    },
  ]);
  it('looks at the files of secrets too', () => {
    const { files, stack } = rendered({ secrets: 'files' });
    const spoilt = spoil(files, to, (text) =>
      text.replace('      - db_password\n      - secret_key', '      - db_owner_password\n      - secret_key'),
    );
    assert.deepEqual(offencesOf(secretsByService, { files: spoilt, stack }), [
      'docker-compose.prod.yml gives DB_OWNER_PASSWORD to app, which is not its own',
    ]);
  });
  allows(secretsByService, [
    { what: 'a dollar that is none', to, edit: inApp('X: $$POSTGRES_PASSWORD') },
    { what: 'a name in a comment', to, edit: inApp('X: y # ${POSTGRES_PASSWORD}') },
  ]);
});
