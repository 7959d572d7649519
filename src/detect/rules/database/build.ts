import type { Setting } from '../settings/setting.ts';
import { partsOfUse, type Variables } from './parts.ts';
import { driverIn } from './scheme.ts';
import type { UrlUse } from './urls.ts';

/** A place where the code puts its URL together, and the settings of which. */
export type Build = { readonly use: UrlUse; readonly parts: Variables };

const aside = /(?:^|\/)(?:scripts?|tools?|cli|alembic|migrations?|revisions)(?:\/|\.py$)/;

/** What a person runs, and migrations, may connect in another way than the app. */
export const isAside = ({ module: { path } }: UrlUse): boolean => aside.test(path);

/** Where the app puts its URL together: the fullest place that is neither a script nor a migration. */
export const mainBuild = (uses: readonly UrlUse[], settings: readonly Setting[]): Build | undefined =>
  uses
    .filter(({ how }) => how === 'built')
    .map((use) => ({ use, parts: partsOfUse(settings, use) }))
    .filter(({ parts }) => parts.size >= 2)
    .sort(
      (one, other) =>
        Number(isAside(one.use)) - Number(isAside(other.use)) ||
        other.parts.size - one.parts.size ||
        Number(driverIn(other.use.scheme) === 'asyncpg') - Number(driverIn(one.use.scheme) === 'asyncpg'),
    )[0];
