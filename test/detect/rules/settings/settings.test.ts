import assert from 'node:assert/strict';
import { readPython } from '../../../../src/detect/read/python/module.ts';
import { withoutValues } from '../../../../src/detect/rules/code/withoutSecrets.ts';
import type { Setting } from '../../../../src/detect/rules/settings/setting.ts';
import { settingsOf } from '../../../../src/detect/rules/settings/settings.ts';
import { contextFrom } from '../../contextFrom.ts';

const settings = (tree: Readonly<Record<string, string>>, root = ''): readonly Setting[] =>
  settingsOf(contextFrom(tree, root));
const inModule = (code: string) => settings({ 'app/config.py': code });
const namesOf = (all: readonly Setting[]) => all.map(({ name }) => name);
const required = (all: readonly Setting[]) => namesOf(all.filter(({ isRequired }) => isRequired));
const v2 = 'from pydantic_settings import BaseSettings, SettingsConfigDict\nfrom pydantic import Field, AliasChoices\n';
const v1 = 'from pydantic import BaseSettings, Field\nfrom typing import Optional\n';

describe('settingsOf: pydantic', () => {
  it('reads fields with name, type, default, line', () => {
    const [debug, title] = inModule(`${v2}class Settings(BaseSettings):\n    debug: bool = False\n    title: str\n`);
    assert.deepEqual(debug, {
      name: 'DEBUG',
      attribute: 'debug',
      owner: 'Settings',
      default: 'False',
      hasDefault: true,
      isRequired: false,
      type: 'bool',
      evidence: { file: 'app/config.py', line: 4, says: 'debug: bool = False' },
    });
    assert.equal(title?.isRequired, true);
  });
  for (const [what, code] of [
    ['model_config', 'class S(BaseSettings):\n    x: int\n    model_config = SettingsConfigDict(env_prefix="app_")\n'],
    ['a dict', 'class S(BaseSettings):\n    model_config = {"env_prefix": "app_"}\n    x: int\n'],
    ['a keyword of the class', 'class S(BaseSettings, env_prefix="app_"):\n    x: int\n'],
    ['class Config', 'class S(BaseSettings):\n    x: int\n    class Config:\n        env_prefix = "app_"\n'],
  ] as const) {
    it(`applies env_prefix of ${what}`, () => assert.deepEqual(namesOf(inModule(v2 + code)), ['APP_X']));
  }
  it('keeps the case where case matters', () => {
    const code =
      'class S(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix="App_", case_sensitive=True)\n    x: int\n';
    assert.deepEqual(namesOf(inModule(v2 + code)), ['App_x']);
  });
  it('follows bases through modules; the prefix is that of the child; the base alone is nothing', () => {
    const all = settings({
      'app/base.py': `${v2}class Base(BaseSettings):\n    host: str\n`,
      'app/db.py':
        'from app.base import Base\nfrom pydantic_settings import SettingsConfigDict\nclass Db(Base):\n    model_config = SettingsConfigDict(env_prefix="DB_")\n    port: int = 5432\n',
    });
    assert.deepEqual(namesOf(all), ['DB_HOST', 'DB_PORT']);
  });
  it('takes mixins that are no settings by themselves, from other modules', () => {
    const all = settings({
      'app/parts.py': 'from pydantic import BaseModel\nclass Db(BaseModel):\n    db_url: str\n',
      'app/config.py': `${v2}from app.parts import Db\nclass Settings(Db, BaseSettings):\n    x: int = 1\n`,
    });
    assert.deepEqual(namesOf(all).sort(), ['DB_URL', 'X']);
  });
  it('leaves out what is no field, and settings for tests', () => {
    const code = `${v2}class S(BaseSettings):\n    _private: int = 1\n    constant: ClassVar[int] = 2\n    x: int = 1\n    @property\n    def url(self):\n        local: str = "a"\n        return local\nclass TestSettings(S):\n    y: int\ns = S()\n`;
    assert.deepEqual(namesOf(inModule(code)), ['X']);
  });
  it('version 2 reads an alias without the prefix, version 1 reads env', () => {
    const two = `${v2}class S(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix="P_")\n    a: int = Field(alias="A_B")\n    b: int = Field(validation_alias=AliasChoices("C", "D"))\n    c: Annotated[int, Field(validation_alias="E")] = 1\n`;
    assert.deepEqual(
      inModule(two).map(({ name, aliases }) => [name, ...(aliases ?? [])]),
      [['A_B'], ['C', 'D'], ['E']],
    );
    const one = `${v1}class S(BaseSettings):\n    a: int = Field(1, env="A_B")\n    b: int = Field(1, alias="no")\n    c: int = 1\n    class Config:\n        fields = {"c": {"env": "C_D"}}\n`;
    assert.deepEqual(namesOf(inModule(one)), ['A_B', 'B', 'C_D']);
  });
  it('knows what is required', () => {
    const fields =
      '    a: str\n    b: str = Field(...)\n    c: str = ...\n    d: Optional[str]\n    e: Optional[str] = None\n    f: str = Field("x")\n    g: str = Field(default="x")\n    h: list = Field(default_factory=list)\n    i: str | None = Field(None)\n';
    assert.deepEqual(required(inModule(`${v2}class S(BaseSettings):\n${fields}`)), ['A', 'B', 'C', 'D']);
    assert.deepEqual(required(inModule(`${v1}class S(BaseSettings):\n${fields}`)), ['A', 'B', 'C']);
  });
  it('asks for nothing that code gives', () => {
    const code = `${v2}class S(BaseSettings):\n    a: str\n    b: str\n`;
    assert.deepEqual(required(inModule(`${code}s = S(a="x")\n`)), ['B']);
    assert.deepEqual(
      inModule(`${code}s = S(\n  # all\n  **given)\n`).map(({ isUnsure }) => isUnsure),
      [true, true],
    );
    assert.equal(inModule(`${code}s = S()\n`)[0]?.isUnsure, undefined);
  });
  it('expands a nested model by the delimiter; a nested settings class reads its own', () => {
    const model = 'from pydantic import BaseModel\nclass Db(BaseModel):\n    host: str\n    port: int = 1\n';
    const outer =
      'class S(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix="P_", env_nested_delimiter="__")\n    db: Db\n';
    assert.deepEqual(namesOf(inModule(v2 + model + outer)), ['P_DB__HOST', 'P_DB__PORT']);
    assert.deepEqual(required(inModule(v2 + model + outer)), ['P_DB__HOST']);
    const inner = 'class Db(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix="DB_")\n    host: str\n';
    assert.deepEqual(
      namesOf(inModule(`${v2}${inner}class S(BaseSettings):\n    db: Db = Db()\n    x: int = 1\n`)).sort(),
      ['DB_HOST', 'X'],
    );
  });
  it('ends with classes that stand on each other', () => {
    assert.deepEqual(
      namesOf(
        inModule(`${v2}class A(B, BaseSettings):\n    x: int\nclass B(A):\n    y: int\na = A()\nb = B()\n`),
      ).sort(),
      ['X', 'Y'],
    );
  });
});

describe('settingsOf: the environment', () => {
  it('knows what os is asked, and what is only written', () => {
    const all = inModule(
      'import os\nfrom os import environ as e, getenv\nA = os.getenv("A", "1")\nB = os.environ["B"]\nC = os.environ.get("C")\nD = e["D"]\nE = getenv("E")\nos.environ["W"] = "1"\nN = os.getenv(unknown)\n',
    );
    assert.deepEqual(namesOf(all).sort(), ['A', 'B', 'C', 'D', 'E']);
    assert.deepEqual(required(all), ['B', 'D']);
    assert.equal(all.find(({ name }) => name === 'A')?.default, '1');
    const constant = inModule('import os\nVARIABLE = "DB_HOST"\nhost = os.getenv(VARIABLE)\n');
    assert.deepEqual(
      constant.map(({ name, attribute }) => [name, attribute]),
      [['DB_HOST', 'host']],
    );
  });
  it('takes what is looked at first for optional, and leaves out what only a program reads', () => {
    assert.deepEqual(
      required(inModule('import os\nif "A" in os.environ:\n    a = os.environ["A"]\nb = os.environ["B"]\n')),
      ['B'],
    );
    assert.deepEqual(required(inModule('import os\nif os.environ.get("A"):\n    a = os.environ["A"]\n')), []);
    assert.deepEqual(namesOf(inModule('import os\nif __name__ == "__main__":\n    a = os.environ["A"]\n')), []);
    assert.deepEqual(inModule('import os\ndef f():\n    return os.environ["A"]\n')[0]?.isUnsure, true);
  });
  it('does not take another `environ` or `config` for the environment', () => {
    assert.deepEqual(inModule('def app(environ):\n    return environ["PATH_INFO"]\nx = config("NAME")\n'), []);
  });
  it('reads starlette, whose second argument is no default', () => {
    const all = settings({
      'app/config.py':
        'from starlette.config import Config\nconfig = Config(".env")\nA = config("A", cast=str)\nB = config("B", str, "x")\nC = config("C", default=None)\nD = Config()("D", default="d")\nF = config("F", str)\n',
      'app/other.py': 'from app.config import config\nE = config("E")\n',
    });
    assert.deepEqual(namesOf(all).sort(), ['A', 'B', 'C', 'D', 'E', 'F']);
    assert.deepEqual(required(all).sort(), ['A', 'E', 'F']);
  });
  it('reads decouple, environs with prefixes, and django-environ', () => {
    assert.deepEqual(required(inModule('from decouple import config\nA = config("A")\nB = config("B", "x")\n')), ['A']);
    const all = inModule(
      'from environs import Env\nenv = Env()\nenv.read_env()\nA = env.str("A")\nB = env.int("B", 1)\nwith env.prefixed("DB_"):\n    C = env("HOST")\n\n    D = env("PORT", default=1)\nE = env("E")\n',
    );
    assert.deepEqual(namesOf(all), ['A', 'B', 'DB_HOST', 'DB_PORT', 'E']);
    assert.deepEqual(required(all), ['A', 'DB_HOST', 'E']);
    assert.deepEqual(
      required(
        inModule('import environ\nenv = environ.Env(DEBUG=(bool, False))\nDEBUG = env("DEBUG")\nB = env("B")\n'),
      ),
      ['B'],
    );
  });
});

describe('settingsOf: files of variables', () => {
  const tree = {
    '.env': 'SECRET_KEY=hunter2\nexport DB_URL="postgresql://me:hunter2@db.internal/x"\nPLAIN=hunter2\n',
    '.env.example': 'DATABASE_URL=postgresql+asyncpg://me:hunter2@db:5432/hunter2\nAPI_KEY=hunter2\n# OLD=hunter2\n',
    'frontend/.env': 'VITE_X=1\n',
    'frontend/package.json': '{}',
    'alembic/env.py': 'x = 1\n',
    'tests/.env': 'IN_TESTS=1\n',
  };
  it('gives names; of examples a scheme and a host; no value ever', () => {
    const all = settings(tree);
    assert.deepEqual(namesOf(all).sort(), ['API_KEY', 'DATABASE_URL', 'DB_URL', 'PLAIN', 'SECRET_KEY']);
    assert.equal(all.find(({ name }) => name === 'DATABASE_URL')?.default, 'postgresql+asyncpg://db');
    assert.equal(all.find(({ name }) => name === 'DB_URL')?.default, undefined);
    assert.ok(all.every(({ isOnlyNamed, isRequired }) => isOnlyNamed && !isRequired));
    assert.doesNotMatch(JSON.stringify(all), /hunter2|db\.internal/);
  });
  it('takes a value of several lines for one, whatever stands in it', () => {
    const all = settings({ '.env': 'KEY="one\nNO=1\n# NEITHER=1\n"\nB: 2\n# C=3\n' });
    assert.deepEqual(
      all.map(({ name, evidence }) => [name, evidence.line]),
      [
        ['KEY', 1],
        ['B', 5],
      ],
    );
  });
  it('leaves to the code what the code reads, and sees files above the app', () => {
    const all = settings(
      { 'api/main.py': 'import os\na = os.environ["A"]\n', '.env': 'A=1\nB=2\n', 'other/.env': 'C=3\n' },
      'api',
    );
    assert.deepEqual(
      all.map(({ name, owner }) => [name, owner]),
      [
        ['A', 'api/main.py'],
        ['B', '.env'],
      ],
    );
  });
});

describe('evidence without secrets', () => {
  for (const [name, line, shown] of [
    ['SECRET_KEY', 'SECRET_KEY: str = "hunter2"  # was hunter2', 'SECRET_KEY: str = "…"'],
    ['SECRET_KEY', 'key = os.getenv("SECRET_KEY", "hunter2")', 'key = os.getenv("SECRET_KEY", "…")'],
    ['PASSWORD', "PASSWORD = b'hunter2", "PASSWORD = b'…'"],
    ['DB_PASSWORD', 'DB_PASSWORD: int = 12345', 'DB_PASSWORD: int = …'],
    ['X', 'X = connect(password="hunter2")', 'X = connect(password="…")'],
    ['URL', 'URL = "postgresql://me:hunter2@db/x"', 'URL = "postgresql://…"'],
    ['PORT', 'PORT: int = 5432', 'PORT: int = 5432'],
  ] as const) {
    it(`shows ${shown}`, () => assert.equal(withoutValues(line, name), shown));
  }
  it('keeps no default of a secret and no password of a URL', () => {
    const all = inModule(
      `${v2}class S(BaseSettings):\n    jwt_secret: str = "hunter2"\n    url: str = "redis://:hunter2@redis:6379/0"\n    token: str = Field(default="hunter2")\n`,
    );
    assert.doesNotMatch(JSON.stringify(all), /hunter2/);
    assert.deepEqual(
      all.map(({ hasDefault, default: text }) => [hasDefault, text]),
      [
        [true, undefined],
        [true, 'redis://redis:6379/0'],
        [true, undefined],
      ],
    );
  });
});

describe('readPython: joins', () => {
  it('gives strings of parts once, as a whole', () => {
    const { joins, strings } = readPython('a.py', 'a = f"x://{b}" f"@{c}"\nd = e + "/" + g\nf("plain", 1 + 2)\n');
    assert.deepEqual(
      joins.map(({ parts, line }) => [line, parts.map(({ text }) => text)]),
      [
        [1, ['x://', 'b', '@', 'c']],
        [2, ['e', '"/"', 'g']],
        [3, ['1', '2']],
      ],
    );
    assert.ok(strings.some(({ value }) => value === 'plain'));
  });
});

describe('settingsOf: names', () => {
  it('takes no name that is longer than any a person sets, as patterns would take hours over it', () => {
    const name = 'DB_'.repeat(60_000);
    const tree = { 'a.py': `import os\nA = os.environ["${name}"]\nB = os.environ["DB_HOST"]\n` };
    assert.deepEqual(
      settingsOf(contextFrom(tree)).map((setting) => setting.name),
      ['DB_HOST'],
    );
  });
});
