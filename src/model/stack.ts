import type { Answers } from '../answers/questions.ts';
import type { Rate } from '../answers/values.ts';
import { version } from '../base/version.ts';
import { ci } from '../policy/ci.ts';
import { connections } from '../policy/connections.ts';
import { type Digests, pinned } from '../policy/digests.ts';
import { images } from '../policy/images.ts';
import { type ImageName, ourPolicy, type Policy } from '../policy/policy.ts';
import { probePattern, probePatternOfMtail } from '../policy/probes.ts';
import { buildEdge } from './edge.ts';
import { buildFrontend } from './frontend.ts';
import { buildPlaces } from './imagePaths.ts';
import { buildInstall } from './install.ts';
import { buildMonitoring } from './monitoring.ts';
import { namesOf, type Places } from './places.ts';
import type { Project } from './project.ts';
import {
  fileOf,
  graceNames,
  keepPrevious,
  previousName,
  type SecretName,
  type Secrets,
  secretsOf,
  secretTable,
} from './secrets.ts';
import { buildVariables } from './variables.ts';
import { strength } from './weakness.ts';
import { buildWorkers } from './workers.ts';

/** Everything a template may print, nothing left to decide. */
export type Stack = ReturnType<typeof buildStack>;

type PrintedSecret = { readonly env: SecretName; readonly file: string; readonly why: string; readonly value: string };

const buildSite = ({ domain, serverNames, redirectNames, certEmail }: Answers) => {
  const served = [domain, ...serverNames];
  const all = [...served, ...redirectNames];
  return {
    domain,
    origin: `https://${domain}`,
    serverName: served.join(' '),
    redirectName: redirectNames.join(' '),
    hasRedirects: redirectNames.length > 0,
    /** All that the certificate must name. */
    allNames: all.join(' '),
    certbotNames: all.map((name) => `-d ${name}`).join(' '),
    contactEmail: certEmail,
  };
};

const buildReports = ({ securityContact, securityTxtExpires }: Answers) => ({
  /** A URI, as RFC 9116 wants it. */
  contact: securityContact,
  /** As a person reads it. */
  address: securityContact.replace(/^mailto:/, ''),
  expires: securityTxtExpires,
  exists: securityContact !== '' && securityTxtExpires !== '',
});

/** The pipelines, what they run, and what asks for newer versions of it all. */
const buildPipelines = ({ ci: where, packs }: Answers) => ({
  ...ci,
  generator: version(),
  onGitHub: where === 'github' || where === 'both',
  onGitLab: where === 'gitlab' || where === 'both',
  isNone: where === 'none',
  usesDependabot: where !== 'gitlab',
  usesRenovate: where === 'gitlab',
  /** Packs that npm installs; folders are there already. */
  hasPackages: packs.some((name) => !name.startsWith('.')),
});

const buildApp = (answers: Answers, project: Project) => {
  const workers = buildWorkers(project);
  return {
    name: answers.appName,
    entry: answers.appEntry.replace(/\(\)$/, ''),
    isFactory: project.isFactory,
    port: answers.appPort,
    healthPath: answers.healthPath,
    hasHealth: answers.healthPath !== '',
    /** What is asked through nginx to see whether the site is there. */
    probePath: answers.healthPath || '/',
    isNew: answers.app === 'new',
    exists: answers.app === 'existing',
    sources: project.sources,
    hasMigrations: answers.migrations === 'alembic',
    needsLibpq: project.needsLibpq,
    ...buildPlaces(project),
    workers,
    hasWorkers: workers.length > 0,
    /** The services that run the image of the app all the time. */
    services: ['app', ...workers.map(({ service }) => service)],
    serviceWords: ['app', ...workers.map(({ service }) => service)].join(' '),
    workerWords: workers.map(({ service }) => service).join(' '),
    hasQueue: project.queueVariables.length > 0,
    required: project.required,
    hasRequired: project.required.length > 0,
  };
};

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
  const named: Readonly<Record<ImageName, string>> = { ...images(answers.pythonVersion), ...policy.images };
  const files = answers.secrets === 'files';
  const monitoring = buildMonitoring(answers);
  const used = secretsOf({ ownerRole: database.hasOwnerRole, monitoring: monitoring.isOn });
  const printed: readonly PrintedSecret[] = used.map((env) => ({
    env,
    file: fileOf(env),
    why: secretTable[env].why,
    value: secrets[env],
  }));
  const grace = graceNames(answers.app === 'existing').map((env) => ({
    env,
    previous: previousName(env),
    file: fileOf(previousName(env)),
    value: previous[previousName(env)] ?? '',
  }));
  const app = buildApp(answers, project);
  const edge = buildEdge(answers, policy, frontend.isServedByNginx);
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
    images: Object.fromEntries(
      Object.entries(named).map(([name, ref]) => [name, pinned(digests)(ref)]),
    ) as typeof named,
    imageNames: [...new Set([...Object.values(named), ...(frontend.exists ? [frontend.image] : [])])],
    ...edge,
    auditFacts: buildAuditFacts({
      ...app,
      headers: edge.headers,
      limit: { rate: answers.rateLimit, burst: policy.limits.apiBurst },
    }),
    delivery: { env: !files, files },
    secretNames: printed,
    strength,
    connections: connections(
      { appIsNew: answers.app === 'new', hasOwnerRole: database.hasOwnerRole },
      policy.connections,
    ),
    recovery: policy.recovery,
    monitoring,
    packs,
    graceNames: grace,
    secrets,
    previous,
    ignored: ['.env.production', 'secrets/'],
  };
};

type Known = {
  readonly workers: readonly { readonly service: string; readonly hasHealth: boolean }[];
  readonly required: readonly string[];
  readonly headers: readonly { readonly name: string }[];
  /** What all paths have that no other zone is for. */
  readonly limit: { readonly rate: Rate; readonly burst: number };
};

/** What scripts/audit.sh is told of this deployment. */
const buildAuditFacts = ({ workers, required, headers, limit }: Known) => ({
  servicesWithoutHealth: workers
    .filter(({ hasHealth }) => !hasHealth)
    .map(({ service }) => service)
    .join(' '),
  required: required.join(' '),
  headers: headers.map(({ name }) => name).join(' '),
  /** Of all paths that no other zone is for. */
  rate: limit.rate,
  burst: limit.burst,
});
