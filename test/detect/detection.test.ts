import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { managers } from '../../src/answers/appValues.ts';
import { parseAnswers } from '../../src/answers/parse.ts';
import type { RawAnswers } from '../../src/answers/questions.ts';
import { Refusal } from '../../src/base/refusal.ts';
import type { Detection } from '../../src/detect/detection.ts';
import { holdsApplication } from '../../src/detect/holdsApplication.ts';
import { projectFrom } from '../../src/model/projectFrom.ts';
import { existingApps } from '../../src/team/sampleApps.ts';
import { folderWith, projectIn, rawAnswers, scratch } from '../fixture.ts';
import { detectionOf, frontendOf, installationOf, sure } from './detections.ts';
import { fitApp } from './fitApp.ts';

const answers = (given: Partial<RawAnswers>) =>
  parseAnswers(rawAnswers({ app: 'existing', migrations: 'none', ...given }));

describe('holdsApplication', () => {
  for (const name of ['pyproject.toml', 'requirements.txt', 'Pipfile', 'manage.py', 'main.py']) {
    it(`sees ${name}`, () => assert.equal(holdsApplication(folderWith({ [name]: '' })), true));
  }
  for (const path of ['backend/pyproject.toml', 'services/api/requirements.txt']) {
    it(`sees ${path}`, () => assert.equal(holdsApplication(folderWith({ [path]: '' })), true));
  }
  for (const path of ['tests/requirements.txt', 'node_modules/x/pyproject.toml', 'a/b/c/pyproject.toml', 'web/main.py'])
    it(`does not take ${path} for one`, () => assert.equal(holdsApplication(folderWith({ [path]: '' })), false));
  it('sees nothing in an empty directory, nor in one that is not there', () => {
    assert.equal(holdsApplication(scratch()), false);
    assert.equal(holdsApplication(join(scratch(), 'absent')), false);
  });
});

const project = (given: Partial<RawAnswers>, detection: Partial<Detection> = {}) =>
  projectFrom(answers(given), detectionOf(detection));

/** The problems of the refusal. */
const problemsOf = (run: () => unknown): readonly string[] => {
  let problems: readonly string[] = [];
  assert.throws(run, (error: unknown) => {
    assert.ok(error instanceof Refusal, String(error));
    assert.match(error.message, /^This application cannot be deployed as it is \(nothing was written\):/);
    assert.equal(error.code, 2);
    problems = error.problems;
    return true;
  });
  return problems;
};

describe('projectFrom', () => {
  const everything = detectionOf({
    app: sure({ root: 'backend', framework: 'fastapi' }),
    installation: installationOf({
      manager: 'poetry',
      lock: 'backend/poetry.lock',
      folder: 'backend',
      groups: ['prod'],
      extras: ['pgsql'],
    }),
    entry: sure({
      entry: 'shop.main:create',
      isFactory: true,
      pathRoot: 'backend/src',
      file: 'backend/src/shop/main.py',
    }),
    hasUvicorn: false,
    needsLibpq: true,
    database: sure({
      driver: 'psycopg',
      scheme: 'postgresql+psycopg',
      variables: [
        { name: 'SHOP_URL', form: 'url', text: 'postgresql+psycopg' },
        { name: 'SHOP_ENGINE', form: 'literal', text: 'postgres' },
      ],
    }),
    migrations: sure({ ini: 'backend/db/alembic.ini', location: 'backend/db/migrations' }),
    workers: [
      sure({ library: 'celery', role: 'worker', command: ['celery', '-A', 'shop.tasks', 'worker'] }),
      sure({ library: 'celery', role: 'scheduler', command: ['celery', '-A', 'shop.tasks', 'beat'] }),
    ],
    queue: sure({
      server: 'redis',
      variables: [
        { name: 'BROKER_URL', form: 'url', database: 1 },
        { name: 'REDIS_HOST', form: 'host' },
      ],
    }),
    frontends: [frontendOf({ manager: 'pnpm', managerVersion: '9.12.0' }), frontendOf({ folder: 'admin' })],
    signing: [sure('JWT_SECRET')],
    required: [sure({ name: 'SMTP_HOST', isSecret: false })],
    siblings: [sure('libs/core/src')],
    copies: [sure('backend/src/shop'), sure('backend/db')],
  });

  it('is what was found', () => {
    assert.deepEqual(projectFrom(answers({ migrations: 'alembic' }), everything), {
      manager: 'poetry',
      folder: 'backend',
      lock: 'backend/poetry.lock',
      requirements: [],
      workspace: undefined,
      groups: ['prod'],
      extras: ['pgsql'],
      root: 'backend',
      pythonPaths: ['backend/src', 'libs/core/src'],
      sources: ['backend/src/shop', 'backend/db'],
      isFactory: true,
      needsLibpq: true,
      addsUvicorn: true,
      migrationsFolder: 'backend/db',
      databaseVariables: [
        { name: 'SHOP_URL', form: 'url', text: 'postgresql+psycopg' },
        { name: 'SHOP_ENGINE', form: 'literal', text: 'postgres' },
      ],
      queueVariables: [
        { name: 'BROKER_URL', form: 'url', database: 1 },
        { name: 'REDIS_HOST', form: 'host', database: undefined },
      ],
      workers: [
        { role: 'worker', command: ['celery', '-A', 'shop.tasks', 'worker'] },
        { role: 'scheduler', command: ['celery', '-A', 'shop.tasks', 'beat'] },
      ],
      frontend: {
        folder: 'frontend',
        lockFolder: 'frontend',
        manager: 'pnpm',
        managerVersion: '9.12.0',
        isLocked: true,
        node: '22',
        script: 'build',
        output: 'frontend/dist',
        isServedByApp: false,
      },
      signing: ['JWT_SECRET'],
      required: ['SMTP_HOST'],
    });
  });
  it('is what the answers say where they say something', () => {
    const given = answers({
      appEntry: 'other:app',
      pythonPath: 'backend',
      imageFiles: 'backend/shop,./backend/static/',
      databaseVariables: 'DB_URL=url:postgres,PGHOST=host',
      workers: 'worker: arq shop.Settings',
      queueVariables: 'REDIS_DB=database/3',
      frontend: 'admin',
      secretKeyVariables: 'KEY_ONE,KEY_TWO',
      requiredVariables: 'MAIL_HOST',
    });
    const { pythonPaths, sources, databaseVariables, workers, queueVariables, frontend, signing, required } =
      projectFrom(given, everything);
    assert.deepEqual(pythonPaths, ['backend', 'libs/core/src']);
    assert.deepEqual(sources, ['backend/shop', 'backend/static']);
    assert.deepEqual(databaseVariables, [
      { name: 'DB_URL', form: 'url', text: 'postgres' },
      { name: 'PGHOST', form: 'host', text: '' },
    ]);
    assert.deepEqual(workers, [{ role: 'worker', command: ['arq', 'shop.Settings'] }]);
    assert.deepEqual(queueVariables, [{ name: 'REDIS_DB', form: 'database', database: 3 }]);
    assert.equal(frontend?.folder, 'admin');
    assert.deepEqual([signing, required], [['KEY_ONE', 'KEY_TWO'], ['MAIL_HOST']]);
  });
  it('has nothing of what the answers say that there is not', () => {
    const none = projectFrom(
      answers({
        workers: 'none',
        queueVariables: 'none',
        frontend: 'none',
        secretKeyVariables: 'none',
        requiredVariables: 'none',
      }),
      everything,
    );
    assert.deepEqual(
      [none.workers, none.queueVariables, none.frontend, none.signing, none.required],
      [[], [], undefined, [], []],
    );
  });
  it('is a factory where the answer ends in ()', () => {
    assert.equal(project({ appEntry: 'app.main:make()' }).isFactory, true);
    assert.equal(project({ appEntry: 'app.main:make' }).isFactory, false);
  });
  for (const manager of managers.filter((name) => name !== 'poetry')) {
    it(`with --package-manager ${manager} has neither the lock nor the groups of another`, () => {
      const other = projectFrom(answers({ packageManager: manager }), everything);
      assert.deepEqual([other.manager, other.lock, other.groups], [manager, '', []]);
    });
  }
  it('has no workspace with another manager', () => {
    const installation = installationOf({ workspace: { package: 'api', members: ['packages/api'] } });
    assert.deepEqual(project({}, { installation }).workspace, { package: 'api', members: ['packages/api'] });
    assert.equal(project({ packageManager: 'pip' }, { installation }).workspace, undefined);
  });
  it('emits no queue of a kind that is not Valkey', () =>
    assert.deepEqual(
      project({}, { queue: sure({ server: 'rabbitmq', variables: [{ name: 'AMQP_URL', form: 'url' }] }) })
        .queueVariables,
      [],
    ));

  describe('refuses', () => {
    it('a directory without Python', () => {
      assert.match(problemsOf(() => projectFrom(answers({}), undefined)).join(), /there is no Python project here/);
    });
    const says = [{ id: 'x', says: 'because of this', evidence: [{ file: 'app/main.py', line: 3, says: 'it is so' }] }];
    for (const id of ['not-web', 'django', 'wsgi', 'several-apps', 'no-entry', 'no-postgres']) {
      it(`${id}, with its words and where they come from`, () => {
        const refusals = says.map((each) => ({ ...each, id }));
        assert.deepEqual(
          problemsOf(() => project({}, { refusals })),
          ['because of this\n      app/main.py:3  it is so'],
        );
      });
    }
    for (const [id, given] of [
      ['no-postgres', { databaseVariables: 'DATABASE_URL=url' }],
      ['several-apps', { appRoot: 'backend' }],
      ['not-web', { appRoot: '.' }],
    ] as const) {
      it(`not ${id} where an answer says otherwise`, () =>
        assert.ok(project(given, { refusals: says.map((each) => ({ ...each, id })) })));
    }
    it('all reasons at once', () => {
      const refusals = ['wsgi', 'no-postgres'].map((id) => ({ id, says: `${id}!`, evidence: [] }));
      assert.deepEqual(
        problemsOf(() => project({ migrations: 'alembic' }, { refusals, migrations: undefined })),
        [
          'wsgi!',
          'no-postgres!',
          '--migrations alembic: there is no alembic.ini; without Alembic give --migrations none',
        ],
      );
    });
    it('a frontend that is not there', () =>
      assert.match(
        problemsOf(() => projectFrom(answers({ frontend: 'web' }), everything)).join(),
        /^--frontend web: no package\.json with a build script was found there/,
      ));
    for (const [given, name] of [
      [{ databaseVariables: 'SECRET_KEY=url' }, 'SECRET_KEY'],
      [{ queueVariables: 'DB_HOST=host' }, 'DB_HOST'],
      [{ queueVariables: 'CACHE=url', secretKeyVariables: 'CACHE' }, 'CACHE'],
      [{ secretKeyVariables: 'DATABASE_URL,SECRET_KEY' }, 'DATABASE_URL'],
    ] as const) {
      it(`${JSON.stringify(given)}: one variable for two things`, () => {
        const problems = problemsOf(() => project(given));
        assert.equal(problems.length, 1);
        assert.ok(problems[0]?.startsWith(`${name} would hold two things`), problems[0]);
      });
    }
    const path = 'a b';
    const name = '$(id)';
    const hostile: Readonly<Record<string, [Partial<Detection>, string]>> = {
      'the folder of the app': [{ app: sure({ root: path, framework: 'fastapi' }) }, path],
      'the folder of the lock': [{ installation: installationOf({ folder: path }) }, path],
      'the lock': [{ installation: installationOf({ lock: path }) }, path],
      'the name of the workspace member': [
        { installation: installationOf({ workspace: { package: name, members: [] } }) },
        name,
      ],
      'a member of the workspace': [
        { installation: installationOf({ workspace: { package: 'x', members: ['ok', path] } }) },
        path,
      ],
      'a group of dependencies': [{ installation: installationOf({ groups: [name] }) }, name],
      'an extra': [{ installation: installationOf({ extras: ['x" && id'] }) }, 'x\\" && id'],
      'the folder that imports begin at': [
        { entry: sure({ entry: 'app.main:app', isFactory: false, pathRoot: path, file: '' }) },
        path,
      ],
      'a path that the image needs': [{ copies: [sure('app'), sure('it\u2019s/../x')] }, 'it\\u2019s/../x'],
      'the folder of alembic.ini': [{ migrations: sure({ ini: '../x/alembic.ini', location: 'x' }) }, '../x'],
      'the variables of the database': [
        { database: sure({ driver: 'asyncpg', scheme: 'postgres', variables: [{ name: 'a$b', form: 'url' }] }) },
        'a$b',
      ],
      'the variables of the queue': [
        { queue: sure({ server: 'redis', variables: [{ name: 'PATH', form: 'url' }] }) },
        'PATH',
      ],
      'a command of a worker': [{ workers: [sure({ library: 'arq', role: 'worker', command: ['arq', name] })] }, name],
      'a variable': [{ signing: [sure('A-B')] }, 'A-B'],
      'the folder of the frontend': [{ frontends: [frontendOf({ folder: path })] }, path],
      'the folder of its lock': [{ frontends: [frontendOf({ lockFolder: '/etc' })] }, '/etc'],
      packageManager: [{ frontends: [frontendOf({ managerVersion: '9 && id' })] }, '9 && id'],
      'the version of Node.js': [{ frontends: [frontendOf({ node: 'lts/*' })] }, 'lts/*'],
      'the build script': [{ frontends: [frontendOf({ script: 'build;id' })] }, 'build;id'],
      'the output of the frontend': [{ frontends: [frontendOf({ output: '../../etc' })] }, '../../etc'],
    };
    for (const [what, [detection, text]] of Object.entries(hostile)) {
      it(`${what} that cannot be printed safely, by its name`, () => {
        const problems = problemsOf(() => project({}, detection));
        assert.equal(problems.length, 1, String(problems));
        assert.ok(problems[0]?.startsWith(`${what}: `) && problems[0].includes(text), problems[0]);
        assert.match(problems[0] ?? '', /^[\x20-\x7e]+$/);
      });
    }
    it('all of them at once', () => {
      const all = Object.assign({}, ...Object.values(hostile).map(([detection]) => detection)) as Partial<Detection>;
      assert.ok(problemsOf(() => project({}, all)).length >= 10);
    });
    it('what a terminal would obey, in no words that it obeys', () => {
      const refusals = [
        { id: 'wsgi', says: 'x', evidence: [{ file: '\u001b[2J.py', line: 1, says: '\u001b]0;x\u0007' }] },
      ];
      assert.match(problemsOf(() => project({}, { refusals })).join(), /^[\x20-\x7e\n]+$/);
    });
  });
});

describe('projectIn', () => {
  const code = `import os

import asyncpg
from fastapi import FastAPI

app = FastAPI()


@app.get("/health")
async def health():
    return await asyncpg.connect(os.environ["DATABASE_URL"])
`;
  const given = { databaseVariables: 'DATABASE_URL=url' } as const;
  it('takes a uv project as its code is', () => {
    const directory = folderWith({
      'pyproject.toml': '[project]\nname = "x"\nversion = "1"\ndependencies = ["fastapi[standard]", "asyncpg"]\n',
      'uv.lock': 'version = 1\n',
      'main.py': code,
    });
    const { manager, lock, sources, addsUvicorn, root, pythonPaths } = projectIn(
      directory,
      answers({ ...given, appEntry: 'main:app' }),
    );
    assert.deepEqual(
      { manager, lock, sources, addsUvicorn, root, pythonPaths },
      { manager: 'uv', lock: 'uv.lock', sources: ['main.py'], addsUvicorn: false, root: '', pythonPaths: [''] },
    );
  });
  it('finds of an app that has everything what the sample of it says', () => {
    const { given: said, project: sample } = existingApps['an app that has everything'];
    const detected = parseAnswers(rawAnswers({ ...said, app: 'existing' }));
    assert.deepEqual(projectIn(folderWith(fitApp), detected), sample);
  });
  it('wants nothing in .env.app that the compose files set', () => {
    const required = ['JWT', 'DB_HOST', 'SECRET_KEY', 'DATABASE_URL', 'MAIL'].map((name) =>
      sure({ name, isSecret: true }),
    );
    assert.deepEqual(project({ secretKeyVariables: 'JWT' }, { required }).required, ['MAIL']);
    assert.deepEqual(project({ requiredVariables: 'DB_USER,MAIL' }).required, ['MAIL']);
  });
  it('says that an entry is not there', () => {
    const directory = folderWith({ 'requirements.txt': 'fastapi\nasyncpg\n', 'main.py': code });
    assert.match(
      problemsOf(() => projectIn(directory, answers({ ...given, appEntry: 'web:app' }))).join(),
      /--app-entry web:app: there is no such module/,
    );
  });
  it('refuses Django, and a tree without an app', () => {
    const django = folderWith({ 'requirements.txt': 'django\n', 'manage.py': '', 'shop/asgi.py': 'import django\n' });
    const refusal = (directory: string, entry: string) =>
      problemsOf(() => projectIn(directory, answers({ ...given, appEntry: entry }))).join();
    assert.match(refusal(django, 'shop.wsgi:application'), /there is no such module|Django/);
    const empty = scratch();
    mkdirSync(join(empty, 'docs'));
    writeFileSync(join(empty, 'README.md'), '');
    assert.match(refusal(empty, 'app.main:app'), /there is no Python project here/);
  });
  for (const [line, needed] of [
    ['psycopg2', true],
    ['psycopg2-binary', false],
    ['psycopg==3.2', true],
    ['psycopg[binary]', false],
    ['asyncpg', false],
  ] as const) {
    it(`${needed ? 'needs' : 'does not need'} libpq for ${line}, and adds the uvicorn that is missing`, () => {
      const directory = folderWith({ 'requirements.txt': `fastapi\n${line}\n`, 'main.py': code });
      const { needsLibpq, addsUvicorn } = projectIn(directory, answers({ ...given, appEntry: 'main:app' }));
      assert.deepEqual({ needsLibpq, addsUvicorn }, { needsLibpq: needed, addsUvicorn: true });
    });
  }
});
