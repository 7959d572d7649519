import type { Answers } from '../answers/questions.ts';
import { connections } from '../policy/connections.ts';
import { type Digests, pinned } from '../policy/digests.ts';
import { engines } from '../policy/engines.ts';
import { ourPolicy, type Policy } from '../policy/policy.ts';
import { probePattern, probePatternOfMtail } from '../policy/probes.ts';
import { printedLimits } from '../policy/roleLimits.ts';
import { buildApp } from './app.ts';
import { buildAuditFacts } from './auditFacts.ts';
import { buildEdge } from './edge.ts';
import { buildFrontend } from './frontend.ts';
import { buildImages } from './images.ts';
import { buildInstall } from './install.ts';
import { buildMonitoring } from './monitoring.ts';
import { buildNetworks } from './networks.ts';
import { buildPipelines } from './pipelines.ts';
import { namesOf, type Places } from './places.ts';
import { buildSecrets } from './printedSecrets.ts';
import type { Project } from './project.ts';
import { buildReports } from './reports.ts';
import { keepPrevious, type Secrets } from './secrets.ts';
import { buildSite } from './site.ts';
import { buildVariables } from './variables.ts';
import { strength } from './weakness.ts';

/** Everything a template may print, nothing left to decide. */
export type Stack = ReturnType<typeof buildStack>;

const buildDatabase = ({ appName, dbUser, migrations, databaseScheme }: Answers) => {
  // Without a migration step the app makes its own tables, so its role must own the schema.
  const hasOwnerRole = migrations === 'alembic';
  return {
    name: appName.replaceAll('-', '_'),
    user: dbUser,
    owner: hasOwnerRole ? `${dbUser}_owner` : dbUser,
    hasOwnerRole,
    scheme: databaseScheme,
  };
};

/** What packs bring to the model: other values of the policy, and under their ids what was answered to them. */
export type Extension = {
  readonly policy: Policy;
  readonly packs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** What tags were when their registries were asked. */
  readonly digests?: Digests;
};
const noExtension: Extension = { policy: ourPolicy, packs: {} };

/** The decided model: answers, what the project holds, the secrets (kept or drawn), and those before the last rotation. */
export const buildStack = (
  answers: Answers,
  project: Project,
  secrets: Secrets,
  previous = keepPrevious({ env: '', files: {} }),
  { policy, packs, digests = {} }: Extension = noExtension,
  places: Places = {},
) => {
  const database = buildDatabase(answers);
  const frontend = buildFrontend(project, answers);
  const files = answers.secrets === 'files';
  const monitoring = buildMonitoring(answers);
  const uses = { ownerRole: database.hasOwnerRole, monitoring: monitoring.isOn };
  const app = buildApp(answers, project);
  const edge = buildEdge(answers, policy, frontend.isServedByNginx);
  const limit = { rate: answers.rateLimit, burst: policy.limits.apiBurst };
  return {
    site: buildSite(answers),
    names: namesOf(places),
    app,
    install: buildInstall(project),
    frontend: frontend.exists ? { ...frontend, image: pinned(digests)(frontend.image) } : frontend,
    variables: buildVariables(answers, project, database),
    database,
    securityTxt: buildReports(answers),
    ci: buildPipelines(answers),
    probes: { pattern: probePattern, ofMtail: probePatternOfMtail },
    python: { version: answers.pythonVersion },
    ...buildImages(answers.pythonVersion, policy, digests, frontend.exists ? frontend.image : undefined),
    ...edge,
    auditFacts: buildAuditFacts({ ...app, headers: edge.headers, limit }),
    delivery: { env: !files, files },
    strength,
    connections: connections({ appIsNew: app.isNew, hasOwnerRole: database.hasOwnerRole }, policy.connections),
    roleLimits: printedLimits(app.hasWorkers, policy.roleLimits),
    recovery: policy.recovery,
    engines,
    monitoring,
    ...buildNetworks(answers, { queue: app.hasQueue }),
    packs,
    ...buildSecrets(answers, uses, secrets, previous),
    secrets,
    previous,
    ignored: ['.env.production', 'secrets/'],
  };
};
