import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAnswers } from '../../src/answers.ts';
import { detectProject, holdsApplication } from '../../src/project/detect.ts';
import { rawAnswers, scratch } from '../fixture.ts';

const answers = (given: Parameters<typeof rawAnswers>[0]) =>
  parseAnswers(rawAnswers({ app: 'existing', migrations: 'none', ...given }));

describe('holdsApplication', () => {
  for (const name of ['pyproject.toml', 'requirements.txt', 'manage.py', 'main.py']) {
    it(`sees ${name}`, () => {
      const directory = scratch();
      writeFileSync(join(directory, name), '');
      assert.equal(holdsApplication(directory), true);
    });
  }
  it('sees nothing in an empty directory', () => assert.equal(holdsApplication(scratch()), false));
});

describe('detectProject', () => {
  it('lists all that is missing at once', () => {
    assert.throws(
      () => detectProject(scratch(), answers({ migrations: 'alembic' })),
      /neither a pyproject\.toml(?:.|\n)*neither app\/ nor app\.py(?:.|\n)*no alembic\.ini/,
    );
  });
  it('takes a uv project with Alembic', () => {
    const directory = scratch();
    writeFileSync(
      join(directory, 'pyproject.toml'),
      '[project]\nname = "x"\ndependencies = ["fastapi[standard]", "psycopg[binary]"]\n',
    );
    writeFileSync(join(directory, 'alembic.ini'), '[alembic]\nscript_location = %(here)s/alembic\n');
    mkdirSync(join(directory, 'alembic'));
    writeFileSync(join(directory, 'main.py'), '');
    assert.deepEqual(detectProject(directory, answers({ migrations: 'alembic', appEntry: 'main:app' })), {
      manager: 'uv',
      sources: ['main.py', 'alembic', 'alembic.ini'],
      needsLibpq: false,
    });
  });
  it('names uvicorn where it is missing', () => {
    const directory = scratch();
    writeFileSync(join(directory, 'requirements.txt'), 'flask\n');
    mkdirSync(join(directory, 'app'));
    assert.throws(() => detectProject(directory, answers({})), /do not name uvicorn/);
  });
  for (const [line, needed] of [
    ['psycopg2', true],
    ['psycopg2-binary', false],
    ['psycopg==3.2', true],
    ['psycopg[binary]', false],
    ['asyncpg', false],
  ] as const) {
    it(`${needed ? 'needs' : 'does not need'} libpq for ${line}`, () => {
      const directory = scratch();
      writeFileSync(join(directory, 'requirements.txt'), `uvicorn\n${line}\n`);
      mkdirSync(join(directory, 'app'));
      assert.equal(detectProject(directory, answers({})).needsLibpq, needed);
    });
  }
});
