import assert from 'node:assert/strict';
import { hidingSecrets } from '../../src/cli/hidden.ts';
import { folderWith, silentDoor } from '../fixture.ts';

describe('hidingSecrets', () => {
  const shown = (env: string, line: string): string | undefined => {
    const door = silentDoor();
    hidingSecrets(door, folderWith({ '.env.production': env })).say(line);
    return door.said[0];
  };

  it('hides a secret as it is', () => {
    assert.equal(shown('SECRET_KEY=abcdefgh1234\n', 'is abcdefgh1234.'), 'is (a secret).');
  });

  it('hides a secret as its file has it, with escapes, and line by line', () => {
    assert.equal(shown('SECRET_KEY="abc\\"defgh"\n', '+SECRET_KEY="abc\\"defgh"'), '+SECRET_KEY="(a secret)"');
    assert.equal(shown('SECRET_KEY="abcdefgh\nijklmnop"\n', '+ijklmnop"'), '+(a secret)"');
  });

  it('hides the value of an earlier line of the same key', () => {
    assert.equal(shown('SECRET_KEY=abcdefgh1234\nSECRET_KEY=\n', 'abcdefgh1234'), '(a secret)');
  });
});
