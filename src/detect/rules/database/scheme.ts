import type { Driver } from '../../model.ts';
import { type Context, modulesWith } from '../code/context.ts';
import { names } from '../code/dependencies.ts';
import type { EnvLine } from '../settings/envFile.ts';
import type { Setting } from '../settings/setting.ts';
import type { DriverFound } from './drivers.ts';
import type { UrlUse } from './urls.ts';

/** What decides which scheme a variable takes. */
export type Toolkit = {
  readonly isAsync: boolean;
  readonly usesSqlalchemy: boolean;
  readonly usesTortoise: boolean;
  readonly drivers: readonly Driver[];
};

export const toolkitOf = (context: Context, drivers: readonly DriverFound[]): Toolkit => {
  const engines = modulesWith(context, 'create_async_engine', 'create_engine', 'async_engine_from_config');
  return {
    isAsync: engines.some(({ calls }) => calls.some(({ callee }) => /async_engine(?:_from_config)?$/.test(callee))),
    usesSqlalchemy: engines.length > 0 || names(context.dependencies, 'sqlalchemy', 'sqlmodel', 'advanced-alchemy'),
    usesTortoise: names(context.dependencies, 'tortoise-orm'),
    drivers: drivers.map(({ driver }) => driver),
  };
};

const drivers: readonly Driver[] = ['asyncpg', 'psycopg', 'psycopg2'];

/** The driver that a scheme names itself. */
export const driverIn = (scheme: string | undefined): Driver | undefined => {
  const last = scheme?.split('+').at(-1);
  return drivers.find((driver) => driver === last || (last === 'psycopg_async' && driver === 'psycopg'));
};

/** What a URL begins with by default for a driver, in the way of the library that takes it. */
export const customScheme = ({ usesSqlalchemy, usesTortoise }: Toolkit, driver: Driver): string => {
  if (usesTortoise && !usesSqlalchemy) return driver === 'asyncpg' ? 'asyncpg' : 'psycopg';
  // SQLAlchemy takes psycopg2 where no driver is named.
  return usesSqlalchemy && driver !== 'psycopg2' ? `postgresql+${driver}` : 'postgresql';
};

const isAsyncName = (name: string): boolean => /(?:^|_)ASYNC(?:_|$)/i.test(name);
const isSyncName = (name: string): boolean => /(?:^|_)(?:SYNC|ALEMBIC|MIGRATIONS?)(?:_|$)/i.test(name);

export type Expected = { readonly scheme: string; readonly isSaid: boolean };

/** The scheme that the app expects in a variable which holds a whole URL. */
export const schemeOfUrl = (
  setting: Setting,
  isOnlyOne: boolean,
  uses: readonly UrlUse[],
  lines: readonly EnvLine[],
  toolkit: Toolkit,
): Expected => {
  const pattern = /^(postgres(?:ql)?(?:\+\w+)?|asyncpg|psycopg)$/;
  const own = [
    /^([a-z0-9+]+):\/\//.exec(setting.default ?? '')?.[1],
    ...lines.filter(({ name }) => name === setting.name).map(({ scheme }) => scheme),
  ].find((scheme) => pattern.test(scheme ?? ''));
  const said = (scheme: string): Expected => ({ scheme, isSaid: true });

  const rewrites = uses.filter(({ how }) => how === 'rewritten');
  const stripped = rewrites.find(({ from }) => driverIn(from) !== undefined)?.from;
  const completed = rewrites.filter(
    ({ scheme, from }) => driverIn(scheme) !== undefined && driverIn(from) === undefined,
  );
  if (isOnlyOne && own === undefined && stripped !== undefined) return said(stripped);
  if (isOnlyOne && completed.length > 0) {
    const froms = completed.flatMap(({ from }) => from ?? []);
    if (own !== undefined && froms.includes(own)) return said(own);
    if (froms.length > 0) return said(froms.includes('postgresql') ? 'postgresql' : (froms[0] ?? 'postgresql'));
    return said(own?.replace(/\+.*/, '') ?? 'postgresql');
  }
  const isAsync = isAsyncName(setting.name) || (toolkit.isAsync && (isOnlyOne || !isSyncName(setting.name)));
  const asyncDriver = toolkit.drivers.find((driver) => driver !== 'psycopg2') ?? 'asyncpg';
  const syncDriver = toolkit.drivers.find((driver) => driver !== 'asyncpg') ?? 'psycopg2';
  if (own !== undefined) {
    // An async engine refuses a URL without a driver, whatever the example says.
    const isRefused = isOnlyOne && toolkit.isAsync && /^postgres(?:ql)?$/.test(own);
    return isRefused ? { scheme: `postgresql+${asyncDriver}`, isSaid: false } : said(own);
  }
  if (isSyncName(setting.name) && !isAsyncName(setting.name))
    return { scheme: customScheme(toolkit, syncDriver), isSaid: false };
  if (isAsync) return { scheme: customScheme(toolkit, asyncDriver), isSaid: false };
  const first = toolkit.drivers[0] ?? 'psycopg2';
  return { scheme: customScheme(toolkit, toolkit.usesSqlalchemy ? syncFirst(toolkit, first) : first), isSaid: false };
};

// Without an async engine it is the sync driver that an engine takes.
const syncFirst = ({ isAsync, drivers: all }: Toolkit, first: Driver): Driver =>
  isAsync ? first : (all.find((driver) => driver !== 'asyncpg') ?? first);
