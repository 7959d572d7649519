import assert from 'node:assert/strict';
import { detected } from '../../../src/answers/appValues.ts';
import type { QuestionKey } from '../../../src/answers/questions.ts';

/** What an accepted value may look like when printed: the strictest reading of each place, not a copy of src/answers/values.ts. */
type Shape = { readonly only: RegExp; readonly max: number; readonly never?: RegExp; readonly or?: string };

const hostShape: Shape = {
  only: /^[a-z0-9][a-z0-9.-]*\.[a-z][a-z0-9-]*$/,
  max: 253,
  never: /\.\.|-\.|\.-|-$|[^.]{64}/,
};
const rateShape: Shape = { only: /^[1-9]\d*r\/[sm]$/, max: 8 };
const yaml = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i;
const choice = (...words: string[]): Shape => ({
  only: new RegExp(`^(?:${words.join('|').replaceAll('+', '\\+')})$`),
  max: 20,
});

const mailbox: Shape = {
  only: /^[A-Za-z0-9][A-Za-z0-9._+-]*@[A-Za-z0-9.-]+\.[A-Za-z][A-Za-z0-9-]*$/,
  max: 320,
  never: /\.\.|@[.-]/,
  or: '',
};
const folderShape: Shape = { only: /^[A-Za-z0-9_][A-Za-z0-9_./-]*$/, max: 100, never: /\/\/|\/\.|\/$/, or: '' };
const pathShape: Shape = { only: /^\/[A-Za-z0-9_./-]+$/, max: 100, never: /\/\/|\/\./ };
const networkShape: Shape = { only: /^(?:[0-9.]{7,15}|[0-9a-f:]{2,39})\/[1-9][0-9]{0,2}$/, max: 43 };
const sizeShape: Shape = { only: /^[1-9]\d{0,3}[km]$/, max: 5 };

// A part that begins with a hyphen would be an option; one that is two dots leads out of the project.
const projectPath: Shape = {
  only: /^[A-Za-z0-9_][A-Za-z0-9_./-]*$/,
  max: 200,
  never: /\/\/|\/-|(?:^|\/)\.\.?(?:\/|$)|\/$/,
};
// The name of a variable is also a key in YAML, a word of a shell and part of a regular expression.
const variable: Shape = {
  only: /^[A-Za-z_][A-Za-z0-9_]*$/,
  max: 100,
  never: new RegExp(
    `^(?:PATH|HOME|PYTHON[A-Z]*|LD_[A-Z_]*|ENVIRONMENT|PUBLIC_ORIGIN|API_DOCS)$|${yaml.source.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)}`,
  ),
};

/** Of one element, for answers that are lists. */
const listShapes = {
  serverNames: { ...hostShape, only: /^(?:\*\.)?[a-z0-9][a-z0-9.-]*\.[a-z][a-z0-9-]*$/, max: 255 },
  redirectNames: hostShape,
  rateLimitExempt: networkShape,
  trustedProxies: networkShape,
  apiPaths: pathShape,
  imageFiles: projectPath,
  secretKeyVariables: variable,
  requiredVariables: variable,
  packs: {
    only: /^(?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$|^\.{1,2}(?:\/[A-Za-z0-9._-]+)*$/,
    max: 214,
    never: /\/\.(?:\/|$)/,
  },
} as const;
type ListKey = keyof typeof listShapes;
const isList = (key: QuestionKey): key is ListKey => Object.hasOwn(listShapes, key);

/** Of the cells of one row. */
const cellShapes: Readonly<Record<string, Shape>> = {
  path: pathShape,
  rate: rateShape,
  burst: { only: /^\d{1,4}$/, max: 4 },
  methods: { only: /^(?:[A-Z]+(?:,|$))*$/, max: 60 },
  body: sizeShape,
  timeout: { only: /^[1-9]\d{0,3}s$/, max: 5 },
};

const databaseCells: Readonly<Record<string, Shape>> = {
  name: variable,
  form: choice('url', 'host', 'port', 'name', 'user', 'password', 'credentials', 'literal'),
  text: { only: /^[A-Za-z0-9][A-Za-z0-9_.+-]*$/, max: 60, or: '' },
};
const queueCells: Readonly<Record<string, Shape>> = {
  name: variable,
  form: choice('url', 'host', 'port', 'database', 'user', 'password'),
  database: { only: /^(?:\d|1[0-5])$/, max: 2, or: 'undefined' },
};
// Words of an exec form, in JSON and in YAML; of Celery's health check also of a shell, in double quotes.
const word: Shape = { only: /^[A-Za-z0-9_./:=@,%+-]+$/, max: 200 };
const workerCells: Readonly<Record<string, Shape>> = { role: choice('worker', 'scheduler'), command: word };

/** Answers that are rows, with the shapes of their cells. */
const rowShapes = {
  egressAllow: {
    network: networkShape,
    port: { only: /^[1-9]\d{0,4}$/, max: 5 },
    isIPv6: choice('true', 'false'),
  },
  endpoints: cellShapes,
  databaseVariables: databaseCells,
  queueVariables: queueCells,
  workers: workerCells,
} as const;
type RowKey = keyof typeof rowShapes;
const isRows = (key: QuestionKey): key is RowKey => Object.hasOwn(rowShapes, key);

const shapes: Readonly<Record<Exclude<QuestionKey, ListKey | RowKey>, Shape>> = {
  domain: hostShape,
  appName: { only: /^[a-z][a-z0-9-]*$/, max: 40, never: new RegExp(`--|-$|${yaml.source}`) },
  dbUser: { only: /^[a-z_][a-z0-9_]*$/, max: 57, never: new RegExp(`^pg_|^(?:postgres|public|none)$|${yaml.source}`) },
  app: choice('new', 'existing'),
  appEntry: { only: /^[A-Za-z_][A-Za-z0-9_.]*:[A-Za-z_][A-Za-z0-9_]*(?:\(\))?$/, max: 200, never: /\.\.|\.:|\.\d/ },
  appPort: { only: /^[1-9]\d{3,4}$/, max: 5 },
  healthPath: { ...pathShape, or: '' },
  appRoot: { ...projectPath, or: '' },
  packageManager: choice('detect', 'uv', 'poetry', 'pdm', 'pipenv', 'hatch', 'pip'),
  pythonPath: { ...projectPath, or: '' },
  frontend: { ...projectPath, or: '' },
  migrations: choice('alembic', 'none'),
  databaseScheme: choice('postgresql', 'postgresql+asyncpg', 'postgresql+psycopg', 'postgresql+psycopg2', 'postgres'),
  pythonVersion: choice('3.10', '3.11', '3.12', '3.13', '3.14'),
  hsts: choice('full', 'no-preload', 'host-only'),
  xssProtection: choice('block', 'off'),
  secrets: choice('env', 'files'),
  egress: choice('none', 'internet'),
  rateLimit: rateShape,
  loginRateLimit: rateShape,
  bodySize: sizeShape,
  tlsProfile: choice('intermediate', 'modern'),
  http3: choice('off', 'on'),
  ipv6: choice('on', 'off'),
  csp: choice('api', 'server-rendered', 'spa', 'app', 'custom'),
  cspPolicy: { only: /^[a-z-]+(?:[A-Za-z0-9 ;:*/'._+=-]*)$/, max: 1500, never: / {2}|;[^ ]|;$/, or: '' },
  apiDocs: choice('closed', 'open'),
  rateLimitMode: choice('enforce', 'dry-run'),
  behind: choice('none', 'cloudflare', 'aws-alb', 'proxies', 'proxy-protocol'),
  staticFiles: folderShape,
  spa: folderShape,
  monitoring: choice('off', 'on'),
  alertReceiver: choice('none', 'email', 'slack', 'webhook'),
  logShipping: choice('none', 'loki'),
  alertEmail: mailbox,
  smtpServer: {
    only: /^[a-z0-9][a-z0-9.-]*\.[a-z][a-z0-9-]*:[1-9]\d{0,4}$/,
    max: 260,
    never: /\.\.|-\.|\.-|-:|[^.]{64}/,
    or: '',
  },
  securityContact: {
    only: /^(?:mailto:[A-Za-z0-9][A-Za-z0-9._+-]*@|https:\/\/)[A-Za-z0-9.-]+\.[A-Za-z][A-Za-z0-9-]*(?:\/[A-Za-z0-9/._-]*)?$/,
    max: 330,
    never: /\.\.|@[.-]|[^:]\/\//,
    or: '',
  },
  securityTxtExpires: { only: /^20\d\d-[01]\d-[0-3]\d$/, max: 10, or: '' },
  ci: choice('github', 'gitlab', 'both', 'none'),
  certEmail: mailbox,
};

const check = (value: string, { only, max, never, or }: Shape) => {
  if (value === or) return;
  const fits = only.test(value) && value.length <= max && !never?.test(value);
  assert.ok(fits, `accepted as ${JSON.stringify(value)}, which is not safe in every place`);
};

/** Throws where an accepted, parsed value could mean something in one of the syntaxes that it is printed in. */
export const checkCharset = (key: QuestionKey, raw: string, parsed: unknown): void => {
  assert.match(raw, /^[\0-\x7f\s]*$/, 'a look-alike passed for a letter');
  // None, or as it is found: nothing of it is printed.
  if (parsed === undefined || parsed === detected) return;
  if (isList(key)) {
    const elements = parsed as readonly string[];
    assert.ok(elements.length <= 100 && new Set(elements).size === elements.length, 'too many, or one twice');
    for (const element of elements) check(element, listShapes[key]);
  } else if (isRows(key)) {
    const rows = parsed as readonly Readonly<Record<string, unknown>>[];
    assert.ok(rows.length <= 100, 'too many');
    const names = rows.flatMap(({ name }) => (name === undefined ? [] : [name]));
    assert.equal(new Set(names).size, names.length, 'one twice');
    const shapesOfRow: Readonly<Record<string, Shape>> = rowShapes[key];
    for (const [name, value] of rows.flatMap((row) => Object.entries(row))) {
      const shape = shapesOfRow[name] ?? assert.fail(name);
      for (const one of Array.isArray(value) && name === 'command' ? value : [value]) check(String(one), shape);
    }
  } else {
    check(String(parsed), shapes[key]);
  }
};
