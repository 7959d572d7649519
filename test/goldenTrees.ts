import { parseAnswers } from '../src/answers/parse.ts';
import type { RawAnswers } from '../src/answers/questions.ts';
import { templateOf } from '../src/emit/catalogue.ts';
import { verify } from '../src/emit/promises/verify.ts';
import type { Project } from '../src/model/project.ts';
import { buildStack } from '../src/model/stack.ts';
import { type ExistingApp, existingApps } from '../src/team/sampleApps.ts';
import { fixedSecrets, folderWith, rawAnswers, renderAll, stackOf } from './fixture.ts';
import type { Tree } from './goldenFiles.ts';

const existing = (): string =>
  folderWith({
    'requirements.txt': 'fastapi\nuvicorn\npsycopg2\n',
    'web/__init__.py': '',
    'web/main.py': `import os

import psycopg2
from fastapi import FastAPI

app = FastAPI()


@app.get("/healthz/")
def healthz() -> dict[str, str]:
    with psycopg2.connect(os.environ["DATABASE_URL"]) as connection:
        connection.cursor().execute("SELECT 1")
    return {"status": "ok"}
`,
  });

type Scenario = {
  readonly given: Partial<RawAnswers>;
  readonly directory?: () => string;
  /** What would be found there, where it is not the detection that the tree is about. */
  readonly project?: Project;
};

const ofApp = ({ given, project }: ExistingApp): Scenario => ({ given: { ...given, app: 'existing' }, project });

/** Answers of each tree, and the directory that they are given in. */
const scenarios: Readonly<Record<string, Scenario>> = {
  default: { given: {} },
  options: {
    given: {
      secrets: 'env',
      serverNames: 'www.app.example.test',
      hsts: 'full',
      xssProtection: 'off',
      certEmail: 'ops@example.test',
      rateLimit: '5r/s',
      loginRateLimit: '4r/m',
      bodySize: '2m',
      pythonVersion: '3.12',
      securityContact: 'security@example.test',
      securityTxtExpires: '2027-01-31',
      ci: 'both',
    },
  },
  edge: {
    given: {
      tlsProfile: 'modern',
      http3: 'on',
      ipv6: 'off',
      csp: 'app',
      apiDocs: 'open',
      redirectNames: 'www.app.example.test',
      serverNames: 'api.example.test',
      endpoints: 'path=/upload rate=2r/s burst=5 methods=POST,PUT body=50m timeout=300s; path=/slow.v1 timeout=120s',
      rateLimitExempt: '10.0.0.0/8,2001:db8::/32',
      rateLimitMode: 'dry-run',
      staticFiles: 'app',
      spa: 'web/dist',
      apiPaths: '/api,/auth',
    },
  },
  balancer: {
    given: {
      behind: 'aws-alb',
      trustedProxies: '10.0.0.0/16',
      csp: 'custom',
      cspPolicy: "default-src 'self'; img-src 'self' https://images.example.com",
      securityContact: 'https://example.test/report',
      securityTxtExpires: '2027-01-31',
      ci: 'gitlab',
    },
  },
  monitoring: {
    given: {
      monitoring: 'on',
      alertReceiver: 'email',
      alertEmail: 'ops@example.test',
      smtpServer: 'smtp.example.test:587',
      logShipping: 'loki',
      behind: 'proxy-protocol',
      trustedProxies: '10.0.0.0/16',
    },
  },
  existing: {
    given: {
      app: 'existing',
      migrations: 'none',
      appEntry: 'web.main:app',
      appPort: '9000',
      healthPath: '/healthz/',
      databaseVariables: 'DATABASE_URL=url',
    },
    directory: existing,
  },
  fit: ofApp(existingApps['an app that has everything']),
  workspace: ofApp(existingApps['a member of a workspace']),
};

/** Dot files lose their dot, as in templates/: a .gitignore in here would hide files of this repository. */
const treeOf = ({ given, directory, project }: Scenario): Tree => {
  const stack =
    project === undefined
      ? stackOf(given, directory?.())
      : buildStack(parseAnswers(rawAnswers(given)), project, fixedSecrets);
  const files = verify(renderAll(stack), stack);
  return new Map(files.map(({ artifact, text }) => [templateOf(artifact).replace(/\.ejs$/, ''), text]));
};

/** What the generator gives today for each set of answers, the default set first. */
export const renderTrees = (): ReadonlyMap<string, Tree> =>
  new Map(Object.entries(scenarios).map(([name, scenario]) => [name, treeOf(scenario)]));
