import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Detection } from '../../../src/detect/detection.ts';
import { fitApp } from '../../detect/fitApp.ts';
import { folderWith, scratch } from '../../fixture.ts';
import { comicpile } from '../../inProcess.ts';

const tree = (directory: string) =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((path) => {
      const stat = statSync(join(directory, path));
      return [path, stat.mode, stat.mtimeMs, stat.isFile() ? readFileSync(join(directory, path), 'utf8') : ''];
    });

const app = `import os

import asyncpg
from fastapi import FastAPI

app = FastAPI()


@app.get("/health")
async def health():
    return await asyncpg.connect(os.environ["DATABASE_URL"])
`;
const plain = { 'requirements.txt': 'fastapi\nuvicorn\nasyncpg\n', 'main.py': app };
const twice = Object.fromEntries(
  ['one', 'two'].flatMap((folder) => Object.entries(plain).map(([path, text]) => [`${folder}/${path}`, text])),
);

describe('comicpile detect', () => {
  it('is a table with the file and the line of each, and exit code 0', async () => {
    const { code, stdout, stderr } = await comicpile(folderWith(plain), 'detect');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^Found$/m);
    for (const row of [
      /^ {2}framework +fastapi +requirements\.txt:1/m,
      /^ {2}package manager +pip, requirements\.txt +requirements\.txt/m,
      /^ {2}entry +main:app +main\.py:6/m,
      /^ {2}health path +\/health +main\.py:9/m,
      /^ {2}database +DATABASE_URL=url\S* .*main\.py:11/m,
      /^ {2}migrations +none/m,
      /^ {2}image +main\.py/m,
    ]) {
      assert.match(stdout, row);
    }
    assert.doesNotMatch(stdout, /In the way/);
  });
  it('shows all of an app that has everything', async () => {
    const { code, stdout } = await comicpile(folderWith(fitApp), 'detect');
    for (const text of [
      'poetry, backend/poetry.lock',
      'shop.main:create_app()',
      'backend/src',
      'SHOP_DATABASE_URL=url',
      'backend/db/alembic.ini',
      'worker: celery -A shop.tasks worker --loglevel info',
      'scheduler: celery -A shop.tasks beat --schedule /tmp/celerybeat-schedule',
      'BROKER_URL=url/0',
      'frontend (vite, pnpm run build) -> frontend/dist, served by nginx',
      'SHOP_JWT_SECRET',
      'STRIPE_API_KEY',
    ]) {
      assert.ok(stdout.includes(text), `${text}\n${stdout}`);
    }
    assert.equal(code, 0);
  });
  it('--json is the detection', async () => {
    const { code, stdout } = await comicpile(folderWith(plain), 'detect', { json: true });
    const detection = JSON.parse(stdout) as Detection;
    assert.equal(code, 0);
    assert.deepEqual(
      [detection.runtime, detection.entry?.value.entry, detection.health?.value, detection.refusals],
      ['python', 'main:app', '/health', []],
    );
    assert.deepEqual(detection.health?.evidence[0]?.file, 'main.py');
  });
  it('says what is in the way, with exit code 1', async () => {
    const django = folderWith({ 'requirements.txt': 'django\n', 'manage.py': '', 'shop/wsgi.py': '' });
    const { code, stdout } = await comicpile(django, 'detect');
    assert.equal(code, 1);
    assert.match(stdout, /^In the way\n {2}django: this is a django app: /m);
    const json = await comicpile(django, 'detect', { json: true });
    assert.equal(json.code, 1);
    assert.deepEqual(
      (JSON.parse(json.stdout) as Detection).refusals.map(({ id }) => id),
      ['django'],
    );
  });
  it('says that nothing is there, with exit code 1', async () => {
    for (const directory of [scratch(), join(scratch(), 'absent')]) {
      const { code, stdout } = await comicpile(scratch(), 'detect', { output: directory });
      assert.deepEqual([code, stdout], [1, 'There is no Python project here.\n']);
      assert.equal((await comicpile(scratch(), 'detect', { json: true, output: directory })).stdout, 'null\n');
    }
  });
  it('looks where it is told to', async () => {
    const directory = folderWith(twice);
    const both = await comicpile(directory, 'detect');
    assert.equal(both.code, 1);
    assert.match(both.stdout, /several-apps: .*--app-root one/);
    const one = await comicpile(directory, 'detect', { appRoot: 'two' });
    assert.equal(one.code, 0, one.stdout);
    assert.match(one.stdout, /^ {2}folder +two /m);
    const entry = await comicpile(directory, 'detect', { appRoot: 'two', appEntry: 'main:make()' });
    assert.match(entry.stdout, /^ {2}entry +main:make\(\) /m);
    const absent = await comicpile(directory, 'detect', { appRoot: 'two', appEntry: 'no:app' });
    assert.equal(absent.code, 1);
    assert.match(absent.stdout, /no-entry: --app-entry no:app: there is no such module/);
  });
  it('refuses flags that it cannot use: exit 2, nothing on stdout', async () => {
    for (const [words, flags, reason] of [
      ['detect', { appRoot: '../x' }, /is not a plain relative path in the project/],
      ['detect', { appEntry: 'x' }, /is not an ASGI entry/],
      ['detect', { domain: 'a.example' }, /--domain/],
      ['detect', { yes: true }, /--yes/],
      ['detect word', {}, /word/],
    ] as const) {
      const { code, stdout, stderr } = await comicpile(folderWith(plain), words, flags);
      assert.deepEqual([code, stdout], [2, ''], JSON.stringify([words, flags]));
      assert.match(stderr, reason);
    }
  });
  it('writes nothing', async () => {
    const directory = folderWith({ ...plain, ...fitApp });
    const before = tree(directory);
    for (const more of [{}, { json: true }, { appRoot: 'backend' }]) await comicpile(directory, 'detect', more);
    assert.deepEqual(tree(directory), before);
  });
  it('prints nothing of the project that a terminal obeys', async () => {
    const control = `${String.fromCharCode(27)}[2J`;
    const directory = folderWith({
      ...plain,
      [`${control}/pyproject.toml`]: '[project]\nname = "x"\n',
      [`a${control}.py`]: app,
    });
    assert.match((await comicpile(directory, 'detect')).stdout, /^[\x20-\x7e\n]*$/);
    assert.match((await comicpile(directory, 'detect', { json: true })).stdout, /^[\x20-\x7e\n]*$/);
  });
});
