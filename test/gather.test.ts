import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultsFor, fromEnvironment, fromObject, merge, requiredKeys } from '../src/gather.ts';
import { scratch } from './fixture.ts';

describe('merge', () => {
  it('lets flags win over variables, those over the file, that over what is stored', () => {
    const sources = {
      flags: { domain: 'flag.example' },
      environment: { domain: 'env.example', appName: 'env' },
      file: { domain: 'file.example', appName: 'file', dbUser: 'file' },
      stored: { domain: 'stored.example', appName: 'stored', dbUser: 'stored', bodySize: '1m' },
    };
    assert.deepEqual(merge(sources), { domain: 'flag.example', appName: 'env', dbUser: 'file', bodySize: '1m' });
  });
});

describe('fromEnvironment', () => {
  it('reads COMICPILE_ variables', () => {
    assert.deepEqual(fromEnvironment({ COMICPILE_DB_USER: 'x', HOME: '/' }), { dbUser: 'x' });
  });
  it('refuses one that is no question', () => {
    assert.throws(() => fromEnvironment({ COMICPILE_DOMIAN: 'x' }), /COMICPILE_DOMIAN is no question's variable/);
  });
});

describe('fromObject', () => {
  it('joins lists and takes scalars as text', () => {
    const given = fromObject({ serverNames: ['a.example', 'b.example'], appPort: '9000' }, 'a.yml');
    assert.deepEqual(given, { serverNames: 'a.example,b.example', appPort: '9000' });
  });
  it('makes rows of a list of maps', () => {
    const endpoints = [
      { path: '/up', rate: '2r/s', methods: ['POST', 'PUT'] },
      { path: '/slow', timeout: '300s' },
    ];
    assert.deepEqual(fromObject({ endpoints }, 'a.yml'), {
      endpoints: 'path=/up rate=2r/s methods=POST,PUT; path=/slow timeout=300s',
    });
  });
  it('lists every unknown key', () => {
    assert.throws(
      () => fromObject({ domian: 'x', port: '1' }, 'a.yml'),
      /"domian" is not a question(?:.|\n)*"port" is not a question/,
    );
  });
  it('refuses nested values and other shapes', () => {
    assert.throws(() => fromObject({ domain: { a: 1 } }, 'a.yml'), /domain is not a single value/);
    assert.throws(() => fromObject(['x'], 'a.yml'), /not a map of answers/);
  });
});

describe('defaultsFor', () => {
  it('is a new app in an empty or absent directory', () => {
    assert.equal(defaultsFor(scratch(), {}).app, 'new');
    assert.equal(defaultsFor(join(scratch(), 'absent'), {}).app, 'new');
  });
  it('is the existing app where there is one, with Alembic where that is', () => {
    const directory = scratch();
    writeFileSync(join(directory, 'requirements.txt'), 'fastapi\nuvicorn\n');
    assert.deepEqual([defaultsFor(directory, {}).app, defaultsFor(directory, {}).migrations], ['existing', 'none']);
    writeFileSync(join(directory, 'alembic.ini'), '');
    assert.equal(defaultsFor(directory, {}).migrations, 'alembic');
  });
  it('is a new app where only other files are', () => {
    const directory = scratch();
    mkdirSync(join(directory, '.git'));
    writeFileSync(join(directory, 'README.md'), '');
    assert.equal(defaultsFor(directory, {}).app, 'new');
  });
});

describe('requiredKeys', () => {
  it('are three for a new app, six for one that exists', () => {
    assert.deepEqual(requiredKeys('new'), ['domain', 'appName', 'dbUser']);
    assert.deepEqual(requiredKeys('existing'), ['domain', 'appName', 'dbUser', 'appEntry', 'appPort', 'healthPath']);
  });
});
