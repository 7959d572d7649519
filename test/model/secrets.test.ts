import assert from 'node:assert/strict';
import { draw, graceNames, heldSecrets, keepOrDraw, keepPrevious, secretNames } from '../../src/model/secrets.ts';

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
      MONITORING_DB_PASSWORD: 'new',
      GRAFANA_ADMIN_PASSWORD: 'new',
    });
  });
});

describe('keepPrevious', () => {
  it('keeps what a rotation wrote, wherever it is, and never draws one', () => {
    const previous = keepPrevious({ env: 'SECRET_KEY_PREVIOUS=old\n', files: { DB_PASSWORD_PREVIOUS: 'file\n' } });
    assert.deepEqual([previous.SECRET_KEY_PREVIOUS, previous.DB_PASSWORD_PREVIOUS], ['old', 'file']);
    assert.ok(Object.values(keepPrevious({ env: '', files: {} })).every((value) => value === ''));
  });
  it('goes to our app for the password and the key, to one that exists for the key', () => {
    assert.deepEqual(graceNames(false), ['DB_PASSWORD', 'SECRET_KEY']);
    assert.deepEqual(graceNames(true), ['SECRET_KEY']);
  });
});

describe('heldSecrets', () => {
  const existing = { env: 'DB_PASSWORD="old"\nSECRET_KEY=\n', files: { DB_PASSWORD: 'file\n', POSTGRES_PASSWORD: '' } };
  it('has what the project delivers, empty values too, and nothing that is only drawn now', () => {
    assert.deepEqual(
      [...heldSecrets(existing, secretNames, { files: false })],
      [
        ['DB_PASSWORD', 'old'],
        ['SECRET_KEY', ''],
      ],
    );
    assert.deepEqual(
      [...heldSecrets(existing, secretNames, { files: true })],
      [
        ['POSTGRES_PASSWORD', ''],
        ['DB_PASSWORD', 'file'],
      ],
    );
  });
  it('has what is carried over from the other way of delivery, where this one has nothing', () => {
    const carried = { env: 'DB_PASSWORD=short\nSECRET_KEY=\n', files: { POSTGRES_PASSWORD: 'old\n' } };
    const of = (files: boolean) => Object.fromEntries(heldSecrets(carried, secretNames, { files }));
    assert.deepEqual(of(true), { POSTGRES_PASSWORD: 'old', DB_PASSWORD: 'short' });
    assert.deepEqual(of(false), { POSTGRES_PASSWORD: 'old', DB_PASSWORD: 'short', SECRET_KEY: '' });
  });
  it('leaves out what this deployment does not use', () => {
    assert.deepEqual([...heldSecrets(existing, ['SECRET_KEY'], { files: false }).keys()], ['SECRET_KEY']);
  });
});
