import assert from 'node:assert/strict';
import { database } from '../../../../src/detect/rules/database/database.ts';
import { contextFrom } from '../../contextFrom.ts';

const look = (tree: Readonly<Record<string, string>>, root = '') => database(contextFrom(tree, root));
const project = (...dependencies: readonly string[]) =>
  `[project]\nname = "x"\ndependencies = [${dependencies.map((one) => `"${one}"`).join(', ')}]\n`;
const shown = (tree: Readonly<Record<string, string>>) => {
  const { driver, scheme, variables } = look(tree).database?.value ?? {};
  return [
    driver,
    scheme,
    ...(variables ?? []).map(({ name, form, text }) => `${name} ${form}${text ? ` ${text}` : ''}`),
  ];
};
const idsOf = (tree: Readonly<Record<string, string>>) => look(tree).notices.map(({ id }) => id);

const pydantic = 'from pydantic import PostgresDsn\nfrom pydantic_settings import BaseSettings, SettingsConfigDict\n';
const settings = (fields: string) => `${pydantic}class Settings(BaseSettings):\n${fields}`;
const parts =
  '    POSTGRES_SERVER: str\n    POSTGRES_PORT: int = 5432\n    POSTGRES_USER: str\n    POSTGRES_PASSWORD: str = ""\n    POSTGRES_DB: str = ""\n';
const asyncEngine =
  'from sqlalchemy.ext.asyncio import create_async_engine\nengine = create_async_engine(settings.DATABASE_URL)\n';
const engine = 'from sqlalchemy import create_engine\nengine = create_engine(settings.DATABASE_URL)\n';
const allParts = [
  'POSTGRES_SERVER host',
  'POSTGRES_PORT port',
  'POSTGRES_DB name',
  'POSTGRES_USER user',
  'POSTGRES_PASSWORD password',
];

describe('database: the driver', () => {
  for (const [dependency, driver] of [
    ['asyncpg', 'asyncpg'],
    ['psycopg[binary]>=3', 'psycopg'],
    ['psycopg[c]', 'psycopg'],
    ['psycopg2', 'psycopg2'],
    ['psycopg2-binary', 'psycopg2'],
    ['tortoise-orm[asyncpg]', 'asyncpg'],
    ['databases[postgresql]', 'asyncpg'],
    ['piccolo[postgres]', 'asyncpg'],
    ['SQLAlchemy[postgresql_asyncpg]', 'asyncpg'],
  ] as const) {
    it(`is ${driver} for ${dependency}`, () => {
      const found = look({ 'pyproject.toml': project(dependency) }).database;
      assert.equal(found?.value.driver, driver);
      assert.equal(found?.confidence, 'guess');
    });
  }
  it('is none for packages that need one themselves', () => {
    assert.equal(
      look({ 'pyproject.toml': project('sqlmodel', 'sqlalchemy', 'databases', 'tortoise-orm') }).database,
      undefined,
    );
  });
  it('says which one is missing', () => {
    const tree = {
      'pyproject.toml': project('sqlalchemy'),
      'app/db.py': 'url = f"postgresql+asyncpg://{user}:{password}@{host}/{name}"\n',
    };
    assert.equal(look(tree).database?.value.driver, 'asyncpg');
    assert.ok(idsOf(tree).includes('database-driver-missing'));
  });
  it('is not one of tests, where the app has another database', () => {
    const tree = { 'pyproject.toml': `${project('aiomysql')}[dependency-groups]\ndev = ["psycopg2-binary"]\n` };
    assert.equal(look(tree).database, undefined);
  });
});

describe('database: which of several drivers', () => {
  it('is that of the app before that of its tests', () => {
    const tree = {
      'pyproject.toml': '[dependency-groups]\ndev = ["psycopg2-binary"]\n',
      'requirements.txt': 'asyncpg\n',
      'app/config.py': settings('    DATABASE_URL: str = "postgresql://localhost/x"\n'),
    };
    assert.equal(shown(tree)[0], 'asyncpg');
  });
});

describe('database: a URL', () => {
  const url = settings('    DATABASE_URL: PostgresDsn\n');
  it('has the driver in it for an async engine, none for psycopg2', () => {
    const app = { 'app/config.py': url };
    assert.deepEqual(shown({ ...app, 'pyproject.toml': project('asyncpg', 'sqlalchemy'), 'app/db.py': asyncEngine }), [
      'asyncpg',
      'postgresql+asyncpg',
      'DATABASE_URL url postgresql+asyncpg',
    ]);
    assert.deepEqual(shown({ ...app, 'pyproject.toml': project('psycopg2', 'sqlalchemy'), 'app/db.py': engine }), [
      'psycopg2',
      'postgresql',
      'DATABASE_URL url postgresql',
    ]);
    assert.deepEqual(shown({ ...app, 'pyproject.toml': project('psycopg', 'sqlalchemy'), 'app/db.py': engine }), [
      'psycopg',
      'postgresql+psycopg',
      'DATABASE_URL url postgresql+psycopg',
    ]);
  });
  it('is plain for a pool of asyncpg, and of its own kind for Tortoise', () => {
    const app = { 'app/config.py': url };
    const pool = 'import asyncpg\nasync def f():\n    await asyncpg.create_pool(settings.DATABASE_URL)\n';
    assert.equal(shown({ ...app, 'pyproject.toml': project('asyncpg'), 'app/db.py': pool })[1], 'postgresql');
    const tortoise = { ...app, 'pyproject.toml': project('tortoise-orm[asyncpg]') };
    assert.equal(shown(tortoise)[1], 'asyncpg');
    assert.equal(shown({ ...tortoise, '.env.example': 'DATABASE_URL=postgres://u:p@db/x\n' })[1], 'postgres');
  });
  it('is what the code replaces, where the code completes it itself', () => {
    const tree = {
      'pyproject.toml': project('psycopg', 'sqlalchemy'),
      'app/config.py': `${url}    def f(cls, value):\n        for scheme in ("postgres://", "postgresql://"):\n            return value.replace(scheme, "postgresql+psycopg://", 1)\n`,
      'app/db.py': engine,
    };
    assert.deepEqual(shown(tree), ['psycopg', 'postgresql', 'DATABASE_URL url postgresql']);
    assert.ok(idsOf(tree).includes('database-url-rewritten'));
    const picky = {
      'pyproject.toml': project('asyncpg', 'psycopg2-binary', 'aiosqlite'),
      'app/config.py': settings('    app_database_url: str | None = None\n'),
      'app/db.py': `${asyncEngine}url = settings.app_database_url.replace("postgres://", "postgresql+asyncpg://")\n`,
    };
    assert.deepEqual(shown(picky), ['asyncpg', 'postgres', 'APP_DATABASE_URL url postgres']);
  });
  it('has the driver that the code takes away elsewhere', () => {
    const tree = {
      'pyproject.toml': project('asyncpg', 'psycopg2-binary', 'sqlalchemy'),
      'app/config.py': url,
      'alembic/env.py': 'url = settings.DATABASE_URL.replace("+asyncpg", "")\n',
    };
    assert.deepEqual(shown(tree), ['asyncpg', 'postgresql+asyncpg', 'DATABASE_URL url postgresql+asyncpg']);
  });
  it('is not changed by what only mends postgres://', () => {
    const tree = {
      'pyproject.toml': project('psycopg2', 'sqlalchemy'),
      'app/config.py':
        'import os\nDATABASE_URL = os.environ["DATABASE_URL"].replace("postgres://", "postgresql://", 1)\n',
      'app/db.py': engine,
    };
    assert.equal(shown(tree)[1], 'postgresql');
  });
  it('has a driver for an async engine, whatever the example says', () => {
    const tree = {
      'pyproject.toml': project('asyncpg', 'sqlalchemy'),
      'app/config.py': url,
      'app/db.py': asyncEngine,
      '.env.example': 'DATABASE_URL=postgresql://u:p@db/x\n',
    };
    assert.deepEqual(shown(tree).slice(2), ['DATABASE_URL url postgresql+asyncpg']);
  });
  it('two of them have a scheme each, by example or by name', () => {
    const dependencies = {
      'pyproject.toml': project('psycopg2-binary', 'asyncpg', 'sqlalchemy'),
      'app/db.py': asyncEngine,
    };
    const byExample = {
      ...dependencies,
      'app/config.py': settings('    DATABASE_URL: PostgresDsn\n    ALEMBIC_DATABASE_URL: PostgresDsn\n'),
      '.env.example': 'DATABASE_URL=postgresql+asyncpg://a:b@c/d\nALEMBIC_DATABASE_URL=postgresql+psycopg2://a:b@c/d\n',
    };
    assert.deepEqual(shown(byExample).slice(2), [
      'DATABASE_URL url postgresql+asyncpg',
      'ALEMBIC_DATABASE_URL url postgresql+psycopg2',
    ]);
    const byName = {
      ...dependencies,
      'app/config.py': settings('    ASYNC_DATABASE_URI: str\n    SYNC_DATABASE_URI: str\n'),
    };
    assert.deepEqual(shown(byName), [
      'asyncpg',
      'postgresql+asyncpg',
      'ASYNC_DATABASE_URI url postgresql+asyncpg',
      'SYNC_DATABASE_URI url postgresql',
    ]);
  });
  it('of two the app’s own gives the scheme, in whatever order they are read', () => {
    const tree = {
      'pyproject.toml': project('psycopg2-binary', 'asyncpg', 'sqlalchemy'),
      'alembic/env.py': 'import os\nurl = os.environ["DATABASE_URL_SYNC"]\n',
      'app/db.py': `import os\n${asyncEngine.replace('settings.DATABASE_URL', 'os.environ["DATABASE_URL"]')}`,
    };
    assert.deepEqual(shown(tree), [
      'asyncpg',
      'postgresql+asyncpg',
      'DATABASE_URL_SYNC url postgresql',
      'DATABASE_URL url postgresql+asyncpg',
    ]);
  });
  it('is PostgreSQL although the default is SQLite', () => {
    const tree = {
      'pyproject.toml': project('asyncpg', 'aiosqlite', 'sqlalchemy'),
      'app/config.py': settings('    DATABASE_URL: str = "sqlite+aiosqlite:///./x.db"\n'),
      'app/db.py': asyncEngine,
    };
    assert.deepEqual(shown(tree), ['asyncpg', 'postgresql+asyncpg', 'DATABASE_URL url postgresql+asyncpg']);
    assert.deepEqual(
      look(tree).others.map(({ value, confidence }) => [value, confidence]),
      [['sqlite', 'certain']],
    );
  });
  it('of another database, or of tests, is not taken', () => {
    const tree = {
      'pyproject.toml': project('asyncpg'),
      'app/config.py': settings(
        '    DATABASE_URL: str\n    TEST_DATABASE_URL: str\n    MONGO_DB_URL: str\n    REDIS_URL: str\n',
      ),
    };
    assert.deepEqual(shown(tree).slice(2), ['DATABASE_URL url postgresql']);
  });
});

describe('database: parts', () => {
  const dependencies = { 'pyproject.toml': project('asyncpg', 'sqlalchemy'), 'app/db.py': asyncEngine };
  for (const [what, code] of [
    [
      'an f-string of a property',
      '    @property\n    def url(self):\n        return f"postgresql+asyncpg://{self.POSTGRES_USER}:{self.POSTGRES_PASSWORD}@{self.POSTGRES_SERVER}:{self.POSTGRES_PORT}/{self.POSTGRES_DB}"\n',
    ],
    [
      'strings on several lines',
      '    @property\n    def url(self):\n        return (f"postgresql+asyncpg://{self.POSTGRES_USER}:{quote(self.POSTGRES_PASSWORD)}"\n            f"@{self.POSTGRES_SERVER}:{self.POSTGRES_PORT}/{self.POSTGRES_DB}")\n',
    ],
    [
      'pieces with names of their own',
      '    @property\n    def url(self):\n        who = f"{self.POSTGRES_USER}:{self.POSTGRES_PASSWORD}"\n        where = self.POSTGRES_SERVER + ":" + str(self.POSTGRES_PORT)\n        return f"postgresql+asyncpg://{who}@{where}/{self.POSTGRES_DB}"\n',
    ],
    [
      'PostgresDsn.build in a validator',
      '    DATABASE_URI: PostgresDsn | None = None\n    @validator("DATABASE_URI")\n    def f(cls, v, values):\n        return PostgresDsn.build(scheme="postgresql+asyncpg", user=values.get("POSTGRES_USER"), password=values.get("POSTGRES_PASSWORD"), host=values.get("POSTGRES_SERVER"), port=values.get("POSTGRES_PORT"), path=f"/{values.get(\'POSTGRES_DB\') or \'\'}")\n',
    ],
    [
      'a host that has the port in it',
      '    def f(self):\n        return MultiHostUrl.build(scheme="postgresql+asyncpg", username=self.POSTGRES_USER, password=self.POSTGRES_PASSWORD, host=f"{self.POSTGRES_SERVER}:{self.POSTGRES_PORT}", path=self.POSTGRES_DB)\n',
    ],
    [
      'URL.create',
      '    def f(self):\n        return URL.create("postgresql+asyncpg", username=self.POSTGRES_USER, password=self.POSTGRES_PASSWORD, host=self.POSTGRES_SERVER, port=self.POSTGRES_PORT, database=self.POSTGRES_DB)\n',
    ],
    [
      'format',
      '    def f(self):\n        return "postgresql+asyncpg://{}:{}@{}:{}/{}".format(self.POSTGRES_USER, self.POSTGRES_PASSWORD, self.POSTGRES_SERVER, self.POSTGRES_PORT, self.POSTGRES_DB)\n',
    ],
  ] as const) {
    it(`are found in ${what}, which says the scheme`, () => {
      const tree = { ...dependencies, 'app/config.py': settings(parts + code) };
      assert.deepEqual(shown(tree), ['asyncpg', 'postgresql+asyncpg', ...allParts]);
      assert.ok(idsOf(tree).includes('database-url-built'));
      assert.equal(look(tree).database?.confidence, 'certain');
    });
  }
  it('have the names of their prefix, and those that say nothing by themselves', () => {
    const tree = {
      ...dependencies,
      'app/config.py': `${pydantic}class Db(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix="PyST_")\n    server: str\n    login: str\n    secret: str\n    schema: str\nclass Redis(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix="REDIS_")\n    server: str\n`,
      'app/engine.py':
        'from app.config import Db\ns = Db()\nurl = f"postgresql+asyncpg://{s.db.login}:{s.db.secret}@{s.host}/{s.db.schema}"\n',
    };
    assert.deepEqual(shown(tree).slice(2), ['PYST_SCHEMA name', 'PYST_LOGIN user', 'PYST_SECRET password']);
  });
  it('are those of the class that builds the URL', () => {
    const db = (name: string, prefix: string, more: string) =>
      `class ${name}(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix="${prefix}")\n    host: str\n    user: str\n    password: str\n${more}`;
    const build =
      '    def f(self):\n        return f"postgresql+asyncpg://{self.user}:{self.password}@{self.host}/x"\n';
    const tree = { ...dependencies, 'app/config.py': pydantic + db('Old', 'PG_', '') + db('New', 'DB_', build) };
    assert.deepEqual(shown(tree).slice(2), ['DB_HOST host', 'DB_USER user', 'DB_PASSWORD password']);
  });
  it('are found by their names alone, one database of several', () => {
    const tree = {
      ...dependencies,
      'app/env.py':
        'import os\nh = os.getenv("X_DB_HOST")\nu = os.getenv("X_DB_USERNAME")\np = os.getenv("X_DB_PASSWORD")\nn = os.getenv("X_DB_NAME")\nrh = os.getenv("OLD_PG_HOST")\nru = os.getenv("OLD_PG_USER")\nmh = os.getenv("MYSQL_DB_HOST")\nrd = os.getenv("REDIS_DB")\n',
    };
    assert.deepEqual(shown(tree).slice(2), [
      'X_DB_HOST host',
      'X_DB_NAME name',
      'X_DB_USERNAME user',
      'X_DB_PASSWORD password',
    ]);
    assert.ok(idsOf(tree).includes('database-several'));
  });
  it('do not take the port of something else for the name of a parameter', () => {
    const tree = {
      ...dependencies,
      'app/db.py':
        'def f(user, password, host, port):\n    return f"postgresql+asyncpg://{user}:{password}@{host}:{port}/x"\n',
      'app/search.py': 'import os\nport = os.getenv("SEARCH_PORT")\npassword = os.getenv("MAIL_PASSWORD")\n',
    };
    assert.deepEqual(shown(tree).slice(2), []);
  });
  it('may be credentials, of which the code makes user and password', () => {
    const tree = {
      'pyproject.toml': project('psycopg2-binary', 'sqlalchemy'),
      'app/config.py':
        'from starlette.config import Config\nconfig = Config(".env")\nDATABASE_HOSTNAME = config("DATABASE_HOSTNAME")\nDATABASE_CREDENTIALS = config("DATABASE_CREDENTIALS")\n_user, _password = str(DATABASE_CREDENTIALS).split(":")\n_quoted = quote(_password)\nDATABASE_NAME = config("DATABASE_NAME", default="x")\nDATABASE_PORT = config("DATABASE_PORT", default="5432")\nURI = f"postgresql+psycopg2://{_user}:{_quoted}@{DATABASE_HOSTNAME}:{DATABASE_PORT}/{DATABASE_NAME}"\n',
    };
    assert.deepEqual(shown(tree), [
      'psycopg2',
      'postgresql+psycopg2',
      'DATABASE_HOSTNAME host',
      'DATABASE_PORT port',
      'DATABASE_NAME name',
      'DATABASE_CREDENTIALS credentials',
    ]);
  });
  it('come besides a URL where the app does not start without them', () => {
    const tree = { ...dependencies, 'app/config.py': settings(`    DATABASE_URL: PostgresDsn\n${parts}`) };
    assert.deepEqual(shown(tree).slice(2), [
      'DATABASE_URL url postgresql+asyncpg',
      'POSTGRES_SERVER host',
      'POSTGRES_USER user',
    ]);
  });
  it('that only the container of the database reads are not the app’s', () => {
    const tree = {
      ...dependencies,
      'app/config.py': settings('    DATABASE_URL: PostgresDsn | None = None\n'),
      '.env.example': 'POSTGRES_USER=a\nPOSTGRES_PASSWORD=b\nPOSTGRES_HOST=c\n',
    };
    assert.deepEqual(shown(tree).slice(2), ['DATABASE_URL url postgresql+asyncpg']);
  });
});

describe('database: a switch', () => {
  for (const [what, field, more, word] of [
    ['its default', '    DB_ENGINE: str = "pg"\n', 'DB_ENGINE = "postgres"\n', 'pg'],
    ['its type', '    DATABASE_TYPE: Literal["mysql", "postgresql"]\n', '', 'postgresql'],
    ['a comparison', '    DB_ENGINE: str = "sqlite"\n', 'if settings.DB_ENGINE == "postgres":\n    pass\n', 'postgres'],
  ] as const) {
    it(`has the word of ${what}`, () => {
      const tree = {
        'pyproject.toml': project('psycopg2-binary'),
        'app/config.py': settings(parts + field),
        'app/a.py': more,
      };
      assert.match(String(shown(tree).at(-1)), new RegExp(` literal ${word}$`));
    });
  }
  it('whose word is unknown is told', () => {
    const tree = {
      'pyproject.toml': project('psycopg2-binary'),
      'app/config.py': settings(`${parts}    DB_BACKEND: str\n`),
    };
    assert.ok(idsOf(tree).includes('database-switch'));
  });
});

describe('database: others, and nothing', () => {
  it('finds only the others', () => {
    const tree = {
      'pyproject.toml': project('aiomysql', 'motor'),
      'app/config.py': settings('    DB_URL: str = "mysql+aiomysql://me:hunter2@localhost/x"\n'),
    };
    const { database: none, others } = look(tree);
    assert.equal(none, undefined);
    assert.deepEqual(others.map(({ value }) => value).sort(), ['mongodb', 'mysql']);
    assert.doesNotMatch(JSON.stringify(others), /hunter2/);
  });
  it('takes a comparison with a scheme for no database', () => {
    const tree = { 'app/db.py': 'if url.startswith("postgresql://"):\n    pass\n' };
    assert.equal(look(tree).database, undefined);
  });
  it('finds nothing', () => {
    assert.deepEqual(look({ 'pyproject.toml': project('fastapi') }), { database: undefined, others: [], notices: [] });
  });
  it('says that no variable was found for a URL in the code, without its password', () => {
    const tree = {
      'pyproject.toml': project('psycopg2', 'sqlalchemy'),
      'app/db.py': 'from sqlalchemy import create_engine\ne = create_engine("postgresql://me:hunter2@localhost/x")\n',
    };
    assert.deepEqual(look(tree).database?.value.variables, []);
    assert.ok(idsOf(tree).includes('database-variables-unknown'));
    assert.doesNotMatch(JSON.stringify(look(tree)), /hunter2/);
  });
});
