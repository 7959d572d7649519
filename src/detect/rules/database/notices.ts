import type { Driver, Notice } from '../../model.ts';
import type { Connection } from './connection.ts';
import { rewrittenTo } from './engine.ts';
import type { Toolkit } from './scheme.ts';
import type { Switch } from './switch.ts';
import type { UrlUse } from './urls.ts';
import type { Chosen } from './variables.ts';

/** What the user should know of the database: each function is one thing, and gives no notice where it is not so. */
export const unknownSwitch = ({ setting, text }: Switch): readonly Notice[] =>
  text !== undefined || !setting.isRequired
    ? []
    : [
        {
          id: 'database-switch',
          says: `${setting.name} seems to say which database it is; what stands for PostgreSQL was not found`,
          evidence: [setting.evidence],
        },
      ];

export const builtUrl = ({ isUrl, build }: Connection): readonly Notice[] =>
  isUrl || build === undefined
    ? []
    : [
        {
          id: 'database-url-built',
          says: `the code itself builds the URL of the database${build.scheme ? ` (${build.scheme}://)` : ''}: it is given the parts`,
          evidence: [build.evidence],
        },
      ];

export const rewrittenUrl = ({ isUrl }: Connection, uses: readonly UrlUse[]): readonly Notice[] => {
  const rewritten = rewrittenTo(uses);
  if (!isUrl || rewritten === undefined) return [];
  return [
    {
      id: 'database-url-rewritten',
      says: `the code itself makes ${rewritten}:// of the URL that it is given`,
      evidence: uses
        .filter((use) => use.scheme === rewritten && use.how === 'rewritten')
        .map((use) => use.evidence)
        .slice(0, 1),
    },
  ];
};

export const missingDriver = (driver: Driver, { drivers }: Toolkit, uses: readonly UrlUse[]): readonly Notice[] =>
  drivers.includes(driver)
    ? []
    : [
        {
          id: 'database-driver-missing',
          says: `${driver} is needed, and no manifest of the app names it`,
          evidence: uses.map((use) => use.evidence).slice(0, 1),
        },
      ];

export const unknownVariables = (chosen: readonly Chosen[], uses: readonly UrlUse[]): readonly Notice[] =>
  chosen.length > 0
    ? []
    : [
        {
          id: 'database-variables-unknown',
          says: 'by which variables the app is told where its database is was not found; a URL that is written into the code must become one',
          evidence: uses
            .filter(({ how }) => how === 'literal')
            .map((use) => use.evidence)
            .slice(0, 3),
        },
      ];

export const severalDatabases = ({ isUrl, groups }: Connection): readonly Notice[] =>
  isUrl || groups.length < 2
    ? []
    : [
        {
          id: 'database-several',
          says: 'there are variables for more than one database: only one of them is given',
          evidence: groups.slice(1).flatMap((group) => [...group.values()].map(({ evidence }) => evidence).slice(0, 1)),
        },
      ];
