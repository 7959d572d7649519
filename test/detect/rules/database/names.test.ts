import assert from 'node:assert/strict';
import { formByName } from '../../../../src/detect/rules/database/names.ts';

describe('what the name of a variable says', () => {
  for (const [name, form, head] of [
    ['DATABASE_URL', 'url', ''],
    ['sqlalchemy_database_uri', 'url', ''],
    ['DB_DSN', 'url', ''],
    ['POSTGRES_HOST', 'host', 'POSTGRES_'],
    ['POSTGRES_SERVER', 'host', 'POSTGRES_'],
    ['APP_DB_PORT', 'port', 'APP_DB_'],
    ['POSTGRES_DB_NAME', 'name', 'POSTGRES_'],
    ['POSTGRES_DB', 'name', 'POSTGRES_'],
    ['DB_USER', 'user', 'DB_'],
    ['DB_PASSWORD', 'password', 'DB_'],
    ['DB_CREDENTIALS', 'credentials', 'DB_'],
    ['DB_ENGINE', 'literal', 'DB_'],
    ['DB__HOST', 'host', 'DB__'],
    ['PGHOST', 'host', 'PG'],
    ['PGDATABASE', 'name', 'PG'],
  ] as const) {
    it(`${name}: ${form}`, () => assert.deepEqual(formByName(name), { head, form }));
  }
  for (const name of [
    '',
    'HOST',
    'REDIS_URL',
    'MYSQL_HOST',
    'TEST_DATABASE_URL',
    'DATABASE_URL_TEST',
    'DBX_HOST',
    'constructor',
  ])
    it(`${name || 'nothing'}: nothing of PostgreSQL`, () => assert.equal(formByName(name), undefined));
});
