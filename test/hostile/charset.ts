import assert from 'node:assert/strict';
import type { QuestionKey } from '../../src/questions.ts';

/** What an accepted value may look like when printed: the strictest reading of each place, not a copy of src/values.ts. */
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

const folderShape: Shape = { only: /^[A-Za-z0-9_][A-Za-z0-9_./-]*$/, max: 100, never: /\/\/|\/\.|\/$/, or: '' };
const pathShape: Shape = { only: /^\/[A-Za-z0-9_./-]+$/, max: 100, never: /\/\/|\/\./ };
const networkShape: Shape = { only: /^(?:[0-9.]{7,15}|[0-9a-f:]{2,39})\/[1-9][0-9]{0,2}$/, max: 43 };
const sizeShape: Shape = { only: /^[1-9]\d{0,3}[km]$/, max: 5 };

/** Of one element, for answers that are lists. */
const listShapes = {
  serverNames: { ...hostShape, only: /^(?:\*\.)?[a-z0-9][a-z0-9.-]*\.[a-z][a-z0-9-]*$/, max: 255 },
  redirectNames: hostShape,
  rateLimitExempt: networkShape,
  trustedProxies: networkShape,
  apiPaths: pathShape,
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

const shapes: Readonly<Record<Exclude<QuestionKey, ListKey | 'endpoints'>, Shape>> = {
  domain: hostShape,
  appName: { only: /^[a-z][a-z0-9-]*$/, max: 40, never: new RegExp(`--|-$|${yaml.source}`) },
  dbUser: { only: /^[a-z_][a-z0-9_]*$/, max: 57, never: new RegExp(`^pg_|^(?:postgres|public|none)$|${yaml.source}`) },
  app: choice('new', 'existing'),
  appEntry: { only: /^[A-Za-z_][A-Za-z0-9_.]*:[A-Za-z_][A-Za-z0-9_]*$/, max: 200, never: /\.\.|\.:|\.\d/ },
  appPort: { only: /^[1-9]\d{3,4}$/, max: 5 },
  healthPath: pathShape,
  migrations: choice('alembic', 'none'),
  databaseScheme: choice('postgresql', 'postgresql+asyncpg', 'postgresql+psycopg', 'postgresql+psycopg2'),
  pythonVersion: choice('3.12', '3.13', '3.14'),
  hsts: choice('full', 'no-preload', 'host-only'),
  xssProtection: choice('block', 'off'),
  secrets: choice('env', 'files'),
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
  certEmail: {
    only: /^[A-Za-z0-9][A-Za-z0-9._+-]*@[A-Za-z0-9.-]+\.[A-Za-z][A-Za-z0-9-]*$/,
    max: 320,
    never: /\.\.|@[.-]/,
    or: '',
  },
};

const check = (value: string, { only, max, never, or }: Shape) => {
  if (value === or) return;
  const fits = only.test(value) && value.length <= max && !never?.test(value);
  assert.ok(fits, `accepted as ${JSON.stringify(value)}, which is not safe in every place`);
};

/** Throws where an accepted, parsed value could mean something in one of the syntaxes that it is printed in. */
export const checkCharset = (key: QuestionKey, raw: string, parsed: unknown): void => {
  assert.match(raw, /^[\0-\x7f\s]*$/, 'a look-alike passed for a letter');
  if (isList(key)) {
    const elements = parsed as readonly string[];
    assert.ok(elements.length <= 100 && new Set(elements).size === elements.length, 'too many, or one twice');
    for (const element of elements) check(element, listShapes[key]);
  } else if (key === 'endpoints') {
    for (const row of parsed as readonly Readonly<Record<string, unknown>>[]) {
      for (const [name, value] of Object.entries(row)) check(String(value), cellShapes[name] ?? assert.fail(name));
    }
  } else {
    check(String(parsed), shapes[key]);
  }
};
