import type { RawAnswers } from '../../../src/answers/questions.ts';
import { frontendOf, installationOf, sure } from '../../detect/detections.ts';
import type { Variant } from './sentinel.ts';

const backend: Variant = {
  app: sure({ root: 'backend', framework: 'fastapi' }),
  installation: installationOf({
    manager: 'poetry',
    folder: 'backend',
    lock: 'backend/poetry.lock',
    groups: ['prod', 'web'],
    extras: ['pgsql', 'queue'],
  }),
  entry: sure({ entry: 'shop.main:make', isFactory: true, pathRoot: 'backend/src', file: 'backend/src/shop/main.py' }),
  needsLibpq: true,
  database: sure({
    driver: 'psycopg2',
    scheme: 'postgresql',
    variables: [
      { name: 'SHOP_URL', form: 'url', text: 'postgres' },
      { name: 'SHOP_USER', form: 'user' },
      { name: 'SHOP_LOGIN', form: 'credentials' },
      { name: 'SHOP_ENGINE', form: 'literal', text: 'postgres' },
    ],
  }),
  migrations: sure({ ini: 'backend/db/alembic.ini', location: 'backend/db/migrations' }),
  workers: [
    sure({ library: 'celery', role: 'worker', command: ['celery', '-A', 'shop.tasks', 'worker', '-Q', 'a,b'] }),
    sure({ library: 'celery', role: 'scheduler', command: ['celery', '-A', 'shop.tasks', 'beat'] }),
  ],
  queue: sure({ server: 'redis', variables: [{ name: 'BROKER_URL', form: 'url', database: 1 }] }),
  frontends: [frontendOf({ lockFolder: '', manager: 'pnpm', managerVersion: '9.12.0' })],
  signing: [sure('JWT_SECRET')],
  required: [sure({ name: 'SMTP_HOST', isSecret: false })],
  copies: [sure('backend/src/shop'), sure('backend/db')],
};

const workspace: Variant = {
  app: sure({ root: 'packages/api', framework: 'fastapi' }),
  installation: installationOf({
    workspace: { package: 'acme-api', members: ['packages/api', 'packages/core'] },
    extras: ['all'],
  }),
  siblings: [sure('packages/core/src'), sure('libs/x')],
  hasUvicorn: false,
  database: sure({ driver: 'asyncpg', scheme: 'postgresql', variables: [{ name: 'PGHOST', form: 'host' }] }),
  workers: [sure({ library: 'arq', role: 'worker', command: ['python', '-m', 'acme_api.mailer'] })],
  frontends: [
    frontendOf({
      folder: 'web',
      lockFolder: 'web',
      lock: undefined,
      output: 'packages/api/static',
      isServedByApp: true,
    }),
  ],
};

/** The other answers while one question is tried; each tried one appears under several. Together they take every branch. */
export const contexts: readonly (readonly [Partial<RawAnswers>, Variant])[] = [
  [{}, {}],
  [
    {
      monitoring: 'on',
      alertReceiver: 'email',
      alertEmail: 'ops@mail.example',
      smtpServer: 'smtp.mail.example:587',
    },
    {},
  ],
  [
    { app: 'existing', secrets: 'files', hsts: 'no-preload' },
    { installation: installationOf({ manager: 'pip', lock: 'requirements.txt' }), needsLibpq: true },
  ],
  [
    {
      secrets: 'files',
      serverNames: 'x.example',
      certEmail: 'x@x.example',
      securityContact: 'x@x.example',
      monitoring: 'on',
      alertReceiver: 'slack',
      logShipping: 'loki',
    },
    {},
  ],
  [{ app: 'existing', migrations: 'none', xssProtection: 'off' }, { migrations: undefined }],
  [{ app: 'existing' }, backend],
  [{ app: 'existing', migrations: 'none', secrets: 'files', healthPath: 'none' }, workspace],
  [
    { app: 'existing', appEntry: 'a:b()', egress: 'internet', egressAllow: '10.0.0.0/24:5432,[fd00::5]:443' },
    {
      installation: installationOf({ manager: 'pdm', lock: 'pdm.lock', groups: ['web'] }),
      queue: sure({
        server: 'valkey',
        variables: [
          { name: 'REDIS_HOST', form: 'host' },
          { name: 'REDIS_DB', form: 'database', database: 2 },
        ],
      }),
      frontends: [frontendOf({ folder: '', lockFolder: '', manager: 'yarn', managerVersion: '4.5.0' })],
    },
  ],
  [
    {
      app: 'existing',
      monitoring: 'on',
      alertReceiver: 'webhook',
      behind: 'aws-alb',
      trustedProxies: '10.0.0.0/8',
      healthPath: 'none',
    },
    {
      installation: installationOf({ manager: 'pipenv', lock: 'Pipfile.lock' }),
      frontends: [frontendOf({ manager: 'yarn', lock: 'frontend/yarn.lock' })],
    },
  ],
  [
    { app: 'existing', spa: 'web/dist', migrations: 'none' },
    {
      installation: installationOf({ manager: 'hatch', lock: undefined }),
      frontends: [frontendOf({ manager: 'bun', lock: undefined })],
    },
  ],
  [
    { app: 'existing' },
    {
      installation: installationOf({ manager: 'pip', lock: 'requirements/prod.txt' }),
      frontends: [frontendOf({ manager: 'bun' })],
    },
  ],
];
