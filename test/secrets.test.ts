import assert from 'node:assert/strict';
import { draw, keepOrDraw, secretNames, weakSecrets } from '../src/secrets.ts';

describe('draw', () => {
  it('is 43 URL-safe characters for 32 bytes, never the same', () => {
    const drawn = Array.from({ length: 10_000 }, () => draw(32));
    assert.ok(drawn.every((value) => /^[A-Za-z0-9_-]{43}$/.test(value)));
    assert.equal(new Set(drawn).size, drawn.length);
  });
});

describe('keepOrDraw', () => {
  it('draws what is missing, each anew', () => {
    const secrets = keepOrDraw({ env: '', files: {} });
    assert.deepEqual(Object.keys(secrets), secretNames);
    assert.equal(new Set(Object.values(secrets)).size, secretNames.length);
  });
  it('keeps what the project has, wherever it is delivered from', () => {
    const secrets = keepOrDraw(
      { env: 'DB_PASSWORD="old"\nSECRET_KEY=\n', files: { POSTGRES_PASSWORD: 'file\n' } },
      () => 'new',
    );
    assert.deepEqual(secrets, {
      POSTGRES_PASSWORD: 'file',
      DB_OWNER_PASSWORD: 'new',
      DB_PASSWORD: 'old',
      SECRET_KEY: 'new',
    });
  });
});

describe('weakSecrets', () => {
  it('names short ones and placeholders, not drawn ones', () => {
    const strong = keepOrDraw({ env: '', files: {} });
    assert.deepEqual(weakSecrets(strong), []);
    assert.deepEqual(weakSecrets({ ...strong, DB_PASSWORD: 'short', SECRET_KEY: 'changethis'.repeat(5) }), [
      'DB_PASSWORD',
      'SECRET_KEY',
    ]);
  });
});
