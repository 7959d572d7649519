import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultsFor, fromEnvironment, fromObject, merge, requiredKeys } from '../../src/answers/gather.ts';
import { commandsOf } from '../../src/cli/door.ts';
import { lookerAt } from '../../src/detect/look.ts';
import { folderWith, scratch } from '../fixture.ts';

const app = `import os

from fastapi import FastAPI

app = FastAPI()


@app.get("/healthz")
def alive():
    return os.environ["DATABASE_URL"]
`;
const existingApp = () =>
  folderWith({
    'requirements.txt': 'fastapi\nuvicorn\nasyncpg\n',
    '.python-version': '3.12\n',
    Procfile: 'web: uvicorn web.main:app --port 9000\n',
    'web/__init__.py': '',
    'web/main.py': app,
  });

const door = { run: commandsOf('comicpile') };

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
    assert.deepEqual(fromEnvironment(door, { COMICPILE_DB_USER: 'x', HOME: '/' }), { dbUser: 'x' });
  });
  it('refuses one that is no question, and says which one is meant', () => {
    assert.throws(() => fromEnvironment(door, { COMICPILE_DOMIAN: 'x' }), {
      message: 'The variable COMICPILE_DOMIAN in the environment answers no question. Did you mean COMICPILE_DOMAIN?',
    });
    assert.throws(
      () => fromEnvironment(door, { COMICPILE_KUBERNETES: 'x' }),
      /COMICPILE_KUBERNETES in the environment answers no question\. All questions: comicpile --help --all$/,
    );
  });
  it('lists all that are none', () => {
    assert.throws(
      () => fromEnvironment(door, { COMICPILE_DOMIAN: 'x', COMICPILE_CPS: 'y' }),
      /DOMIAN.*\n.*CPS.*COMICPILE_CSP/,
    );
  });
});

describe('fromObject', () => {
  it('joins lists and takes scalars as text', () => {
    const given = fromObject(door, { serverNames: ['a.example', 'b.example'], appPort: '9000' }, 'a.yml');
    assert.deepEqual(given, { serverNames: 'a.example,b.example', appPort: '9000' });
  });
  it('makes rows of a list of maps', () => {
    const endpoints = [
      { path: '/up', rate: '2r/s', methods: ['POST', 'PUT'] },
      { path: '/slow', timeout: '300s' },
    ];
    assert.deepEqual(fromObject(door, { endpoints }, 'a.yml'), {
      endpoints: 'path=/up rate=2r/s methods=POST,PUT; path=/slow timeout=300s',
    });
  });
  it('lists every unknown key', () => {
    assert.throws(
      () => fromObject(door, { domian: 'x', port: '1' }, 'a.yml'),
      /There is no question "domian"\. Did you mean "domain"\?\n.*"port"\. Did you mean/,
    );
  });
  it('refuses nested values and other shapes', () => {
    assert.throws(() => fromObject(door, { domain: { a: 1 } }, 'a.yml'), /domain is not a single value/);
    assert.throws(() => fromObject(door, ['x'], 'a.yml'), /not a map of answers/);
  });
});

describe('defaultsFor', () => {
  const defaults = (directory: string, given = {}) => defaultsFor(directory, given, lookerAt(directory));
  it('is a new app in an empty or absent directory', async () => {
    assert.equal((await defaults(scratch())).answers.app, 'new');
    assert.equal((await defaults(join(scratch(), 'absent'))).answers.app, 'new');
  });
  it('is the existing app where there is one, with what its files say and where', async () => {
    const { answers, hints, settled } = await defaults(existingApp());
    assert.deepEqual(
      [answers.app, answers.appEntry, answers.appPort, answers.healthPath, answers.pythonVersion],
      ['existing', 'web.main:app', '9000', '/healthz', '3.12'],
    );
    assert.deepEqual([hints.appEntry, hints.pythonVersion], ['Procfile:1', '.python-version:1']);
    for (const key of ['appEntry', 'appPort', 'healthPath', 'migrations'] as const) assert.ok(settled.has(key), key);
    assert.equal(answers.appRoot, 'detect', 'what no file says is left to the next look');
  });
  it('has a way out where there is an app, as nobody knows what it calls, and none for a new one', async () => {
    assert.equal((await defaults(existingApp())).answers.egress, 'internet');
    assert.equal((await defaults(scratch())).answers.egress, 'none');
  });
  it('is no path and no migrations where the app has none', async () => {
    const directory = folderWith({ 'requirements.txt': 'fastapi\nuvicorn\n', 'main.py': app.replace('/healthz', '/') });
    const { answers, hints, settled } = await defaults(directory);
    assert.deepEqual([answers.healthPath, answers.migrations], ['none', 'none']);
    assert.equal(hints.healthPath, 'nothing in the project says so');
    assert.ok(settled.has('healthPath'));
  });
  it('leaves the entry to the user where there is none', async () => {
    const { answers, settled } = await defaults(folderWith({ 'requirements.txt': 'fastapi\n', 'main.py': '' }));
    assert.equal(answers.app, 'existing');
    assert.ok(!settled.has('appEntry'));
  });
  it('looks where the answers say', async () => {
    const twice = folderWith({
      'one/requirements.txt': 'fastapi\n',
      'one/main.py': app,
      'two/requirements.txt': 'fastapi\n',
      'two/web.py': app.replace('app =', 'site ='),
    });
    assert.equal((await defaults(twice, { appRoot: 'two' })).answers.appEntry, 'web:site');
    assert.equal((await defaults(twice, { appRoot: 'one' })).answers.appEntry, 'main:app');
    assert.equal((await defaults(twice, { appRoot: 'one', appEntry: 'main:app()' })).answers.appEntry, 'main:app()');
  });
  it('is a new app where only other files are, and does not look', async () => {
    const directory = scratch();
    mkdirSync(join(directory, '.git'));
    writeFileSync(join(directory, 'README.md'), '');
    const look = () => Promise.reject(new Error('looked'));
    assert.equal((await defaultsFor(directory, {}, look)).answers.app, 'new');
  });
});

describe('requiredKeys', () => {
  const main = ['domain', 'appName', 'dbUser'];
  it('are three for a new app, and for one that exists those that its files leave open', () => {
    assert.deepEqual(requiredKeys('new', new Set()), main);
    assert.deepEqual(requiredKeys('existing', new Set()), [...main, 'appEntry', 'appPort', 'healthPath']);
    assert.deepEqual(requiredKeys('existing', new Set(['appPort', 'healthPath'])), [...main, 'appEntry']);
    assert.deepEqual(requiredKeys('existing', new Set(['appEntry', 'appPort', 'healthPath'])), main);
  });
});
