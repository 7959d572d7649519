import type { Detection } from '../../src/detect/detection.ts';
import { type Finding, type Frontend, found } from '../../src/detect/model.ts';

export const sure = <Value>(value: Value): Finding<Value> => found(value, 'certain');

/** A detection written by hand: a plain uv app whose database is in DATABASE_URL. */
export const detectionOf = (given: Partial<Detection> = {}): Detection => ({
  runtime: 'python',
  apps: [],
  app: sure({ root: '', framework: 'fastapi' }),
  installation: sure({
    manager: 'uv',
    lock: 'uv.lock',
    isRepeatable: true,
    folder: '',
    workspace: undefined,
    groups: [],
    extras: [],
    files: [],
  }),
  python: sure('3.13'),
  entry: sure({ entry: 'app.main:app', isFactory: false, pathRoot: '', file: 'app/main.py' }),
  port: found(8000, 'guess'),
  health: undefined,
  hasUvicorn: true,
  needsLibpq: false,
  database: sure({
    driver: 'asyncpg',
    scheme: 'postgresql+asyncpg',
    variables: [{ name: 'DATABASE_URL', form: 'url', text: 'postgresql+asyncpg' }],
  }),
  migrations: sure({ ini: 'alembic.ini', location: 'migrations' }),
  workers: [],
  queue: undefined,
  frontends: [],
  staticFolders: [],
  appPaths: [],
  required: [],
  signing: [],
  siblings: [],
  copies: [sure('app')],
  notices: [],
  refusals: [],
  gaps: [],
  reads: 0,
  ...given,
});

/** The same with another installation than uv's. */
export const installationOf = (given: Partial<Detection['installation']['value']>): Detection['installation'] =>
  sure({ ...detectionOf().installation.value, ...given });

/** A frontend written by hand: npm, served by nginx. */
export const frontendOf = (given: Partial<Frontend> = {}): Finding<Frontend> =>
  sure({
    folder: 'frontend',
    lockFolder: 'frontend',
    lock: 'frontend/package-lock.json',
    manager: 'npm',
    managerVersion: undefined,
    node: '22',
    framework: 'vite',
    script: 'build',
    output: 'frontend/dist',
    isServedByApp: false,
    ...given,
  });
