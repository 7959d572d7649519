import assert from 'node:assert/strict';
import { existingSecrets } from '../../src/model/existingSecrets.ts';
import { folderWith, scratch } from '../fixture.ts';

describe('existingSecrets', () => {
  it('are none in a folder without any', () => assert.deepEqual(existingSecrets(scratch()), { env: '', files: {} }));
  it('are the environment file, and each file of a secret with its former value; no other file', () => {
    const env = 'DB_PASSWORD=golden-a\n';
    const directory = folderWith({
      '.env.production': env,
      'secrets/db_password': 'golden-b\n',
      'secrets/secret_key_previous': '',
      'secrets/mine': 'golden-c\n',
    });
    assert.deepEqual(existingSecrets(directory), {
      env,
      files: { DB_PASSWORD: 'golden-b\n', SECRET_KEY_PREVIOUS: '' },
    });
  });
});
