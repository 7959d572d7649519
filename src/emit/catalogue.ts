import { fileOf, graceNames, previousName, type SecretName, secretNames } from '../model/secrets.ts';
import type { Stack } from '../model/stack.ts';

/**
 * One word an owner; each is a subgenerator `yo comicpile:<owner>` and a verb `comicpile <owner>`. The word `app` is
 * Yeoman's: `yo comicpile:app` is `yo comicpile`, all owners.
 */
export const owners = {
  docker: 'The Dockerfile, and how the app is served in it.',
  compose: 'The compose files of development and production, and the roles of the database.',
  nginx: 'The nginx edge: TLS, headers, rate limits.',
  env: 'The files .env.example and .env.production, with its secrets.',
  gitignore: 'The files .gitignore, .dockerignore and .gitattributes.',
  monitoring: 'Prometheus, alerts, exporters and dashboards, with --monitoring on.',
  scripts: 'The scripts: deploy, backup, restore, rollback, rotation, certificates, scans, incidents.',
  security: 'The file SECURITY.md, the pipelines, the update bot and the hooks of git.',
  fastapi: 'The small FastAPI app of a new project.',
} as const;
export type Owner = keyof typeof owners;
export const isOwner = (text: string): text is Owner => Object.hasOwn(owners, text);

/**
 * How a file lives on in the user's project:
 * `file`, `script`: ours, 0644 and 0755; a local edit is a conflict that the user decides.
 * `once`: written when absent, then the user's. `lines`: our lines are appended where missing.
 * `secret`: 0600, git-ignored, never shown; existing keys are kept, missing ones appended.
 */
export type Kind = 'file' | 'script' | 'once' | 'lines' | 'secret';

/** Whether a file of this kind is kept up to date: merged by an update, looked at by a check. */
export const isManaged = (kind: string | undefined): boolean =>
  kind === undefined || kind === 'file' || kind === 'script';

export type Artifact = {
  readonly owner: Owner;
  /** Destination in the project; the template's path derives from it. */
  readonly to: string;
  readonly kind?: Kind;
  /** Omitted: always. */
  readonly when?: (stack: Stack) => boolean;
};

const isNew = (stack: Stack) => stack.app.isNew;
const appFiles = [
  'pyproject.toml',
  'alembic.ini',
  'app/__init__.py',
  'app/settings.py',
  'app/database.py',
  'app/models.py',
  'app/tokens.py',
  'app/routes/__init__.py',
  'app/routes/health.py',
  'app/routes/comics.py',
  'app/static/index.html',
  'app/static/site.css',
  'app/static/site.js',
  'app/static/favicon.svg',
  'migrations/env.py',
  'migrations/script.py.mako',
  'migrations/versions/0001_create_comics.py',
  'tests/test_app.py',
  // Last: a directory that has it holds the whole app, however a generation ended.
  'app/main.py',
];
const scripts = [
  'lib',
  'deploy',
  'releases',
  'preflight',
  'certs',
  'backup',
  'backup-sets',
  'restore',
  'rollback',
  'rotate-secrets',
  'generate-secrets',
  'scan',
  'maintenance',
  'status',
  'timers',
  'audit',
  'evidence',
  'redact',
  'requests',
  'logs',
  'review-logs',
  'incident',
  'new-database',
  'upgrade-postgres',
  'pitr',
  'firewall',
];

/** What scripts/audit.sh collects, and its judge: Python's standard library alone. */
const auditFacts = ['files', 'running'];
const auditModules = [
  '__main__',
  'baseline',
  'build_file',
  'certificates',
  'check',
  'containers',
  'database',
  'edge_answers',
  'edge_config',
  'facts',
  'host',
  'image_build',
  'nginx',
  'operation_scripts',
  'page',
  'recovery',
  'reports',
  'secret_files',
  'services',
  'supply_chain',
];

const alertGroups = ['edge', 'security', 'app', 'database', 'backups', 'host', 'monitoring'];
const monitoring = [
  'docker-compose.monitoring.yml',
  'monitoring/RUNBOOK.md',
  'monitoring/prometheus/prometheus.yml',
  ...alertGroups.map((name) => `monitoring/prometheus/rules/${name}.yml`),
  ...alertGroups.map((name) => `monitoring/prometheus/tests/${name}.yml`),
  'monitoring/alertmanager/alertmanager.yml',
  'monitoring/blackbox/blackbox.yml',
  'monitoring/exporters/Dockerfile',
  'monitoring/mtail/edge.mtail',
  'monitoring/nginx/metrics.conf',
  'monitoring/grafana/provisioning/datasources/prometheus.yml',
  'monitoring/grafana/provisioning/dashboards/files.yml',
  ...['edge', 'app', 'database', 'security'].map((name) => `monitoring/grafana/dashboards/${name}.json`),
  'monitoring/private/.gitkeep',
  'monitoring/textfile/.gitkeep',
];

const logShipping = [
  'monitoring/log-shipper/Dockerfile',
  'monitoring/log-shipper/config.yml',
  'monitoring/logs/.gitkeep',
  'monitoring/loki/.gitkeep',
];

type Row = readonly [name: string, when?: (stack: Stack) => boolean];
const snippets: readonly Row[] = [
  ['files'],
  ['clients'],
  ['compression'],
  ['logging'],
  ['real-ip', ({ proxies }) => proxies.exist],
  ['tls'],
  ['rate-limits'],
  ['proxy'],
  ['client-claims'],
  ['caching'],
  ['header-values'],
  ['errors'],
  ['security-headers'],
  ['error-pages'],
  ['maintenance'],
  ['closed-paths'],
  ['served-files', ({ files }) => files.hasFolders],
  ['endpoints', ({ hasEndpoints }) => hasEndpoints],
];
const sites: readonly Row[] = [
  ['unknown-names'],
  ['http'],
  ['redirects', (stack) => stack.site.hasRedirects],
  ['site'],
  ['internal'],
];

const edgeFile =
  (folder: string) =>
  ([name, when]: Row): Artifact => ({
    owner: 'nginx',
    to: `nginx/${folder}/${name}.conf`,
    ...(when === undefined ? {} : { when }),
  });

const secretFile = (name: SecretName): Artifact => ({
  owner: 'env',
  to: `secrets/${fileOf(name)}`,
  kind: 'secret',
  when: ({ delivery, secretNames: used }) => delivery.files && used.some(({ env }) => env === name),
});

const previousFile = (name: SecretName): Artifact => ({
  owner: 'env',
  to: `secrets/${fileOf(previousName(name))}`,
  kind: 'secret',
  when: ({ delivery, graceNames: used }) => delivery.files && used.some(({ env }) => env === name),
});

/** THE catalogue: one row per emitted file. The two ignore files come first: no secret is ever on disk without them. */
export const artifacts: readonly Artifact[] = [
  { owner: 'gitignore', to: '.gitignore', kind: 'lines' },
  { owner: 'gitignore', to: '.dockerignore', kind: 'lines' },
  { owner: 'gitignore', to: '.gitattributes', kind: 'lines' },
  { owner: 'docker', to: 'Dockerfile' },
  { owner: 'docker', to: 'docker/serve.py' },
  { owner: 'docker', to: 'docker/publish.py', when: ({ frontend }) => frontend.isServedByNginx },
  { owner: 'compose', to: 'docker-compose.yml' },
  { owner: 'compose', to: 'docker-compose.prod.yml' },
  { owner: 'compose', to: 'db/init/10-roles.sh', kind: 'script' },
  { owner: 'compose', to: 'db/init/20-rights.sql' },
  { owner: 'compose', to: 'db/conf/pg_hba.conf' },
  { owner: 'nginx', to: 'nginx/nginx.conf' },
  ...snippets.map(edgeFile('snippets')),
  ...sites.map(edgeFile('sites')),
  { owner: 'nginx', to: 'nginx/pages/maintenance.html' },
  { owner: 'nginx', to: 'nginx/pages/maintenance.json' },
  { owner: 'nginx', to: 'nginx/well-known/security.txt', when: ({ securityTxt }) => securityTxt.exists },
  { owner: 'nginx', to: 'ssl/.gitkeep' },
  { owner: 'env', to: '.env.example' },
  { owner: 'env', to: '.env.production', kind: 'secret' },
  ...secretNames.map(secretFile),
  ...graceNames(false).map(previousFile),
  ...scripts.map((name): Artifact => ({ owner: 'scripts', to: `scripts/${name}.sh`, kind: 'script' })),
  ...auditFacts.map((name): Artifact => ({ owner: 'scripts', to: `scripts/audit/${name}.sh`, kind: 'script' })),
  ...auditModules.map((name): Artifact => ({ owner: 'scripts', to: `scripts/audit/${name}.py` })),
  ...monitoring.map((to): Artifact => ({ owner: 'monitoring', to, when: (stack) => stack.monitoring.isOn })),
  ...logShipping.map((to): Artifact => ({ owner: 'monitoring', to, when: (stack) => stack.monitoring.shipsLogs })),
  {
    owner: 'monitoring',
    to: 'scripts/monitoring.sh',
    kind: 'script',
    when: (stack) => stack.monitoring.isOn,
  },
  { owner: 'scripts', to: 'scripts/schema.sh', kind: 'script', when: ({ app }) => app.hasMigrations },
  { owner: 'scripts', to: 'ops.mk' },
  // A Makefile that is there is the user's; one line of it includes ours.
  { owner: 'scripts', to: 'Makefile', kind: 'once' },
  { owner: 'security', to: 'SECURITY.md' },
  { owner: 'security', to: 'SECURITY-REVIEWS.md', kind: 'once' },
  { owner: 'security', to: '.github/dependabot.yml', when: ({ ci }) => ci.usesDependabot },
  { owner: 'security', to: '.github/workflows/security.yml', when: ({ ci }) => ci.onGitHub },
  { owner: 'security', to: 'renovate.json', kind: 'once', when: ({ ci }) => ci.usesRenovate },
  { owner: 'security', to: '.gitlab/ci/security.yml', when: ({ ci }) => ci.onGitLab },
  // One that is there is the user's; one line of it includes ours.
  { owner: 'security', to: '.gitlab-ci.yml', kind: 'once', when: ({ ci }) => ci.onGitLab },
  { owner: 'security', to: '.pre-commit-config.yaml', kind: 'once' },
  ...appFiles.map((to): Artifact => ({ owner: 'fastapi', to, kind: 'once', when: isNew })),
];

/** Whether a row is emitted for this stack. */
export const applies =
  (stack: Stack) =>
  ({ when }: Artifact): boolean =>
    when === undefined || when(stack);

/** `.env.production` → `_env.production.ejs`; npm does not pack dot files such as .gitignore. */
export const templateOf = ({ to }: Artifact): string => `${to.replace(/(^|\/)\./g, '$1_')}.ejs`;

export const modeOf = ({ kind }: Artifact): number => (kind === 'secret' ? 0o600 : kind === 'script' ? 0o755 : 0o644);
