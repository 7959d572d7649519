import type { App, Finding, Notice } from '../../model.ts';
import { evidenceAt } from '../../read/paths.ts';
import type { View } from '../../view.ts';

const wants: Readonly<Record<string, string>> = {
  django:
    'Django needs static files collected at build, `manage.py migrate` and settings that read our variables; none of it is built yet',
  flask: 'a WSGI app needs a WSGI server such as gunicorn in the image; only ASGI apps are served yet',
  'other-wsgi': 'it needs a server of its own in the image; only ASGI apps are served yet',
};

const frameworkRefusals = ({ value, evidence }: Finding<App>): readonly Notice[] => {
  const why = wants[value.framework];
  if (why === undefined) return [];
  return [
    {
      id: value.framework === 'django' ? 'django' : 'wsgi',
      says: `this is ${value.framework === 'other-wsgi' ? 'no ASGI app' : `a ${value.framework} app`}: ${why}`,
      evidence,
    },
  ];
};

const notWeb = (view: View): Notice => {
  const manifests = view.files
    .filter((path) => /(?:^|\/)(?:pyproject\.toml|requirements[^/]*\.txt|Pipfile|setup\.py)$/.test(path))
    .slice(0, 4);
  return {
    id: 'not-web',
    says: 'no FastAPI, Starlette, Litestar or Quart was found in what the project installs or imports; name its folder if it is there: --app-root backend',
    evidence: manifests.map((path) => evidenceAt(path, undefined, 'names no web framework')),
  };
};

const noPostgres = (others: readonly Finding<string>[]): Notice => ({
  id: 'no-postgres',
  says:
    others.length > 0
      ? `the app uses ${[...new Set(others.map(({ value }) => value))].join(', ')} and no PostgreSQL, which is the database of this deployment; if it can use PostgreSQL, name the variables: --database-variables DATABASE_URL=url`
      : 'nothing in the app uses PostgreSQL, which is the database of this deployment; if it does, name the variables: --database-variables DATABASE_URL=url',
  evidence: others.flatMap(({ evidence }) => evidence).slice(0, 6),
});

const noEntry = (told: string | undefined, { evidence }: Finding<App>): Notice => ({
  id: 'no-entry',
  says:
    told === undefined
      ? 'no ASGI app was found in the code: name it, for example --app-entry app.main:app, with () behind a factory'
      : `--app-entry ${told}: there is no such module; name the one that holds the app, for example app.main:app`,
  evidence,
});

/** What of an app decides whether it can be deployed. */
type Seen = {
  readonly app: Finding<App>;
  /** Whether the app was found or named; else `app` stands for nothing. */
  readonly isWeb: boolean;
  /** The entry that the user named. */
  readonly told: string | undefined;
  readonly hasEntry: boolean;
  readonly hasPostgres: boolean;
  readonly others: readonly Finding<string>[];
  /** Why it is not clear which app is meant. */
  readonly ofChoice: readonly Notice[];
};

/** Why the app cannot be deployed; of what serves no ASGI only that. */
export const refusalsOf = (view: View, seen: Seen): readonly Notice[] => {
  const { app, isWeb, told, hasEntry, hasPostgres, others, ofChoice } = seen;
  const ofFramework = told === undefined ? frameworkRefusals(app) : [];
  if (!isWeb) return [notWeb(view), ...ofFramework];
  if (ofFramework.length > 0) return ofFramework;
  return [...ofChoice, ...(hasEntry ? [] : [noEntry(told, app)]), ...(hasPostgres ? [] : [noPostgres(others)])];
};
