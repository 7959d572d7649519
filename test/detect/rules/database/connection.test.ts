import assert from 'node:assert/strict';
import { mainBuild } from '../../../../src/detect/rules/database/build.ts';
import { connectionOf } from '../../../../src/detect/rules/database/connection.ts';
import { driversOf } from '../../../../src/detect/rules/database/drivers.ts';
import { engineOf, rewrittenTo } from '../../../../src/detect/rules/database/engine.ts';
import { toolkitOf } from '../../../../src/detect/rules/database/scheme.ts';
import { urlUses } from '../../../../src/detect/rules/database/urls.ts';
import { variablesOf } from '../../../../src/detect/rules/database/variables.ts';
import { settingsOf } from '../../../../src/detect/rules/settings/settings.ts';
import { contextFrom } from '../../contextFrom.ts';

const look = (tree: Readonly<Record<string, string>>) => {
  const context = contextFrom({ 'requirements.txt': 'sqlalchemy\nasyncpg\n', ...tree });
  const settings = settingsOf(context);
  const uses = urlUses(context);
  const toolkit = toolkitOf(context, driversOf(context));
  return { settings, uses, toolkit, connection: connectionOf(settings, uses, [], toolkit) };
};
const settings = (...fields: readonly string[]) =>
  `from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n${fields.map((field) => `    ${field}\n`).join('')}`;
const parts = ['DB_HOST: str', 'DB_USER: str', 'DB_PASSWORD: str', 'DB_NAME: str'];
const build = 'def url(s):\n    return f"postgresql+asyncpg://{s.DB_USER}:{s.DB_PASSWORD}@{s.DB_HOST}/{s.DB_NAME}"\n';

describe('how the app is told where its database is', () => {
  it('is by a URL where that is all there is', () => {
    const { connection } = look({ 'app/config.py': settings('DATABASE_URL: str') });
    assert.deepEqual([connection.isUrl, connection.parts.size, connection.build], [true, 0, undefined]);
    assert.deepEqual(
      connection.urls.map(({ setting: { name }, scheme }) => [name, scheme]),
      [['DATABASE_URL', 'postgresql+asyncpg']],
    );
  });
  it('is by parts where the code builds the URL of them', () => {
    const { connection } = look({ 'app/config.py': settings(...parts), 'app/db.py': build });
    assert.deepEqual([connection.isUrl, connection.build?.module.path], [false, 'app/db.py']);
    assert.deepEqual([...connection.parts.keys()].sort(), ['host', 'name', 'password', 'user']);
  });
  it('is by the URL of both where that is required, by the parts where it is not', () => {
    const both = (url: string) =>
      look({ 'app/config.py': settings(...parts, url), 'app/db.py': build }).connection.isUrl;
    assert.equal(both('DATABASE_URL: str'), true);
    assert.equal(both('DATABASE_URL: str | None = None'), false);
    assert.equal(both('DATABASE_URL: str = "postgresql://localhost/x"'), false);
  });
  it('is not known of nothing', () => {
    const { connection } = look({});
    assert.deepEqual([connection.isUrl, connection.urls, connection.parts.size, connection.groups], [false, [], 0, []]);
    assert.deepEqual(variablesOf(connection, []), []);
  });
});

describe('the place that builds the URL', () => {
  it('is the fullest that is neither a script nor a migration', () => {
    const tree = {
      'app/config.py': settings(...parts),
      'app/db.py': 'def url(s):\n    return f"postgresql://{s.DB_USER}@{s.DB_HOST}/x"\n',
      'scripts/seed.py': build,
    };
    const { uses, settings: all } = look(tree);
    assert.equal(mainBuild(uses, all)?.use.module.path, 'app/db.py');
    assert.equal(mainBuild([], all), undefined);
  });
});

describe('the engine that serves requests', () => {
  const engine = (tree: Readonly<Record<string, string>>) => {
    const { connection, uses, toolkit } = look(tree);
    return engineOf(connection, uses, toolkit);
  };
  it('has the scheme of the URL, the async one of several', () => {
    const urls = settings('SYNC_DATABASE_URL: str', 'ASYNC_DATABASE_URL: str');
    assert.deepEqual(engine({ 'requirements.txt': 'sqlalchemy\nasyncpg\npsycopg2\n', 'app/config.py': urls }), {
      scheme: 'postgresql+asyncpg',
      driver: 'asyncpg',
    });
  });
  it('has the driver that the code itself puts into the URL', () => {
    const tree = {
      'app/config.py': settings('DATABASE_URL: str'),
      'app/db.py': 'url = s.DATABASE_URL.replace("postgresql://", "postgresql+asyncpg://")\n',
    };
    assert.equal(rewrittenTo(look(tree).uses), 'postgresql+asyncpg');
    assert.deepEqual(engine(tree), { scheme: 'postgresql', driver: 'asyncpg' });
  });
  it('has the scheme that the code builds, but not that of a migration', () => {
    assert.equal(engine({ 'app/config.py': settings(...parts), 'app/db.py': build }).scheme, 'postgresql+asyncpg');
    assert.equal(
      engine({
        'requirements.txt': 'sqlalchemy\npsycopg\n',
        'app/config.py': settings(...parts),
        'alembic/env.py': build.replace('+asyncpg', ''),
      }).scheme,
      'postgresql+psycopg',
    );
  });
  it('is the custom of the driver where nothing says it', () => {
    assert.deepEqual(engine({ 'requirements.txt': '' }), { scheme: 'postgresql', driver: 'psycopg2' });
  });
});

describe('the variables of the database', () => {
  it('are in one order, with the parts that are required beside a URL', () => {
    const { connection } = look({
      'app/config.py': settings('DB_NAME: str', 'DB_PASSWORD: str', 'DB_HOST: str', 'DATABASE_URL: str'),
    });
    assert.deepEqual(
      variablesOf(connection, []).map(({ name, form }) => [name, form]),
      [
        ['DATABASE_URL', 'url'],
        ['DB_HOST', 'host'],
        ['DB_NAME', 'name'],
        ['DB_PASSWORD', 'password'],
      ],
    );
  });
});
