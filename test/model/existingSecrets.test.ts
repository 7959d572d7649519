import assert from 'node:assert/strict';
import { join } from 'node:path';
import { existingSecrets } from '../../src/model/existingSecrets.ts';
import { folderWith, scratch } from '../fixture.ts';

describe('the secrets that a project has', () => {
  it('are the text of its env file, and its secret files by name', () => {
    const directory = folderWith({
      '.env.production': 'SECRET_KEY=a\n',
      'secrets/db_password': 'b\n',
      'secrets/secret_key_previous': '',
      'secrets/other': 'c',
    });
    assert.deepEqual(existingSecrets(directory), {
      env: 'SECRET_KEY=a\n',
      files: { DB_PASSWORD: 'b\n', SECRET_KEY_PREVIOUS: '' },
    });
  });
  it('are none of an empty folder, nor of one that is not there', () => {
    for (const directory of [scratch(), join(scratch(), 'gone')])
      assert.deepEqual(existingSecrets(directory), { env: '', files: {} });
  });
});
