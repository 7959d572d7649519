import {
  databaseRows,
  plainName,
  projectPath,
  queueRows,
  variableNames,
  versionNumber,
  workerRows,
} from '../answers/appValues.ts';
import type { RawAnswers } from '../answers/questions.ts';
import { greenfield, type Path, type Project } from '../model/project.ts';

/** An app that exists, as it would be found and answered for. */
export type ExistingApp = { readonly given: Partial<RawAnswers>; readonly project: Project };

const path = (text: string): Path => projectPath(text === '' ? '.' : text);
const paths = (...texts: readonly string[]): readonly Path[] => texts.map(path);

const plain: Project = { ...greenfield, lock: '', sources: paths('app'), databaseVariables: databaseRows('none') };
const frontend = {
  folder: path('frontend'),
  lockFolder: path('frontend'),
  manager: 'npm',
  managerVersion: '',
  isLocked: true,
  node: versionNumber('22'),
  script: plainName('build'),
  output: path('frontend/dist'),
  isServedByApp: false,
} as const;

/** Apps that between them take every way that an app which exists can take through our templates. */
export const existingApps = {
  'an app that has everything': {
    given: {
      appEntry: 'shop.main:create_app()',
      appPort: '9000',
      healthPath: 'none',
      apiPaths: '/api,/auth',
      monitoring: 'on',
    },
    project: {
      ...plain,
      manager: 'poetry',
      folder: path('backend'),
      lock: path('backend/poetry.lock'),
      groups: ['prod'].map(plainName),
      extras: ['pgsql', 'queue'].map(plainName),
      root: path('backend'),
      pythonPaths: paths('backend/src'),
      sources: paths('backend/db/alembic.ini', 'backend/db/migrations', 'backend/src/shop'),
      isFactory: true,
      migrationsFolder: path('backend/db'),
      databaseVariables: databaseRows('SHOP_DATABASE_URL=url:postgresql+asyncpg,SHOP_DB_ENGINE=literal:postgres'),
      queueVariables: queueRows('BROKER_URL=url/0,RESULTS_URL=url/1'),
      workers: workerRows(
        'worker: celery -A shop.tasks worker --loglevel info; scheduler: celery -A shop.tasks beat --schedule /tmp/celerybeat-schedule',
      ),
      frontend: {
        ...frontend,
        manager: 'pnpm',
        managerVersion: versionNumber('9.12.0'),
      },
      signing: variableNames('SHOP_JWT_SECRET'),
      required: variableNames('SMTP_HOST,STRIPE_API_KEY'),
    },
  },
  'a member of a workspace': {
    given: { appEntry: 'acme_api.main:app', migrations: 'none', secrets: 'files' },
    project: {
      ...plain,
      lock: path('uv.lock'),
      workspace: { package: plainName('acme-api'), members: paths('packages/api', 'packages/core') },
      root: path('packages/api'),
      pythonPaths: paths('packages/api/src', 'packages/core/src'),
      sources: paths('packages/api/src/acme_api', 'packages/core/src/acme_core'),
      needsLibpq: true,
      databaseVariables: databaseRows('PGHOST=host,PGPORT=port,PGDATABASE=name,PGUSER=user,PGPASSWORD=password'),
      workers: workerRows('worker: python -m acme_api.mailer; worker: python -m acme_api.reports'),
      frontend: {
        ...frontend,
        folder: path('apps/web'),
        lockFolder: '',
        isLocked: false,
        output: path('packages/api/src/acme_api/static'),
        isServedByApp: true,
      },
    },
  },
  'requirements in a folder': {
    given: { appEntry: 'server:app', migrations: 'none', ipv6: 'off' },
    project: {
      ...plain,
      manager: 'pip',
      lock: path('requirements/prod.txt'),
      requirements: paths('requirements/prod.txt', 'requirements/base.txt'),
      sources: paths('server.py'),
      addsUvicorn: true,
    },
  },
  'PDM, a queue without Celery': {
    given: { appEntry: 'shop:app', secrets: 'files', egress: 'none' },
    project: {
      ...plain,
      manager: 'pdm',
      lock: path('pdm.lock'),
      groups: ['web'].map(plainName),
      sources: paths('shop.py'),
      queueVariables: queueRows('REDIS_HOST=host,REDIS_PORT=port,REDIS_DB=database/2'),
      workers: workerRows('worker: arq shop.Settings'),
      frontend: { ...frontend, folder: '', lockFolder: '', manager: 'yarn', managerVersion: versionNumber('4.5.0') },
    },
  },
  Pipenv: {
    given: { appEntry: 'shop:app', behind: 'aws-alb', trustedProxies: '10.0.0.0/16', healthPath: 'none' },
    project: { ...plain, manager: 'pipenv', lock: path('Pipfile.lock'), sources: paths('shop.py') },
  },
  'a pyproject.toml alone': {
    given: { appEntry: 'shop:app', migrations: 'none', databaseScheme: 'postgres' },
    project: { ...plain, manager: 'hatch', sources: paths('shop.py'), frontend: { ...frontend, manager: 'bun' } },
  },
} as const satisfies Record<string, ExistingApp>;
