import type { Detection, Told } from './detection.ts';
import { type Entry, found, type Notice } from './model.ts';
import { appsOf } from './rules/app/apps.ts';
import { chosenApp } from './rules/app/chosenApp.ts';
import { copies } from './rules/app/copies.ts';
import { entryOf, givenEntry } from './rules/app/entry.ts';
import { fileNotices } from './rules/app/files.ts';
import { appPaths, healthPath } from './rules/app/health.ts';
import { appPort } from './rules/app/port.ts';
import { refusalsOf } from './rules/app/refusals.ts';
import { commandsOf } from './rules/code/commands.ts';
import { type Context, contextOf, together } from './rules/code/context.ts';
import { database } from './rules/database/database.ts';
import { frontends } from './rules/frontend/frontend.ts';
import { staticFolders, staticNotices } from './rules/frontend/staticFolders.ts';
import { packagesOf } from './rules/install/brought.ts';
import { installation } from './rules/install/manager.ts';
import { pythonVersion } from './rules/install/pythonVersion.ts';
import { type Sibling, siblingsOf } from './rules/install/siblings.ts';
import { migrations } from './rules/migrations/migrations.ts';
import { requiredVariables } from './rules/settings/variables.ts';
import { workers } from './rules/workers/workers.ts';
import type { View } from './view.ts';

/** Our default where the project says nothing. */
const presetPython = '3.13';

const noHealth: Notice = {
  id: 'no-health',
  says: 'no path for a health check was found, so only the port is looked at; give the app one that asks its database, and name it: --health-path /health',
  evidence: [],
};

const isPython = (path: string): boolean =>
  path.endsWith('.py') || /(?:^|\/)(?:pyproject\.toml|requirements[^/]*\.txt|Pipfile|setup\.cfg)$/.test(path);

/** The services beside the app, each with the variables that tell the app where it is. */
const servicesOf = (context: Context, pathRoot: string) => {
  const store = database(context);
  const schema = migrations(context);
  const work = workers(context, pathRoot);
  const variables = [...(store.database?.value.variables ?? []), ...(work.queue?.value.variables ?? [])];
  return {
    found: { database: store.database, migrations: schema.migrations, workers: work.workers, queue: work.queue },
    otherDatabases: store.others,
    used: new Set(variables.map(({ name }) => name)),
    notices: [...store.notices, ...schema.notices, ...work.notices],
  };
};

/** What the image must hold: of the app, of what else starts in it, and of the members of the workspace that it needs. */
const sourcesOf = (
  context: Context,
  entry: Entry,
  { migrations: schema, workers: started }: Pick<Detection, 'migrations' | 'workers'>,
  siblings: readonly Sibling[],
): Detection['copies'] => [
  ...copies(
    context,
    entry,
    schema?.value,
    started.flatMap(({ value }) => value.command),
  ),
  ...siblings.flatMap((sibling) => sibling.copies),
];

/** What browsers get besides the answers of the app. */
const pagesOf = (context: Context) => {
  const front = frontends(context);
  const served = staticFolders(context);
  const outputs = front.frontends.map(({ value }) => value.output);
  return {
    frontends: front.frontends,
    staticFolders: served,
    appPaths: front.frontends.length === 0 ? [] : appPaths(context),
    notices: [...front.notices, ...staticNotices(context.view, served, outputs)],
  };
};

/** Looks at a Python project; undefined where there is none. Pure: it reads through the view, and runs nothing. */
export const detectPython = (view: View, told: Told): Detection | undefined => {
  if (!view.files.some(isPython)) return undefined;
  const apps = appsOf(view);
  const commands = commandsOf(view);
  const chosen = chosenApp(view, apps, told, commands);
  const app = chosen.app ?? found({ root: told.root ?? '', framework: 'starlette' as const }, 'guess');
  const own = contextOf(view, app.value.root, commands);
  const installed = installation(own);
  const siblings = siblingsOf(view, app.value.root, installed.installation.value);
  const folders = siblings.map(({ folder }) => folder);
  const context = together(own, folders);
  const python = pythonVersion(own, presetPython);
  const seen = entryOf(own, app.value.framework);
  const entry = told.entry === undefined ? seen.entry : givenEntry(own, told.entry);
  const health = healthPath(context);
  const services = servicesOf(context, entry?.value.pathRoot ?? app.value.root);
  const { notices: ofPages, ...pages } = pagesOf(context);
  const { notices: ofVariables, ...variables } = requiredVariables(context, services.used);
  return {
    runtime: 'python',
    apps,
    app,
    installation: installed.installation,
    python: python.version,
    entry,
    port: appPort(own),
    health,
    ...packagesOf(context),
    ...services.found,
    ...pages,
    ...variables,
    siblings: siblings.map((sibling) => sibling.pathRoot),
    copies: entry === undefined ? [] : sourcesOf(context, entry.value, services.found, siblings),
    notices: [
      ...(health === undefined && entry !== undefined ? [noHealth] : []),
      ...fileNotices(view, app.value.root),
      ...installed.notices,
      ...python.notices,
      ...seen.notices,
      ...services.notices,
      ...ofVariables,
      ...ofPages,
    ],
    refusals: refusalsOf(view, {
      app,
      isWeb: chosen.app !== undefined || told.entry !== undefined,
      told: told.entry,
      hasEntry: entry !== undefined,
      hasPostgres: services.found.database !== undefined,
      others: services.otherDatabases,
      ofChoice: chosen.refusals,
    }),
    gaps: view.gaps(),
    reads: view.reads(),
  };
};
