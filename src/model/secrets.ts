import { randomBytes } from 'node:crypto';
import { readEnv } from '../base/envFile.ts';

/** What a secret is for, how it rotates, and the services of production that may get it. */
type SecretRow = {
  readonly why: string;
  /** What scripts/rotate-secrets.sh does with it, as docs/secrets.md says. */
  readonly rotates: string;
  readonly services: readonly string[];
  readonly alsoIfAppExists?: readonly string[];
  readonly ownerRoleOnly?: true;
  /** Drawn, written and asked for only where monitoring is on. */
  readonly monitoringOnly?: true;
  /**
   * The app also gets the value before the last rotation, as NAME_PREVIOUS: the emitted app accepts either, so that a
   * rotation costs no request. `new`: only our app can; `any`: an app that exists may, if it wants.
   */
  readonly previousFor?: 'new' | 'any';
};

/**
 * THE table of secrets, by environment name; the Docker secret file has the same name in lower case. A placeholder
 * of the development compose file never equals one of these: those are drawn, 43 characters long.
 */
export const secretTable = {
  POSTGRES_PASSWORD: {
    why: 'superuser of PostgreSQL; the app never sees it',
    rotates: 'ALTER ROLE; nothing starts anew',
    services: ['db'],
  },
  DB_OWNER_PASSWORD: {
    why: 'owner of the schema; only migrations use it',
    rotates: 'ALTER ROLE; the next migration uses it',
    services: ['db', 'migrate'],
    ownerRoleOnly: true,
  },
  DB_PASSWORD: {
    why: 'run-time role of the app',
    rotates:
      'new containers of the app accept both, then ALTER ROLE; an app that exists: ALTER ROLE, then new containers',
    services: ['db', 'app'],
    previousFor: 'new',
  },
  SECRET_KEY: {
    why: "signs the app's sessions and tokens",
    rotates: 'new containers of the app; the former key is accepted until --end-grace',
    services: ['app'],
    // The migrations of an app that exists load its settings, which may want the key.
    alsoIfAppExists: ['migrate'],
    previousFor: 'any',
  },
  MONITORING_DB_PASSWORD: {
    why: 'role of the exporter, which sees statistics of PostgreSQL and no rows',
    rotates: 'ALTER ROLE, then a new container of the exporter',
    services: ['postgres-exporter'],
    monitoringOnly: true,
  },
  GRAFANA_ADMIN_PASSWORD: {
    why: 'login of Grafana',
    rotates: 'a new container of Grafana, which keeps nothing',
    services: ['grafana'],
    monitoringOnly: true,
  },
} as const satisfies Record<string, SecretRow>;

export type SecretName = keyof typeof secretTable;
export const secretNames = Object.keys(secretTable) as SecretName[];
/** Those of this deployment. */
export const secretsOf = (has: { readonly ownerRole: boolean; readonly monitoring: boolean }): SecretName[] =>
  secretNames.filter((name) => {
    const row: SecretRow = secretTable[name];
    return (has.ownerRole || !row.ownerRoleOnly) && (has.monitoring || !row.monitoringOnly);
  });
export const fileOf = (name: SecretName | PreviousName) => name.toLowerCase();

export const previousName = (name: SecretName) => `${name}_PREVIOUS` as const;
export type PreviousName = ReturnType<typeof previousName>;
/** The secrets whose former value the app gets too. */
export const graceNames = (appExists: boolean): SecretName[] =>
  secretNames.filter((name) => {
    const row: SecretRow = secretTable[name];
    return row.previousFor === 'any' || (row.previousFor === 'new' && !appExists);
  });

export type Secrets = Readonly<Record<SecretName, string>>;

/** `bytes` bytes of a CSPRNG as text. */
export type Draw = (bytes: number) => string;

/** Unpadded base64url: safe in a URL, in ConfigParser, sed and compose interpolation (RFC 4648 section 5). */
export const draw: Draw = (bytes) => randomBytes(bytes).toString('base64url');

/** What the project has already: the text of its `.env.production`, and of its Docker secret files by name. */
export type Existing = {
  readonly env: string;
  readonly files: Partial<Readonly<Record<SecretName | PreviousName, string>>>;
};

/**
 * A secret that exists wins over a new draw, whichever way it is delivered: the database volume knows the old one.
 * 32 bytes each, the strength of `openssl rand -base64 32`; 43 characters.
 */
export const keepOrDraw = ({ env, files }: Existing, drawBytes: Draw = draw): Secrets => {
  const known = readEnv(env);
  const keep = (name: SecretName) => files[name]?.trim() || known.get(name) || drawBytes(32);
  return Object.fromEntries(secretNames.map((name) => [name, keep(name)])) as Secrets;
};

/** The former values that the project has; they are never drawn. */
export const keepPrevious = ({ env, files }: Existing): Readonly<Partial<Record<PreviousName, string>>> => {
  const known = readEnv(env);
  const names = secretNames.map(previousName);
  return Object.fromEntries(names.map((name) => [name, files[name]?.trim() || known.get(name) || '']));
};

/**
 * Those of the names that the project delivers already, with their values: an empty one counts, a draw does not. What is carried
 * over from the other way of delivery counts too: it is what the deployment gets.
 */
export const heldSecrets = (
  { env, files }: Existing,
  names: readonly SecretName[],
  delivery: { readonly files: boolean },
): ReadonlyMap<SecretName, string> => {
  const known = readEnv(env);
  // As $(<file) reads it, in the scripts and where PostgreSQL starts: a blank or a CR at the end is part of the secret.
  const inFile = (name: SecretName) => files[name]?.replace(/\n+$/, '');
  const find = (name: SecretName) =>
    delivery.files
      ? (inFile(name) ?? (known.get(name) || undefined))
      : (known.get(name) ?? (inFile(name) || undefined));
  return new Map(names.flatMap((name) => ((value) => (value === undefined ? [] : [[name, value]]))(find(name))));
};

// The workers of an app are the app.
const servicesOf = (name: SecretName, appExists: boolean, ofApp: readonly string[]): readonly string[] => {
  const row = secretTable[name];
  const services = appExists && 'alsoIfAppExists' in row ? [...row.services, ...row.alsoIfAppExists] : row.services;
  return services.flatMap((service) => (service === 'app' ? ofApp : [service]));
};

/** The services of production that may have each secret, and each value from before a rotation: the table, read. */
export const secretHolders = (
  appExists: boolean,
  ofApp: readonly string[] = ['app'],
): ReadonlyMap<SecretName | PreviousName, readonly string[]> => {
  const grace = graceNames(appExists);
  return new Map([
    ...secretNames.map((name) => [name, servicesOf(name, appExists, ofApp)] as const),
    ...secretNames.map((name) => [previousName(name), grace.includes(name) ? ofApp : []] as const),
  ]);
};
