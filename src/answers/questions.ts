import {
  databaseRows,
  detectable,
  detected,
  frontendFolder,
  managers,
  pathsOfProject,
  projectPath,
  queueRows,
  variableNames,
  workerRows,
} from './appValues.ts';
import { endpointList, networkList, optionalFolder, optionalPolicy, pathList } from './edgeValues.ts';
import {
  asgiEntry,
  domain,
  domainList,
  expiryDay,
  healthPath,
  oneOf,
  optionalEmail,
  optionalServer,
  type Parse,
  packList,
  port,
  rate,
  reportContact,
  role,
  servedNameList,
  size,
  slug,
} from './values.ts';

/**
 * When a question is put to the user: always, only for an app that is there already (`fit`: only where the user wants to
 * correct what was found of it), behind "more?" and "edge?"; `packs`:
 * which packs there are, which is never asked, as they are read before the questions, and what they ask themselves.
 */
export type Group = 'main' | 'existing' | 'fit' | 'more' | 'edge' | 'packs';

export type Question = {
  readonly group: Group;
  readonly message: string;
  readonly help: string;
  readonly default: string;
  readonly choices?: readonly string[];
  readonly parse: Parse<unknown>;
  /** Whether other answers leave anything to ask; omitted: always. */
  readonly askedIf?: (raw: Readonly<Record<string, string | undefined>>) => boolean;
};

const choice = <const Choice extends string>(...choices: Choice[]) => ({ choices, parse: oneOf(...choices) });

/**
 * THE table of questions: prompts, --flags, COMICPILE_* variables, the answers file, --help and `Answers` all derive
 * from it. Every value here is a raw string; `parse` makes it safe.
 */
export const questions = {
  domain: {
    group: 'main',
    message: 'Public host name',
    help: 'the DNS name that points at the server, e.g. app.example.com',
    default: 'app.example.com',
    parse: domain,
  },
  appName: {
    group: 'main',
    message: 'Name of the app',
    help: 'image, compose project and database are called after it; lower case, digits, hyphens',
    default: 'comic-pile',
    parse: slug,
  },
  dbUser: {
    group: 'main',
    message: 'Database user',
    help: 'the PostgreSQL role that the running app uses; it may read and write rows, not change the schema',
    default: 'comicpile',
    parse: role,
  },
  app: {
    group: 'more',
    message: 'Application',
    help: 'new: emit a small FastAPI app; existing: deploy the app that is in the directory',
    default: 'new',
    ...choice('new', 'existing'),
  },
  appEntry: {
    group: 'existing',
    message: 'ASGI entry of the app',
    help: 'module:attribute, as you would give it to uvicorn; with () behind a factory',
    default: 'app.main:app',
    parse: asgiEntry,
  },
  appPort: {
    group: 'existing',
    message: 'Port the app listens on',
    help: 'inside the container; never published in production',
    default: '8000',
    parse: port,
  },
  healthPath: {
    group: 'existing',
    message: 'Path of the health check',
    help: 'answers 200 only when the app and its database work; none: only the port is looked at',
    default: '/health',
    parse: healthPath,
  },
  appRoot: {
    group: 'fit',
    message: 'Folder of the app',
    help: 'where its pyproject.toml or requirements are; a dot for this directory; detect: as found',
    default: detected,
    parse: detectable(projectPath),
  },
  packageManager: {
    group: 'fit',
    message: 'Package manager',
    help: 'what installs the dependencies in the image, from its own lock; detect: as found',
    default: detected,
    ...choice(detected, ...managers),
  },
  pythonPath: {
    group: 'fit',
    message: 'Folder that imports begin at',
    help: 'what PYTHONPATH would be, e.g. src; a dot for the folder of the app; detect: as found',
    default: detected,
    parse: detectable(projectPath),
  },
  imageFiles: {
    group: 'fit',
    message: 'Files and folders in the image',
    help: 'all that the app needs when it runs, separated by commas; detect: what the entry imports and opens',
    default: detected,
    parse: detectable(pathsOfProject),
  },
  databaseVariables: {
    group: 'fit',
    message: 'Variables of the database',
    help: 'NAME=form, separated by commas; forms are url:SCHEME, host, port, name, user, password, credentials, literal:WORD',
    default: detected,
    parse: detectable(databaseRows),
  },
  workers: {
    group: 'fit',
    message: 'Workers and schedulers',
    help: 'worker: COMMAND; scheduler: COMMAND, separated by semicolons; none; detect: as found',
    default: detected,
    parse: detectable(workerRows),
  },
  queueVariables: {
    group: 'fit',
    message: 'Variables of the queue',
    help: 'NAME=form, separated by commas; forms are url/0, host, port, database/1, user, password; they get a Valkey; none: no queue',
    default: detected,
    parse: detectable(queueRows),
  },
  frontend: {
    group: 'fit',
    message: 'Folder of the frontend',
    help: 'where its package.json is; built in a stage of the image; none; detect: as found',
    default: detected,
    parse: detectable(frontendFolder),
  },
  secretKeyVariables: {
    group: 'fit',
    message: 'Variables of the signing key',
    help: 'by which the app reads what signs its sessions and tokens; they get SECRET_KEY; none; detect: as found',
    default: detected,
    parse: detectable(variableNames),
  },
  requiredVariables: {
    group: 'fit',
    message: 'Variables that the app needs',
    help: 'and has no default for: deploy.sh wants them in .env.app; separated by commas; none; detect: as found',
    default: detected,
    parse: detectable(variableNames),
  },
  migrations: {
    group: 'more',
    message: 'Schema migrations',
    help: 'alembic: a one-shot service runs `alembic upgrade head` as the owner role before the app starts',
    default: 'alembic',
    ...choice('alembic', 'none'),
  },
  databaseScheme: {
    group: 'more',
    message: 'Scheme of DATABASE_URL',
    help: 'for an existing app: what it expects where --database-variables names no other',
    default: 'postgresql+asyncpg',
    ...choice('postgresql+asyncpg', 'postgresql+psycopg', 'postgresql+psycopg2', 'postgresql', 'postgres'),
  },
  pythonVersion: {
    group: 'more',
    message: 'Python version',
    help: 'the official slim image of this version',
    default: '3.13',
    ...choice('3.10', '3.11', '3.12', '3.13', '3.14'),
  },
  hsts: {
    group: 'edge',
    message: 'HSTS form',
    help: 'preload is hard to undo (hstspreload.org/removal); full is max-age=31536000; includeSubDomains; preload',
    default: 'full',
    ...choice('full', 'no-preload', 'host-only'),
  },
  xssProtection: {
    group: 'edge',
    message: 'X-XSS-Protection',
    help: 'block: `1; mode=block`, for old scanners; off: `0`, as OWASP advises. No current browser acts on it',
    default: 'block',
    ...choice('block', 'off'),
  },
  secrets: {
    group: 'more',
    message: 'Delivery of secrets',
    help: 'env: from .env.production; files: Docker secrets under /run/secrets',
    default: 'env',
    ...choice('env', 'files'),
  },
  rateLimit: {
    group: 'edge',
    message: 'Rate limit of each client',
    help: 'requests per second or minute, with a burst of 20',
    default: '10r/s',
    parse: rate,
  },
  loginRateLimit: {
    group: 'edge',
    message: 'Rate limit of login-like paths',
    help: 'the same for /login, /token, /register, /password and the like, with a burst of 5',
    default: '10r/m',
    parse: rate,
  },
  bodySize: {
    group: 'edge',
    message: 'Largest request body',
    help: 'a larger one gets 413',
    default: '10m',
    parse: size,
  },
  serverNames: {
    group: 'edge',
    message: 'Other host names',
    help: 'served as well and named in the certificate; separated by commas; *.example.com needs a DNS hook; empty for none',
    default: '',
    parse: servedNameList,
  },
  redirectNames: {
    group: 'edge',
    message: 'Host names that only redirect',
    help: 'to the public host name, e.g. www.example.com; named in the certificate; separated by commas; empty for none',
    default: '',
    parse: domainList,
  },
  tlsProfile: {
    group: 'edge',
    message: 'TLS profile',
    help: "Mozilla's: intermediate for all browsers of the last ten years; modern is TLS 1.3 only",
    default: 'intermediate',
    ...choice('intermediate', 'modern'),
  },
  http3: {
    group: 'edge',
    message: 'HTTP/3',
    help: 'on: over QUIC as well; opens the HTTPS port for UDP',
    default: 'off',
    ...choice('off', 'on'),
  },
  ipv6: {
    group: 'edge',
    message: 'Clients over IPv6',
    help: 'on: clients over IPv6 keep their address, which limits and logs need (Docker 27 or newer); off: IPv4 only',
    default: 'on',
    ...choice('on', 'off'),
  },
  csp: {
    group: 'edge',
    message: 'Content-Security-Policy',
    help: 'what the site is; app keeps the header that the app sends; custom takes cspPolicy',
    default: 'server-rendered',
    ...choice('api', 'server-rendered', 'spa', 'app', 'custom'),
  },
  cspPolicy: {
    group: 'edge',
    message: 'Policy of your own',
    help: 'with csp custom, the whole value of the header; empty otherwise',
    default: '',
    parse: optionalPolicy,
    askedIf: ({ csp }) => csp === 'custom',
  },
  apiDocs: {
    group: 'edge',
    message: 'API documentation in production',
    help: 'open: /docs, /redoc and openapi.json are for everyone, under a policy of their own',
    default: 'closed',
    ...choice('closed', 'open'),
  },
  endpoints: {
    group: 'edge',
    message: 'Limits of single paths',
    help: 'rows with path, and any of rate, burst, methods, body, timeout; separated by semicolons; empty for none',
    default: '',
    parse: endpointList,
  },
  rateLimitExempt: {
    group: 'edge',
    message: 'Networks without limits',
    help: 'in CIDR notation, e.g. an office or a monitor; separated by commas; empty for none',
    default: '',
    parse: networkList,
  },
  rateLimitMode: {
    group: 'edge',
    message: 'Rate limits are',
    help: 'enforce: a client over the limit gets 429; dry-run: the access log only says so',
    default: 'enforce',
    ...choice('enforce', 'dry-run'),
  },
  behind: {
    group: 'edge',
    message: 'In front of this server',
    help: 'what hides the address of the client: a CDN, a load balancer, other proxies, the PROXY protocol',
    default: 'none',
    ...choice('none', 'cloudflare', 'aws-alb', 'proxies', 'proxy-protocol'),
  },
  trustedProxies: {
    group: 'edge',
    message: 'Networks of the load balancer or proxies',
    help: 'in CIDR notation; what they say of the client is believed; needed unless behind is none or cloudflare',
    default: '',
    parse: networkList,
    askedIf: ({ behind }) => behind !== 'none' && behind !== 'cloudflare',
  },
  staticFiles: {
    group: 'edge',
    message: 'Folder that nginx serves at /static/',
    help: 'a path in the project; empty where the app serves its own files',
    default: '',
    parse: optionalFolder,
  },
  spa: {
    group: 'edge',
    message: 'Folder of a built single-page app',
    help: 'a path in the project; nginx serves it at /, with index.html for unknown paths; empty for none',
    default: '',
    parse: optionalFolder,
  },
  apiPaths: {
    group: 'edge',
    message: 'Paths of the app beside a single-page app',
    help: 'with spa: these and all below them go to the app; separated by commas',
    default: '/api',
    parse: pathList,
    askedIf: ({ spa }) => spa !== '',
  },
  certEmail: {
    group: 'more',
    message: 'Contact e-mail for certificates',
    help: 'where the certificate authority sends warnings; empty for none',
    default: '',
    parse: optionalEmail,
  },
  securityContact: {
    group: 'more',
    message: 'Contact for vulnerability reports',
    help: 'an e-mail address or https:// address that everybody may see: in SECURITY.md and /.well-known/security.txt; empty for none',
    default: '',
    parse: reportContact,
  },
  securityTxtExpires: {
    group: 'edge',
    message: 'Day on which security.txt ends',
    help: 'YYYY-MM-DD, a year ahead at most; empty or renew: a year from today',
    default: '',
    parse: expiryDay,
    askedIf: ({ securityContact }) => (securityContact ?? '') !== '',
  },
  ci: {
    group: 'more',
    message: 'Pipelines',
    help: 'where build, scans, check and audit run for each change and each week; none: nowhere',
    default: 'github',
    ...choice('github', 'gitlab', 'both', 'none'),
  },
  monitoring: {
    group: 'more',
    message: 'Monitoring',
    help: 'on: Prometheus, alerts, exporters and dashboards beside the stack, in half a gigabyte of memory at most, Grafana apart',
    default: 'off',
    ...choice('off', 'on'),
  },
  alertReceiver: {
    group: 'more',
    message: 'Alerts go to',
    help: 'with monitoring; URLs and passwords are never asked for here: scripts/monitoring.sh secret',
    default: 'none',
    ...choice('none', 'email', 'slack', 'webhook'),
    askedIf: ({ monitoring }) => monitoring === 'on',
  },
  alertEmail: {
    group: 'more',
    message: 'Mailbox of the alerts',
    help: 'sends them and gets them: the account at the mail server; empty for none',
    default: '',
    parse: optionalEmail,
    askedIf: ({ alertReceiver }) => alertReceiver === 'email',
  },
  smtpServer: {
    group: 'more',
    message: 'Mail server of the alerts',
    help: 'host and port, e.g. smtp.example.com:587; it must offer TLS; empty for none',
    default: '',
    parse: optionalServer,
    askedIf: ({ alertReceiver }) => alertReceiver === 'email',
  },
  logShipping: {
    group: 'more',
    message: 'Logs of the containers go to',
    help: 'with monitoring; loki: a Loki of yours or Grafana Cloud, whose URL and login are never asked for here: scripts/monitoring.sh secret',
    default: 'none',
    ...choice('none', 'loki'),
    askedIf: ({ monitoring }) => monitoring === 'on',
  },
  packs: {
    group: 'packs',
    message: 'Packs of templates',
    help: 'of your team, in order: npm packages that are installed, or folders such as ./pack; separated by commas; empty for none',
    default: '',
    parse: packList,
  },
} as const satisfies Record<string, Question>;

export type QuestionKey = keyof typeof questions;
export type Answers = { readonly [Key in QuestionKey]: ReturnType<(typeof questions)[Key]['parse']> };
/** Answers as they were given; what packs ask for stands beside our own. */
export type RawAnswers = { readonly [Key in QuestionKey]: string } & {
  readonly [ofPack: string]: string | undefined;
};

export const questionKeys = Object.keys(questions) as QuestionKey[];
/** The default of each question. */
export const presetsOf = (table: Readonly<Record<string, Question>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(table).map(([key, { default: preset }]) => [key, preset]));

/** What the table itself says, before anything is known of the directory. */
export const defaultAnswers = presetsOf(questions) as RawAnswers;

export const isQuestionKey = (text: string): text is QuestionKey => Object.hasOwn(questions, text);

/** `dbUser` as a command-line flag: `db-user`. */
export const flagOf = (key: string): string => key.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);

/** `dbUser` as an environment variable: `COMICPILE_DB_USER`. */
export const variableOf = (key: string): string => `COMICPILE_${flagOf(key).replaceAll('-', '_').toUpperCase()}`;
