import type { Detection, Told } from './detection.ts';
import { type App, type Finding, found, type Notice } from './model.ts';
import { evidenceAt, isBelow } from './read/paths.ts';
import { appAt, appsOf, isAsgi } from './rules/app/apps.ts';
import { copies } from './rules/app/copies.ts';
import { entryOf, givenEntry } from './rules/app/entry.ts';
import { fileNotices } from './rules/app/files.ts';
import { appPaths, healthPath } from './rules/app/health.ts';
import { appPort } from './rules/app/port.ts';
import { type Command, commandsOf } from './rules/code/commands.ts';
import { type Context, contextOf, together } from './rules/code/context.ts';
import { named, names } from './rules/code/dependencies.ts';
import { database } from './rules/database/database.ts';
import { frontends } from './rules/frontend/frontend.ts';
import { staticFolders, staticNotices } from './rules/frontend/staticFolders.ts';
import { installation } from './rules/install/manager.ts';
import { pythonVersion } from './rules/install/pythonVersion.ts';
import { siblingsOf } from './rules/install/siblings.ts';
import { migrations } from './rules/migrations/migrations.ts';
import { requiredVariables } from './rules/settings/variables.ts';
import { workers } from './rules/workers/workers.ts';
import type { View } from './view.ts';

/** Our default where the project says nothing. */
const presetPython = '3.13';

/** The app that a run is about: the one that the user names, the only one, or the one nearest to the root; and why none can be. */
const chosenApp = (
  view: View,
  apps: readonly Finding<App>[],
  told: Told,
  commands: readonly Command[],
): { app?: Finding<App>; refusals: readonly Notice[] } => {
  if (told.root !== undefined)
    return { app: apps.find(({ value }) => value.root === told.root) ?? appAt(view, told.root), refusals: [] };
  const [first] = apps;
  if (first === undefined) return { refusals: [] };
  const deployable = apps.filter(({ value }) => isAsgi(value.framework));
  const withEntry = deployable.filter(
    ({ value }) => entryOf(contextOf(view, value.root, commands), value.framework).entry !== undefined,
  );
  const [app = deployable[0] ?? first, ...others] = withEntry;
  // One inside the other is a package of it; beside each other they are two apps, and who knows which is meant?
  const rivals = others.filter(
    ({ value }) => !isBelow(value.root, app.value.root) && depthOf(value.root) === depthOf(app.value.root),
  );
  if (rivals.length === 0) return { app, refusals: [] };
  return {
    app,
    refusals: [
      {
        id: 'several-apps',
        says: `there are several apps; name the folder of one, for example --app-root ${app.value.root}`,
        evidence: [app, ...rivals].flatMap(({ value, evidence }) => [
          evidenceAt(value.root || '.', undefined, value.framework),
          ...evidence,
        ]),
      },
    ],
  };
};
const depthOf = (root: string): number => (root === '' ? 0 : root.split('/').length);

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

const driverNeedsLibpq = ({ dependencies }: Context): boolean =>
  named(dependencies, 'psycopg2').length > 0 ||
  named(dependencies, 'psycopg').some(({ extras }) => !extras.includes('binary') && !extras.includes('c'));

const serverBrings = ({ dependencies }: Context): boolean =>
  names(dependencies, 'uvicorn', 'uvicorn-worker', 'fastapi-cli') ||
  named(dependencies, 'fastapi', 'litestar').some(
    ({ extras }) => extras.includes('standard') || extras.includes('all'),
  );

const withoutPostgres = (others: readonly Finding<string>[], hasDatabase: boolean): readonly Notice[] => {
  if (hasDatabase) return [];
  return [
    {
      id: 'no-postgres',
      says:
        others.length > 0
          ? `the app uses ${[...new Set(others.map(({ value }) => value))].join(', ')} and no PostgreSQL, which is the database of this deployment; if it can use PostgreSQL, name the variables: --database-variables DATABASE_URL=url`
          : 'nothing in the app uses PostgreSQL, which is the database of this deployment; if it does, name the variables: --database-variables DATABASE_URL=url',
      evidence: others.flatMap(({ evidence }) => evidence).slice(0, 6),
    },
  ];
};

const notWeb = (view: View): Detection['refusals'] => {
  const manifests = view.files
    .filter((path) => /(?:^|\/)(?:pyproject\.toml|requirements[^/]*\.txt|Pipfile|setup\.py)$/.test(path))
    .slice(0, 4);
  return [
    {
      id: 'not-web',
      says: 'no FastAPI, Starlette, Litestar or Quart was found in what the project installs or imports; name its folder if it is there: --app-root backend',
      evidence: manifests.map((path) => evidenceAt(path, undefined, 'names no web framework')),
    },
  ];
};

const noHealth: Notice = {
  id: 'no-health',
  says: 'no path for a health check was found, so only the port is looked at; give the app one that asks its database, and name it: --health-path /health',
  evidence: [],
};

/** Looks at a Python project; undefined where there is none. Pure: it reads through the view, and runs nothing. */
export const detectPython = (view: View, told: Told): Detection | undefined => {
  if (
    !view.files.some(
      (path) =>
        path.endsWith('.py') || /(?:^|\/)(?:pyproject\.toml|requirements[^/]*\.txt|Pipfile|setup\.cfg)$/.test(path),
    )
  )
    return undefined;
  const apps = appsOf(view);
  const commands = commandsOf(view);
  const chosen = chosenApp(view, apps, told, commands);
  const app = chosen.app ?? found({ root: told.root ?? '', framework: 'starlette' as const }, 'guess');
  const own = contextOf(view, app.value.root, commands);
  const installed = installation(own);
  const siblings = siblingsOf(view, app.value.root, installed.installation.value);
  const context = together(
    own,
    siblings.map(({ folder }) => folder),
  );
  const python = pythonVersion(own, presetPython);
  const seen = entryOf(own, app.value.framework);
  const given = told.entry === undefined ? undefined : givenEntry(own, told.entry.replace(/\(\)$/, ''));
  const entry =
    told.entry === undefined
      ? seen.entry
      : given &&
        found(
          { ...given, isFactory: told.entry.endsWith('()') || given.isFactory },
          'certain',
          evidenceAt(given.file, undefined, 'named by you'),
        );
  const pathRoot = entry?.value.pathRoot ?? app.value.root;
  const health = healthPath(context);
  const store = database(context);
  const schema = migrations(context);
  const work = workers(context, pathRoot);
  const front = frontends(context);
  const served = staticFolders(context);
  const used = new Set(
    [...(store.database?.value.variables ?? []), ...(work.queue?.value.variables ?? [])].map(({ name }) => name),
  );
  const variables = requiredVariables(context, used);
  const isWeb = chosen.app !== undefined || told.entry !== undefined;
  const frameworkSays = told.entry === undefined ? frameworkRefusals(app) : [];

  const refusals: Notice[] = [];
  if (!isWeb) refusals.push(...notWeb(view));
  refusals.push(...frameworkSays);
  if (isWeb && frameworkSays.length === 0) {
    refusals.push(...chosen.refusals);
    if (entry === undefined) {
      refusals.push({
        id: 'no-entry',
        says:
          told.entry === undefined
            ? 'no ASGI app was found in the code: name it, for example --app-entry app.main:app, with () behind a factory'
            : `--app-entry ${told.entry}: there is no such module; name the one that holds the app, for example app.main:app`,
        evidence: app.evidence,
      });
    }
    refusals.push(...withoutPostgres(store.others, store.database !== undefined));
  }
  return {
    runtime: 'python',
    apps,
    app,
    installation: installed.installation,
    python: python.version,
    entry,
    port: appPort(own),
    health,
    hasUvicorn: serverBrings(context),
    needsLibpq: driverNeedsLibpq(context),
    database: store.database,
    migrations: schema.migrations,
    workers: work.workers,
    queue: work.queue,
    frontends: front.frontends,
    staticFolders: served,
    appPaths: front.frontends.length === 0 ? [] : appPaths(context),
    required: variables.required,
    signing: variables.signing,
    siblings: siblings.map(({ pathRoot: path }) => path),
    copies:
      entry === undefined
        ? []
        : [
            ...copies(
              context,
              entry.value,
              schema.migrations?.value,
              work.workers.flatMap(({ value }) => value.command),
            ),
            ...siblings.flatMap((sibling) => sibling.copies),
          ],
    notices: [
      ...(health === undefined && entry !== undefined ? [noHealth] : []),
      ...fileNotices(view, app.value.root),
      ...installed.notices,
      ...python.notices,
      ...seen.notices,
      ...store.notices,
      ...schema.notices,
      ...work.notices,
      ...variables.notices,
      ...front.notices,
      ...staticNotices(
        view,
        served,
        front.frontends.map(({ value }) => value.output),
      ),
    ],
    refusals,
    gaps: view.gaps(),
    reads: view.reads(),
  };
};
