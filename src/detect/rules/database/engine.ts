import type { Driver } from '../../model.ts';
import { isAside } from './build.ts';
import type { Connection } from './connection.ts';
import { customScheme, driverIn, type Toolkit } from './scheme.ts';
import type { UrlUse } from './urls.ts';

/** What the code itself makes of the URL that it is given. */
export const rewrittenTo = (uses: readonly UrlUse[]): string | undefined =>
  uses.find(({ how, scheme }) => how === 'rewritten' && driverIn(scheme) !== undefined)?.scheme;

/** The driver that the app most likely means, where no scheme says it. */
const usualDriver = ({ isAsync, drivers }: Toolkit): Driver =>
  (isAsync ? drivers.find((driver) => driver !== 'psycopg2') : undefined) ?? drivers[0] ?? 'psycopg2';

// SQLAlchemy without an async engine takes a sync driver.
const plainDriver = ({ usesSqlalchemy, isAsync, drivers }: Toolkit, first: Driver): Driver =>
  usesSqlalchemy && !isAsync ? (drivers.find((driver) => driver !== 'asyncpg') ?? first) : first;

/** A scheme of which the app has the driver, anywhere in its code. */
const namedScheme = (uses: readonly UrlUse[], { drivers }: Toolkit): string | undefined =>
  uses
    .map(({ scheme }) => scheme)
    .find((scheme) => {
      const driver = driverIn(scheme);
      return driver !== undefined && (drivers.length === 0 || drivers.includes(driver));
    });

/** The scheme and the driver of the engine that serves requests. */
export const engineOf = (
  { isUrl, urls, build }: Connection,
  uses: readonly UrlUse[],
  toolkit: Toolkit,
): { readonly scheme: string; readonly driver: Driver } => {
  const usual = usualDriver(toolkit);
  if (isUrl) {
    // Of several URLs that of the engine that serves requests: an async one before one for migrations.
    const own = urls.find((one) => driverIn(one.scheme) === 'asyncpg');
    const scheme = (own ?? urls[0])?.scheme ?? 'postgresql';
    const said = driverIn(rewrittenTo(uses)) ?? driverIn(own?.scheme) ?? driverIn(scheme);
    return { scheme, driver: said ?? plainDriver(toolkit, usual) };
  }
  const built = build === undefined || isAside(build) ? undefined : build.scheme;
  const scheme = built ?? namedScheme(uses, toolkit) ?? customScheme(toolkit, usual);
  return { scheme, driver: driverIn(scheme) ?? plainDriver(toolkit, usual) };
};
