/**
 * The suites of `.ci/run`: what each needs, in which lane it runs, and what touches it. One runs when a file that touches it is not
 * as it was when the suite last passed (.ci/passed), or when all are asked for. Patterns are git's; `!` leaves out.
 *
 * A suite is touched by what it judges, not by all that it uses on the way. What src/ makes of the answers stands in test/golden/
 * too, which `npm test` keeps true to the byte: a change in a room that decides what is emitted touches `production`, and each
 * suite whose emitted files are no longer the same.
 */

/** The machinery, and what tests of several suites share: a change of these touches all. */
export const everything = [
  ...['.ci/*', '!.ci/passed', 'package.json', 'package-lock.json', 'tsconfig.json', 'src/base/**'],
  ...['test/*.ts', '!test/*.test.ts', 'test/stack/*', '!test/stack/*.test.ts'],
];

/** Templates, and what the golden trees have of them. */
const emitted = (...globs) => globs.flatMap((glob) => [`templates/${glob}`, `test/golden/*/${glob}`]);
const scripts = (...names) => emitted(...names.map((name) => `scripts/${name}.sh*`));

/** What every stack is built of, and started with. */
const anyStack = [
  ...emitted('Dockerfile*', '_dockerignore*', 'docker/**', 'docker-compose.prod.yml*', '_env.production*', 'db/**'),
  ...emitted('app/**', 'migrations/**', 'alembic.ini*', 'pyproject.toml*', 'scripts/lib.sh*'),
  ...['src/policy/images*', 'src/policy/connections*'],
];
const deciding = ['src/answers/**', 'src/policy/**', 'src/model/**', 'src/emit/**'];
const product = ['src/**', 'templates/**', 'schemas/**', 'scaffold/**', 'bin/**', 'generators/**', 'build/**'];

const engine = ['engine', 'images', 'backup-tools'];
/** Tests of the stack, told by the titles of their outermost describe. */
const stack = ({ name, titles, ...rest }) => ({
  name: `test:stack:${name}`,
  needs: engine,
  titles,
  command: `npm run test:stack:built -- --grep '${titles}'`,
  ...rest,
});

/**
 * The lanes run side by side, on two cores, since much of a stack is waiting: for a health check, a container that drains, an
 * alert. Each takes about as long as the others. `first` builds what all the rest runs from; `last` has what needs the processor
 * at once, to reach a rate limit or to fill the pool of the app to its end. In a lane the order is that of this table.
 */
export const suites = [
  { name: 'test', lane: 'first', always: true, needs: ['node-modules'], touches: [], command: 'npm test' },
  {
    name: 'test:package',
    lane: 'waiting',
    touches: [...product, 'test/package/**', 'test/team/somePack.ts', 'docs/customising.md', 'CHANGELOG.md'],
    command: 'npm run test:package:built',
  },
  stack({
    name: 'monitoring',
    lane: 'waiting',
    titles: '^monitoring:',
    touches: [
      ...[...anyStack, ...emitted('monitoring/**', 'docker-compose.monitoring.yml*', 'nginx/nginx.conf*')],
      ...[...scripts('monitoring', 'redact', 'backup', 'restore'), ...emitted('nginx/snippets/logging.conf*')],
      ...['src/model/monitoring*', 'src/policy/probes*', 'test/stack/monitoring/**'],
    ],
  }),
  stack({
    name: 'certificates',
    lane: 'waiting',
    titles: '^(certificates from|a wildcard|edge: certificates)',
    touches: [
      ...anyStack,
      ...emitted('nginx/**', 'ssl/**'),
      ...scripts('certs'),
      'src/answers/questions*',
      'test/stack/acme/**',
      'test/stack/edge/**',
    ],
  }),
  stack({
    name: 'backups',
    lane: 'scripts',
    titles: '^(scripts: (backup|restore|pitr|upgrade)|the service `backups`|timers.sh: backup)',
    touches: [
      ...[...anyStack, ...scripts('backup', 'restore', 'pitr', 'new-database', 'upgrade-postgres', 'timers')],
      ...['src/policy/recovery*', 'test/stack/scripts/**', 'test/stack/timers/**', 'test/stack/postgres18/**'],
    ],
  }),
  stack({
    name: 'scripts',
    lane: 'scripts',
    titles: '^(scripts: (?!backup|restore|pitr|upgrade|connections)|timers.sh(?!: backup))',
    touches: [
      ...[...anyStack, ...emitted('scripts/*'), 'src/model/secrets*', 'src/model/weakness*'],
      ...['test/stack/scripts/**', 'test/stack/timers/**'],
    ],
  }),
  stack({
    name: 'audit',
    lane: 'rest',
    titles: '^audit:',
    touches: [
      ...anyStack,
      ...emitted('nginx/**', 'scripts/audit*', 'scripts/audit/**'),
      'test/handwritten/**',
      'test/stack/audit/**',
    ],
  }),
  stack({
    name: 'production',
    lane: 'rest',
    titles:
      '^(production: (?!rate limits)|observatory|testssl|sslscan|chromium|curl|images?:|secrets in|development|two commands)',
    touches: [
      ...[
        ...anyStack,
        ...deciding,
        ...emitted('nginx/**', 'docker-compose.yml*', 'secrets/**'),
        'src/cli/**',
        'bin/**',
      ],
      ...['production', 'scan', 'images', 'syntax'].map((folder) => `test/stack/${folder}/**`),
      ...['test/stack/*.test.ts', 'test/model/weakValues.ts'],
    ],
  }),
  stack({
    name: 'projects',
    lane: 'rest',
    titles: '^(project |an existing app|a project with a pack)',
    touches: [
      ...[...anyStack, ...emitted('nginx/**'), 'src/detect/**', 'src/model/**', 'src/emit/**', 'src/team/**'],
      ...[
        'test/projects/**',
        'test/stack/projects/**',
        'test/stack/scan/**',
        'test/stack/*.test.ts',
        'test/team/somePack.ts',
      ],
    ],
  }),
  {
    name: 'test:deep',
    lane: 'computing',
    touches: [...product, 'test/deep/**', 'test/projects/**'],
    command: 'npm run test:deep:built',
  },
  {
    name: 'test:tools',
    lane: 'computing',
    needs: ['engine', 'images', 'scanners'],
    touches: [...deciding, 'templates/**', 'test/golden/**', 'test/tools/**', 'docs/audit.md'],
    command: 'COMICPILE_TOOLS=$TOOLS/bin npm run test:tools:built',
  },
  // These two after what computes: the edge has a second or less for some answers, and the other counts the requests that fail.
  stack({
    name: 'load',
    lane: 'computing',
    after: ['scanners', 'test:deep', 'test:tools'],
    titles: '^(deploys|rotation):',
    touches: [
      ...[...anyStack, ...scripts('deploy', 'rotate-secrets', 'generate-secrets', 'rollback', 'schema', 'backup')],
      ...[
        ...emitted('nginx/nginx.conf*', 'nginx/snippets/proxy.conf*'),
        'test/stack/deploys/**',
        'test/stack/rotation/**',
      ],
    ],
  }),
  stack({
    name: 'edge',
    lane: 'waiting',
    after: ['scanners', 'test:deep', 'test:tools'],
    titles: '^edge: (?!rate limits|certificates)',
    touches: [
      ...[...anyStack, ...emitted('nginx/**'), ...scripts('certs', 'logs', 'maintenance', 'requests')],
      ...['csp', 'headers', 'limits', 'probes', 'proxies', 'tls'].map((name) => `src/policy/${name}*`),
      ...['src/model/edge*', 'src/answers/edge*', 'test/stack/edge/**'],
    ],
  }),
  stack({
    name: 'alone',
    lane: 'last',
    titles: '^(scripts: connections|(edge|production): rate limits)',
    touches: [
      ...[
        ...anyStack,
        ...emitted('nginx/**'),
        ...scripts('deploy', 'backup', 'audit'),
        'src/policy/limits*',
        'src/model/edge*',
      ],
      ...['test/stack/edge/**', 'test/stack/production/**', 'test/stack/scripts/**'],
    ],
  }),
];

/** Files of src/ and templates/ that no running stack has: the scanners look at them, and the tests of the generator itself. */
export const notRun = [
  ...['SECURITY*', '_git*', '_git*/**', 'Makefile*', 'ops.mk*', 'renovate.json*', '_pre-commit*', '_env.example*'].map(
    (glob) => `templates/${glob}`,
  ),
  ...['templates/tests/**', 'src/changes/**'],
];
