/**
 * The suites of `.ci/run`: what each needs, in which lane it runs, and what touches it. One runs when a file that touches it is not
 * as it was when the suite last passed (.ci/passed), or when all are asked for. Patterns are git's; `!` leaves out.
 *
 * A suite is touched by what it judges, not by all that it uses on the way. What src/ makes of the answers stands in test/golden/
 * too, which `npm test` keeps true to the byte: a change in a room that decides what is emitted touches `production`, and each
 * suite whose emitted files are no longer the same.
 */

/** Patterns, several in a text with blanks between. */
const paths = (...lists) => lists.flat().flatMap((list) => list.split(' '));
/** Templates, and what the golden trees have of them. */
const emitted = (list) => paths(list).flatMap((glob) => [`templates/${glob}`, `test/golden/*/${glob}`]);
const scripts = (names) => emitted(paths(names).map((name) => `scripts/${name}.sh*`));

/** The machinery, and what tests of several suites share: a change of these touches all. */
export const everything = paths(
  '.ci/* !.ci/passed package.json package-lock.json tsconfig.json src/base/**',
  'test/*.ts !test/*.test.ts test/stack/* !test/stack/*.test.ts',
);

/** Files of src/ and templates/ that no running stack has: the scanners look at them, or the tests of the generator itself. */
export const notRun = paths(
  paths('SECURITY* _git* _git*/** Makefile* ops.mk* renovate* _pre-commit* _env.example* tests/**').map(
    (glob) => `templates/${glob}`,
  ),
  'src/changes/**',
);

const product = 'src/** templates/** schemas/** scaffold/** bin/** generators/** build/**';
const deciding = 'src/answers/** src/policy/** src/model/** src/emit/**';
/** What every stack is built of, and started with. */
const anyStack = paths(
  emitted('Dockerfile* _dockerignore* docker/** docker-compose.prod.yml* _env.production* db/** scripts/lib.sh*'),
  emitted('app/** migrations/** alembic.ini* pyproject.toml*'),
  'src/policy/images* src/policy/connections*',
);

/** Tests of the running stack, told by the titles of their outermost describe. */
const stack = ({ name, titles, ...rest }) => ({
  name: `test:stack:${name}`,
  needs: ['engine', 'images', 'backup-tools'],
  titles,
  command: `npm run test:stack:built -- --grep '${titles}'`,
  ...rest,
});

/**
 * The lanes run side by side, on two cores, since much of a stack is waiting: for a health check, a container that drains, an
 * alert. `first` builds what all the rest runs from; `last` has what needs the processor at once, to reach a rate limit or to fill
 * the pool of the app to its end. In a lane the order is that of this table.
 */
export const suites = [
  { name: 'test', lane: 'first', always: true, needs: ['node-modules'], touches: [], command: 'npm test' },
  {
    name: 'test:package',
    lane: 'alerts',
    touches: paths(product, 'test/package/** test/team/somePack.ts docs/customising.md CHANGELOG.md'),
    command: 'npm run test:package:built',
  },
  stack({
    name: 'monitoring',
    lane: 'alerts',
    titles: '^monitoring:',
    touches: paths(
      anyStack,
      emitted('monitoring/** docker-compose.monitoring.yml* nginx/nginx.conf* nginx/snippets/logging.conf*'),
      scripts('monitoring redact backup restore'),
      'src/model/monitoring* src/policy/probes* test/stack/monitoring/**',
    ),
  }),
  stack({
    name: 'certificates',
    lane: 'alerts',
    titles: '^(certificates from|a wildcard|edge: certificates)',
    touches: paths(
      anyStack,
      emitted('nginx/** ssl/**'),
      scripts('certs'),
      'src/answers/questions* test/stack/acme/** test/stack/edge/**',
    ),
  }),
  stack({
    name: 'backups',
    lane: 'dumps',
    titles: '^(scripts: (backup|restore|pitr|upgrade)|the service `backups`|timers.sh: backup)',
    touches: paths(
      anyStack,
      scripts('backup restore pitr new-database upgrade-postgres timers'),
      'src/policy/recovery* test/stack/scripts/** test/stack/timers/** test/stack/postgres18/**',
    ),
  }),
  stack({
    name: 'network',
    lane: 'dumps',
    titles: '^network:',
    touches: paths(
      anyStack,
      emitted('docker-compose.monitoring.yml* monitoring/nginx/** nginx/nginx.conf*'),
      scripts('firewall deploy'),
      'src/model/networks* src/answers/destinations* test/stack/network/**',
    ),
  }),
  stack({
    name: 'projects',
    lane: 'dumps',
    titles: '^(project |project beside|a project with a pack)',
    touches: paths(
      anyStack,
      emitted('nginx/**'),
      'src/detect/** src/model/** src/emit/** src/team/** test/projects/** test/team/somePack.ts',
      'test/stack/projects/** test/stack/scan/** test/stack/customised.test.ts',
    ),
  }),
  stack({
    name: 'scripts',
    lane: 'scripts',
    titles: '^(scripts: (?!backup|restore|pitr|upgrade|connections)|timers.sh(?!: backup))',
    touches: paths(
      anyStack,
      emitted('scripts/*'),
      'src/model/secrets* src/model/weakness* test/stack/scripts/** test/stack/timers/** test/stack/audit/runAudit.ts',
    ),
  }),
  stack({
    name: 'debian13',
    lane: 'scripts',
    titles: '^debian13:',
    touches: paths(
      anyStack,
      emitted('nginx/** scripts/audit/**'),
      scripts(
        'audit backup backup-sets certs deploy firewall new-database pitr preflight releases restore rollback rotate-secrets schema',
      ),
      'src/policy/engines* test/stack/debian13/** test/stack/audit/runAudit.ts test/stack/deploys/release.ts',
    ),
  }),
  stack({
    name: 'audit',
    lane: 'site',
    titles: '^audit:',
    touches: paths(
      anyStack,
      emitted('nginx/** scripts/audit* scripts/audit/**'),
      'test/handwritten/** test/stack/audit/**',
    ),
  }),
  stack({
    name: 'production',
    lane: 'site',
    titles:
      '^(production: (?!rate limits)|observatory|testssl|sslscan|chromium|curl|images?:|secrets in|development|two commands)',
    touches: paths(
      anyStack,
      deciding,
      emitted('nginx/** docker-compose.yml* secrets/**'),
      'src/cli/** bin/** test/cases/*.ts test/model/weakValues.ts test/stack/production/** test/stack/scan/** test/stack/images/**',
      'test/stack/syntax/** test/stack/*.test.ts',
    ),
  }),
  {
    name: 'test:deep',
    lane: 'computing',
    touches: paths(product, 'test/deep/** test/projects/**'),
    command: 'npm run test:deep:built',
  },
  {
    name: 'test:tools',
    lane: 'computing',
    needs: ['engine', 'images', 'scanners'],
    touches: paths(deciding, 'templates/** test/golden/** test/tools/** docs/audit.md'),
    command: 'COMICPILE_TOOLS=$TOOLS/bin npm run test:tools:built',
  },
  // These two after what computes: one counts the requests that fail, and the edge has a second or less for some answers.
  stack({
    name: 'load',
    lane: 'computing',
    after: ['scanners', 'test:deep', 'test:tools'],
    titles: '^(deploys:|rotation:|an existing app)',
    touches: paths(
      anyStack,
      scripts('deploy rotate-secrets generate-secrets rollback schema backup'),
      emitted('nginx/nginx.conf* nginx/snippets/proxy.conf*'),
      'test/stack/deploys/** test/stack/rotation/** test/stack/existingApp.test.ts test/stack/audit/runAudit.ts',
    ),
  }),
  stack({
    name: 'edge',
    lane: 'alerts',
    after: ['scanners', 'test:deep', 'test:tools'],
    titles: '^edge: (?!rate limits|certificates)',
    touches: paths(
      anyStack,
      emitted('nginx/**'),
      scripts('certs logs maintenance requests'),
      'src/policy/claims* src/policy/csp* src/policy/errors* src/policy/headers* src/policy/limits* src/policy/patterns*',
      'src/policy/probes* src/policy/proxies* src/policy/tls*',
      'src/model/edge* src/answers/edge* test/stack/edge/**',
    ),
  }),
  stack({
    name: 'alone',
    lane: 'last',
    titles: '^(scripts: connections|(edge|production): rate limits)',
    touches: paths(
      anyStack,
      emitted('nginx/**'),
      scripts('deploy backup audit'),
      'src/policy/errors* src/policy/limits* src/policy/patterns* src/model/edge* test/stack/edge/**',
      'test/stack/production/** test/stack/scripts/**',
    ),
  }),
];
