import assert from 'node:assert/strict';
import { variablesOf } from '../../../../src/detect/rules/database/variables.ts';
import { look, settings } from './look.ts';

describe('the variables of the database', () => {
  it('are in one order, with the parts that are required beside a URL', () => {
    const { connection } = look({
      'app/config.py': settings('DB_NAME: str', 'DB_PASSWORD: str', 'DB_HOST: str', 'DATABASE_URL: str'),
    });
    assert.deepEqual(
      variablesOf(connection, []).map(({ name, form }) => [name, form]),
      [
        ['DATABASE_URL', 'url'],
        ['DB_HOST', 'host'],
        ['DB_NAME', 'name'],
        ['DB_PASSWORD', 'password'],
      ],
    );
  });
});
