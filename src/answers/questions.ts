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
import { destinationList } from './destinations.ts';
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

/** What stands above the questions of a group, on a terminal and in the help. */
export const groupTitles: Readonly<Record<Group, string>> = {
  main: 'The site',
  existing: 'The application',
  fit: 'How the application is built and run',
  more: 'The deployment',
  edge: 'The edge',
  packs: 'Your packs',
};

export type Question = {
  readonly group: Group;
  readonly message: string;
  /** What it asks for, as a sentence on its own: it is read in the help too, where `message` is not. */
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
    help: 'The DNS name that points at the server, for example app.example.com.',
    default: 'app.example.com',
    parse: domain,
  },
  appName: {
    group: 'main',
    message: 'Name of the app',
    help: 'The image, the Compose project and the database are called after it: lower case, digits and hyphens.',
    default: 'comic-pile',
    parse: slug,
  },
  dbUser: {
    group: 'main',
    message: 'Database user',
    help: 'The PostgreSQL role of the running app; it can read and write rows, but not change the schema.',
    default: 'comicpile',
    parse: role,
  },
  app: {
    group: 'more',
    message: 'Application',
    help: 'With new, a small FastAPI app is emitted; with existing, the app that is in the directory is deployed.',
    default: 'new',
    ...choice('new', 'existing'),
  },
  appEntry: {
    group: 'existing',
    message: 'ASGI entry of the app',
    help: 'The app as uvicorn would be given it, as module:attribute; a factory ends in ().',
    default: 'app.main:app',
    parse: asgiEntry,
  },
  appPort: {
    group: 'existing',
    message: 'Port the app listens on',
    help: 'The port inside the container; it is never published in production.',
    default: '8000',
    parse: port,
  },
  healthPath: {
    group: 'existing',
    message: 'Path of the health check',
    help: 'The path that answers 200 only when the app and its database work; with none, only the port is checked.',
    default: '/health',
    parse: healthPath,
  },
  appRoot: {
    group: 'fit',
    message: 'Folder of the app',
    help: "The folder with the app's pyproject.toml or requirements; a dot is this directory, detect takes what is found.",
    default: detected,
    parse: detectable(projectPath),
  },
  packageManager: {
    group: 'fit',
    message: 'Package manager',
    help: 'The tool that installs the dependencies in the image, from its own lock file; detect takes what is found.',
    default: detected,
    ...choice(detected, ...managers),
  },
  pythonPath: {
    group: 'fit',
    message: 'Folder that imports begin at',
    help: 'The value of PYTHONPATH, for example src; a dot is the folder of the app, detect takes what is found.',
    default: detected,
    parse: detectable(projectPath),
  },
  imageFiles: {
    group: 'fit',
    message: 'Files and folders in the image',
    help: 'All that the app needs at run time, separated by commas; detect takes what the entry imports and opens.',
    default: detected,
    parse: detectable(pathsOfProject),
  },
  databaseVariables: {
    group: 'fit',
    message: 'Variables of the database',
    help: 'The variables by which the app finds its database, as NAME=form separated by commas; the forms are url:SCHEME, host, port, name, user, password, credentials and literal:WORD; detect takes what is found.',
    default: detected,
    parse: detectable(databaseRows),
  },
  workers: {
    group: 'fit',
    message: 'Workers and schedulers',
    help: 'The workers and schedulers of the app, as "worker: COMMAND" and "scheduler: COMMAND" separated by semicolons; none for no worker, detect takes what is found.',
    default: detected,
    parse: detectable(workerRows),
  },
  queueVariables: {
    group: 'fit',
    message: 'Variables of the queue',
    help: 'The variables by which the app finds its queue, which is a Valkey, as NAME=form separated by commas; the forms are url/0, host, port, database/1, user and password; none for no queue, detect takes what is found.',
    default: detected,
    parse: detectable(queueRows),
  },
  frontend: {
    group: 'fit',
    message: 'Folder of the frontend',
    help: "The folder with the frontend's package.json, which is built in a stage of the image; none for no frontend, detect takes what is found.",
    default: detected,
    parse: detectable(frontendFolder),
  },
  secretKeyVariables: {
    group: 'fit',
    message: 'Variables of the signing key',
    help: 'The variables from which the app reads the key that signs its sessions and tokens; they get SECRET_KEY. Separated by commas; none for no such key, detect takes what is found.',
    default: detected,
    parse: detectable(variableNames),
  },
  requiredVariables: {
    group: 'fit',
    message: 'Variables that the app needs',
    help: 'The variables that the app has no default for, so that deploy.sh requires them in .env.app; separated by commas, none for no such variable, detect takes what is found.',
    default: detected,
    parse: detectable(variableNames),
  },
  migrations: {
    group: 'more',
    message: 'Schema migrations',
    help: 'With alembic, a one-shot service runs `alembic upgrade head` as the owner role before the app starts.',
    default: 'alembic',
    ...choice('alembic', 'none'),
  },
  databaseScheme: {
    group: 'more',
    message: 'Scheme of DATABASE_URL',
    help: 'The scheme that an existing app expects where --database-variables names no other.',
    default: 'postgresql+asyncpg',
    ...choice('postgresql+asyncpg', 'postgresql+psycopg', 'postgresql+psycopg2', 'postgresql', 'postgres'),
  },
  pythonVersion: {
    group: 'more',
    message: 'Python version',
    help: 'The version of Python, whose official slim image is used.',
    default: '3.13',
    ...choice('3.10', '3.11', '3.12', '3.13', '3.14'),
  },
  hsts: {
    group: 'edge',
    message: 'HSTS form',
    help: 'The value of Strict-Transport-Security; host-only is max-age=31536000, full is max-age=31536000; includeSubDomains; preload, for when every host below the public name has HTTPS. Preloading is hard to undo: hstspreload.org/removal.',
    default: 'host-only',
    ...choice('host-only', 'no-preload', 'full'),
  },
  xssProtection: {
    group: 'edge',
    message: 'X-XSS-Protection',
    help: 'The X-XSS-Protection header: block sends `1; mode=block` for old scanners, off sends `0`, as OWASP advises. No current browser acts on it.',
    default: 'block',
    ...choice('block', 'off'),
  },
  secrets: {
    group: 'more',
    message: 'Delivery of secrets',
    help: 'With files, services read their secrets from Docker secrets under /run/secrets; with env, from their environment, which docker inspect shows. An app that exists gets env unless it is told otherwise.',
    default: 'files',
    ...choice('files', 'env'),
  },
  egress: {
    group: 'more',
    message: 'Way out of the app',
    help: 'With none, the app and its workers reach the database, the queue and nothing else; with internet, public addresses too, but not this machine, its networks or the metadata of a cloud. An app that exists gets internet unless it is told otherwise.',
    default: 'none',
    ...choice('none', 'internet'),
  },
  egressAllow: {
    group: 'more',
    message: 'Private addresses that the app needs',
    help: 'Private addresses that the app may reach too, with --egress internet, as ADDRESS:PORT or NETWORK:PORT (TCP), for example 10.0.0.5:5432; separated by commas, empty for none.',
    default: '',
    parse: destinationList,
    askedIf: ({ egress }) => egress === 'internet',
  },
  rateLimit: {
    group: 'edge',
    message: 'Rate limit of each client',
    help: 'The requests per second or minute that a client may send, with a burst of 20.',
    default: '10r/s',
    parse: rate,
  },
  loginRateLimit: {
    group: 'edge',
    message: 'Rate limit of login-like paths',
    help: 'The requests per second or minute to /login, /token, /register, /password, /otp and the like, with a burst of 5.',
    default: '10r/m',
    parse: rate,
  },
  bodySize: {
    group: 'edge',
    message: 'Largest request body',
    help: 'The largest body of a request; a larger one is answered with 413.',
    default: '10m',
    parse: size,
  },
  serverNames: {
    group: 'edge',
    message: 'Other host names',
    help: 'Host names that the site answers to as well, named in the certificate; separated by commas, empty for none. *.example.com needs a DNS hook.',
    default: '',
    parse: servedNameList,
  },
  redirectNames: {
    group: 'edge',
    message: 'Host names that only redirect',
    help: 'Host names that redirect to the public one, for example www.example.com, named in the certificate; separated by commas, empty for none.',
    default: '',
    parse: domainList,
  },
  tlsProfile: {
    group: 'edge',
    message: 'TLS profile',
    help: "Mozilla's profile of TLS: intermediate is for all browsers of the last ten years, modern is TLS 1.3 only.",
    default: 'intermediate',
    ...choice('intermediate', 'modern'),
  },
  http3: {
    group: 'edge',
    message: 'HTTP/3',
    help: 'With on, the site is served over QUIC as well, and the HTTPS port is open for UDP.',
    default: 'off',
    ...choice('off', 'on'),
  },
  ipv6: {
    group: 'edge',
    message: 'Clients over IPv6',
    help: 'With on, clients over IPv6 keep their address, which limits and logs need (Docker 27 or newer); off is IPv4 only.',
    default: 'on',
    ...choice('on', 'off'),
  },
  csp: {
    group: 'edge',
    message: 'Content-Security-Policy',
    help: 'The Content-Security-Policy, by what the site is; app keeps the header that the app sends, custom takes --csp-policy.',
    default: 'server-rendered',
    ...choice('api', 'server-rendered', 'spa', 'app', 'custom'),
  },
  cspPolicy: {
    group: 'edge',
    message: 'Policy of your own',
    help: 'The whole value of the header, for --csp custom; empty otherwise.',
    default: '',
    parse: optionalPolicy,
    askedIf: ({ csp }) => csp === 'custom',
  },
  apiDocs: {
    group: 'edge',
    message: 'API documentation in production',
    help: 'With open, /docs, /redoc and openapi.json are for everyone, under a policy of their own; with closed, for nobody.',
    default: 'closed',
    ...choice('closed', 'open'),
  },
  endpoints: {
    group: 'edge',
    message: 'Limits of single paths',
    help: 'Limits of single paths, as rows with path and any of rate, burst, methods, body and timeout, separated by semicolons; empty for none.',
    default: '',
    parse: endpointList,
  },
  rateLimitExempt: {
    group: 'edge',
    message: 'Networks without limits',
    help: 'Networks without rate limits, in CIDR notation, for example an office or a monitor; separated by commas, empty for none.',
    default: '',
    parse: networkList,
  },
  rateLimitMode: {
    group: 'edge',
    message: 'Rate limits are',
    help: 'With enforce, a client over a rate limit gets 429; with dry-run, only the access log says so.',
    default: 'enforce',
    ...choice('enforce', 'dry-run'),
  },
  behind: {
    group: 'edge',
    message: 'In front of this server',
    help: 'What hides the address of the client: a CDN, a load balancer, other proxies or the PROXY protocol.',
    default: 'none',
    ...choice('none', 'cloudflare', 'aws-alb', 'proxies', 'proxy-protocol'),
  },
  trustedProxies: {
    group: 'edge',
    message: 'Networks of the load balancer or proxies',
    help: 'Networks in CIDR notation whose word about the client is believed; needed unless --behind is none or cloudflare.',
    default: '',
    parse: networkList,
    askedIf: ({ behind }) => behind !== 'none' && behind !== 'cloudflare',
  },
  staticFiles: {
    group: 'edge',
    message: 'Folder that nginx serves at /static/',
    help: 'The folder that nginx serves at /static/; empty where the app serves its own files.',
    default: '',
    parse: optionalFolder,
  },
  spa: {
    group: 'edge',
    message: 'Folder of a built single-page app',
    help: 'The folder of a built single-page app, which nginx serves at /, with index.html for unknown paths; empty for none.',
    default: '',
    parse: optionalFolder,
  },
  apiPaths: {
    group: 'edge',
    message: 'Paths of the app beside a single-page app',
    help: 'The paths that go to the app beside --spa, with all below them; separated by commas.',
    default: '/api',
    parse: pathList,
    askedIf: ({ spa }) => spa !== '',
  },
  certEmail: {
    group: 'more',
    message: 'Contact e-mail for certificates',
    help: 'The certificate authority sends its warnings to this address; empty for none.',
    default: '',
    parse: optionalEmail,
  },
  securityContact: {
    group: 'more',
    message: 'Contact for vulnerability reports',
    help: 'An e-mail address or https:// address that everybody may see, in SECURITY.md and /.well-known/security.txt; empty for none.',
    default: '',
    parse: reportContact,
  },
  securityTxtExpires: {
    group: 'edge',
    message: 'Day on which security.txt ends',
    help: 'The day on which security.txt ends, as YYYY-MM-DD, a year ahead at most; empty or renew for a year from today.',
    default: '',
    parse: expiryDay,
    askedIf: ({ securityContact }) => (securityContact ?? '') !== '',
  },
  ci: {
    group: 'more',
    message: 'Pipelines',
    help: 'Where pipelines build, scan, check and audit each change, and once a week; none for nowhere.',
    default: 'github',
    ...choice('github', 'gitlab', 'both', 'none'),
  },
  monitoring: {
    group: 'more',
    message: 'Monitoring',
    help: 'With on, Prometheus, alerts, exporters and dashboards run beside the stack, in half a gigabyte of memory at most, Grafana apart.',
    default: 'off',
    ...choice('off', 'on'),
  },
  alertReceiver: {
    group: 'more',
    message: 'Alerts go to',
    help: 'Where alerts go, with --monitoring on. URLs and passwords are never asked for here, but by scripts/monitoring.sh secret.',
    default: 'none',
    ...choice('none', 'email', 'slack', 'webhook'),
    askedIf: ({ monitoring }) => monitoring === 'on',
  },
  alertEmail: {
    group: 'more',
    message: 'Mailbox of the alerts',
    help: 'The account at the mail server that sends the alerts and receives them; empty for none.',
    default: '',
    parse: optionalEmail,
    askedIf: ({ alertReceiver }) => alertReceiver === 'email',
  },
  smtpServer: {
    group: 'more',
    message: 'Mail server of the alerts',
    help: 'The mail server of the alerts as host and port, for example smtp.example.com:587; it must offer TLS. Empty for none.',
    default: '',
    parse: optionalServer,
    askedIf: ({ alertReceiver }) => alertReceiver === 'email',
  },
  logShipping: {
    group: 'more',
    message: 'Logs of the containers go to',
    help: 'Where the logs of the containers go, with --monitoring on; loki is a Loki of yours or Grafana Cloud. Its URL and login are never asked for here, but by scripts/monitoring.sh secret.',
    default: 'none',
    ...choice('none', 'loki'),
    askedIf: ({ monitoring }) => monitoring === 'on',
  },
  packs: {
    group: 'packs',
    message: 'Packs of templates',
    help: 'Packs of your team, in order: npm packages that are installed, or folders such as ./pack; separated by commas, empty for none.',
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
