import assert from 'node:assert/strict';
import { parseAnswers } from '../../src/answers/parse.ts';
import { buildSecrets } from '../../src/model/printedSecrets.ts';
import { fixedSecrets, rawAnswers } from '../fixture.ts';

const build = (app: 'new' | 'existing', uses: { ownerRole: boolean; monitoring: boolean }, previous = {}) =>
  buildSecrets(parseAnswers(rawAnswers({ app })), uses, fixedSecrets, previous);

describe('the secrets that are printed', () => {
  it('are those that this deployment uses, with their files and values', () => {
    const { secretNames } = build('new', { ownerRole: false, monitoring: false });
    assert.deepEqual(
      secretNames.map(({ env, file }) => [env, file]),
      [
        ['POSTGRES_PASSWORD', 'postgres_password'],
        ['DB_PASSWORD', 'db_password'],
        ['SECRET_KEY', 'secret_key'],
      ],
    );
    for (const { env, value, why } of secretNames) {
      assert.equal(value, fixedSecrets[env]);
      assert.notEqual(why, '');
    }
    const names = (ownerRole: boolean, monitoring: boolean) =>
      build('new', { ownerRole, monitoring }).secretNames.map(({ env }) => env as string);
    assert.ok(names(true, false).includes('DB_OWNER_PASSWORD'));
    assert.ok(!names(true, false).includes('GRAFANA_ADMIN_PASSWORD'));
    assert.ok(names(false, true).includes('GRAFANA_ADMIN_PASSWORD'));
  });
  it('and those from before a rotation: of an app that exists only what it may accept', () => {
    const uses = { ownerRole: false, monitoring: false };
    assert.deepEqual(build('new', uses, { SECRET_KEY_PREVIOUS: 'former' }).graceNames, [
      { env: 'DB_PASSWORD', previous: 'DB_PASSWORD_PREVIOUS', file: 'db_password_previous', value: '' },
      { env: 'SECRET_KEY', previous: 'SECRET_KEY_PREVIOUS', file: 'secret_key_previous', value: 'former' },
    ]);
    assert.deepEqual(
      build('existing', uses).graceNames.map(({ env }) => env),
      ['SECRET_KEY'],
    );
  });
});
