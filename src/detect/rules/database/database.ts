import {
  type Confidence,
  type Database,
  type DatabaseForm,
  type DatabaseVariable,
  type Driver,
  type Evidence,
  type Finding,
  found,
  type Notice,
} from '../../model.ts';
import type { Context } from '../code/context.ts';
import { envLines } from '../settings/envFile.ts';
import type { Setting } from '../settings/setting.ts';
import { settingsOf } from '../settings/settings.ts';
import { driversOf } from './drivers.ts';
import { formOf } from './names.ts';
import { otherDatabases } from './others.ts';
import { groupsByName, partsOfUse, type Variables } from './parts.ts';
import { customScheme, driverIn, schemeOfUrl, toolkitOf } from './scheme.ts';
import { switchesOf } from './switch.ts';
import { type UrlUse, urlUses } from './urls.ts';

const order: readonly DatabaseForm[] = ['url', 'host', 'port', 'name', 'user', 'password', 'credentials', 'literal'];

// What a person runs, and migrations, may connect in another way than the app.
const aside = /(?:^|\/)(?:scripts?|tools?|cli|alembic|migrations?|revisions)(?:\/|\.py$)/;

/** Where the app puts its URL together: the fullest place that is neither a script nor a migration. */
const mainBuild = (uses: readonly UrlUse[], settings: readonly Setting[]) =>
  uses
    .filter(({ how }) => how === 'built')
    .map((use) => ({ use, parts: partsOfUse(settings, use) }))
    .filter(({ parts }) => parts.size >= 2)
    .sort(
      (one, other) =>
        Number(aside.test(one.use.module.path)) - Number(aside.test(other.use.module.path)) ||
        other.parts.size - one.parts.size ||
        Number(driverIn(other.use.scheme) === 'asyncpg') - Number(driverIn(one.use.scheme) === 'asyncpg'),
    )[0];

const once = (settings: readonly Setting[]): readonly Setting[] =>
  settings.filter(({ name }, index) => settings.findIndex((other) => other.name === name) === index);

/** The parts, with what else its names make part of the same database. */
const completed = (parts: Variables, groups: readonly Variables[]): Variables => {
  const own = new Set([...parts.values()].map(({ name }) => name));
  const group = groups.find((one) => [...one.values()].some(({ name }) => own.has(name)));
  const rest = [...(group ?? [])].filter(([form, { name }]) => !parts.has(form) && !own.has(name));
  const isJoint = parts.has('credentials');
  return new Map([...parts, ...rest.filter(([form]) => !isJoint || (form !== 'user' && form !== 'password'))]);
};

/** PostgreSQL as the app wants it, and which other databases it knows; undefined where nothing speaks of PostgreSQL. */
export const database = (
  context: Context,
): {
  readonly database: Finding<Database> | undefined;
  readonly others: readonly Finding<string>[];
  readonly notices: readonly Notice[];
} => {
  const all = settingsOf(context);
  const others = otherDatabases(context, all);
  const dependencies = driversOf(context);
  const uses = urlUses(context);
  const lines = envLines(context);
  const strong = uses.filter(({ how }) => how === 'built' || how === 'rewritten' || how === 'literal');
  const examples = lines.filter(({ scheme, isComment }) => !isComment && /^postgres/.test(scheme ?? ''));
  const drivers = dependencies.filter(({ isForDevelopment }) => !isForDevelopment || strong.length > 0);
  const isElsewhere = others.some(({ confidence }) => confidence === 'certain');
  if (drivers.length === 0 && (isElsewhere || (strong.length === 0 && examples.length === 0))) {
    return { database: undefined, others, notices: [] };
  }

  const notices: Notice[] = [];
  const inCode = all.filter(({ isOnlyNamed }) => !isOnlyNamed);
  const isRead = inCode.some((setting) => formOf(setting) !== undefined);
  const settings = isRead ? inCode : all;
  const toolkit = toolkitOf(context, drivers);
  const groups = groupsByName(settings);
  const build = mainBuild(uses, settings);
  const parts = completed(build?.parts ?? groups[0] ?? new Map(), groups);
  const isPart = new Set([...parts.values()].map(({ name }) => name));
  const urls = once(settings.filter((setting) => formOf(setting)?.form === 'url' && !isPart.has(setting.name)));
  const isUrl =
    urls.length > 0 &&
    (parts.size === 0 ||
      urls.some(({ isRequired }) => isRequired) ||
      (build === undefined && urls.some((url) => url.default !== undefined)));

  const expected = urls.map((url) => ({ url, ...schemeOfUrl(url, urls.length === 1, uses, lines, toolkit) }));
  const switches = switchesOf(context, once(settings));
  for (const { setting, text } of switches) {
    if (text === undefined && setting.isRequired) {
      notices.push({
        id: 'database-switch',
        says: `${setting.name} seems to say which database it is; what stands for PostgreSQL was not found`,
        evidence: [setting.evidence],
      });
    }
  }
  const chosen: (DatabaseVariable & { readonly evidence: Evidence })[] = [
    ...(isUrl
      ? expected.map(({ url, scheme }) => ({
          name: url.name,
          form: 'url' as const,
          text: scheme,
          evidence: url.evidence,
        }))
      : []),
    // Parts that a URL makes needless are given where the app does not start without them.
    ...[...parts]
      .filter(([, { isRequired }]) => !isUrl || isRequired)
      .map(([form, { name, evidence }]) => ({ name, form, evidence })),
    ...switches.flatMap(({ setting: { name, evidence }, text }) =>
      text === undefined ? [] : [{ name, form: 'literal' as const, text, evidence }],
    ),
  ].sort((one, other) => order.indexOf(one.form) - order.indexOf(other.form));

  const rewritten = uses.find(({ how, scheme }) => how === 'rewritten' && driverIn(scheme) !== undefined)?.scheme;
  const isThere = (one: Driver | undefined) =>
    one !== undefined && (toolkit.drivers.length === 0 || toolkit.drivers.includes(one));
  const named = uses.map((use) => use.scheme).find((one) => isThere(driverIn(one)));
  const usual = toolkit.isAsync ? toolkit.drivers.find((driver) => driver !== 'psycopg2') : undefined;
  const first = usual ?? toolkit.drivers[0] ?? 'psycopg2';
  // Of several URLs that of the engine that serves requests: an async one before one for migrations.
  const own = expected.find((one) => driverIn(one.scheme) === 'asyncpg');
  const builtScheme = build === undefined || aside.test(build.use.module.path) ? undefined : build.use.scheme;
  const scheme = isUrl
    ? ((own ?? expected[0])?.scheme ?? 'postgresql')
    : (builtScheme ?? named ?? customScheme(toolkit, first));
  const driver =
    (isUrl ? (driverIn(rewritten) ?? driverIn(own?.scheme)) : undefined) ??
    driverIn(scheme) ??
    plainDriver(toolkit, first);

  if (!isUrl && build !== undefined) {
    notices.push({
      id: 'database-url-built',
      says: `the code itself builds the URL of the database${build.use.scheme ? ` (${build.use.scheme}://)` : ''}: it is given the parts`,
      evidence: [build.use.evidence],
    });
  }
  if (isUrl && rewritten !== undefined) {
    notices.push({
      id: 'database-url-rewritten',
      says: `the code itself makes ${rewritten}:// of the URL that it is given`,
      evidence: uses
        .filter((use) => use.scheme === rewritten && use.how === 'rewritten')
        .map((use) => use.evidence)
        .slice(0, 1),
    });
  }
  if (!toolkit.drivers.includes(driver)) {
    notices.push({
      id: 'database-driver-missing',
      says: `${driver} is needed, and no manifest of the app names it`,
      evidence: strong.map((use) => use.evidence).slice(0, 1),
    });
  }
  if (chosen.length === 0) {
    notices.push({
      id: 'database-variables-unknown',
      says: 'by which variables the app is told where its database is was not found; a URL that is written into the code must become one',
      evidence: uses
        .filter(({ how }) => how === 'literal')
        .map((use) => use.evidence)
        .slice(0, 3),
    });
  }
  if (!isUrl && groups.length > 1) {
    notices.push({
      id: 'database-several',
      says: 'there are variables for more than one database: only one of them is given',
      evidence: groups.slice(1).flatMap((group) => [...group.values()].map(({ evidence }) => evidence).slice(0, 1)),
    });
  }

  const isGuess = chosen.length === 0 || !isRead || drivers.length === 0;
  const isSure = isUrl ? expected.every(({ isSaid }) => isSaid) || rewritten !== undefined : build !== undefined;
  const confidence: Confidence = isGuess ? 'guess' : isSure ? 'certain' : 'likely';
  return {
    database: found(
      { driver, scheme, variables: chosen.map(({ evidence: _, ...variable }) => variable) },
      confidence,
      ...drivers.slice(0, 2).map(({ evidence }) => evidence),
      ...(build && !isUrl ? [build.use.evidence] : []),
      ...examples
        .slice(0, 1)
        .map(({ file, line, name, scheme: said }) => ({ file, line, says: `${name}=${said}://…` })),
      ...chosen.map(({ evidence }) => evidence),
    ),
    others,
    notices,
  };
};

const plainDriver = ({ usesSqlalchemy, isAsync, drivers }: ReturnType<typeof toolkitOf>, first: Driver) =>
  usesSqlalchemy && !isAsync ? (drivers.find((driver) => driver !== 'asyncpg') ?? first) : first;
