import { type Evidence, type Finding, found, type Migrations, type Notice } from '../../model.ts';
import { isBelow, joinPath } from '../../read/paths.ts';
import type { Call, Python } from '../../read/python.ts';
import { type Context, modulesWith, quoted } from '../code/context.ts';
import { hasTool, named } from '../code/dependencies.ts';
import { runsAtStart } from '../code/startUp.ts';
import { type AlembicConfig, alembicConfig } from './alembicConfig.ts';

type Site = { readonly module: Python; readonly call: Call & { readonly within: readonly string[] } };

const callsThat = (context: Context, words: readonly string[], test: (call: Call, module: Python) => boolean): Site[] =>
  modulesWith(context, ...words).flatMap((module) =>
    module.calls.filter((call) => test(call, module)).map((call) => ({ module, call })),
  );

const atStart = (context: Context, sites: readonly Site[]): Evidence[] =>
  sites
    .filter(({ module, call }) => runsAtStart(context, { module, within: call.within, line: call.line }))
    .map(({ module, call }) => quoted(context.view, module.path, call.line));

const isUpgrade = ({ callee, text }: Call, { imports }: Python): boolean => {
  const usesAlembic = imports.some(({ module }) => /^alembic(?:\.|$)/.test(module));
  if (usesAlembic && /(?:^|\.|_)command\.upgrade$|^upgrade$/.test(callee)) return true;
  const isProcess = /(?:^|\.)(?:run|call|check_call|check_output|Popen|system|create_subprocess_(?:exec|shell))$/.test(
    callee,
  );
  return isProcess && /["']alembic\b[\s\S]*\bupgrade\b/.test(text);
};

const isCreateAll = ({ callee, args }: Call): boolean =>
  /\bmetadata\.create_all$/.test(callee) ||
  args.some(({ value }) => /\bmetadata\.create_all$/.test(value.text)) ||
  /(?:^|\.)(?:Tortoise|connection)\.generate_schemas$/.test(callee) ||
  args.some(({ name, value }) => name === 'generate_schemas' && value.text === 'True');

/** Revisions that no other one follows: with several of them `upgrade head` fails. */
const headsOf = ({ view }: Context, location: string): readonly Evidence[] => {
  const paths = view.files.filter((path) => isBelow(path, joinPath(location, 'versions')) && path.endsWith('.py'));
  if (paths.length > mostRevisions) return [];
  const revisions = paths.flatMap((file) => {
    const text = view.read(file) ?? '';
    const [, revision] = /^revision(?:\s*:[^=\n]+)?\s*=\s*["']([^"']+)["']/m.exec(text) ?? [];
    const [, down = ''] = /^down_revision(?:\s*:[^=\n]+)?\s*=\s*(\([^)]*\)|\[[^\]]*\]|[^\n]*)/m.exec(text) ?? [];
    const before = [...down.matchAll(/["']([^"']+)["']/g)].map(([, name]) => name);
    const line = text.slice(0, text.search(/^revision\b/m)).split('\n').length;
    return revision === undefined
      ? []
      : [{ revision, before, evidence: { file, line, says: `revision = ${revision}` } }];
  });
  const followed = new Set(revisions.flatMap(({ before }) => before));
  return revisions.filter(({ revision }) => !followed.has(revision)).map(({ evidence }) => evidence);
};
const mostRevisions = 600;

/** Why `alembic upgrade head` is not what this project does, with where it says so. */
const reasons = (context: Context, config: AlembicConfig, upgrades: readonly Evidence[]) => {
  const alembic = context.commands.filter(({ words }) => words[0] === 'alembic' && words.includes('upgrade'));
  const withX = alembic.find(({ words }) => words.some((word) => word === '-x' || word.startsWith('-x=')));
  const withHeads = alembic.find(({ words }) => words.includes('heads'));
  const heads = config.location === undefined ? [] : headsOf(context, config.location);
  const all: readonly (readonly [boolean, string, readonly Evidence[]])[] = [
    [
      config.sections.length > 0,
      `${config.file} has sections with scripts of their own (${config.sections.join(', ')})`,
      [config.evidence],
    ],
    [config.versions.length > 1, 'its revisions are in several folders (version_locations)', [config.evidence]],
    [heads.length > 1, `its revisions have ${heads.length} heads`, heads.slice(0, 4)],
    [upgrades.length > 0, 'the app migrates its database itself when it starts', upgrades],
    [withX !== undefined, 'it is run with -x arguments of its own', withX ? [withX.evidence] : []],
    [withHeads !== undefined && heads.length <= 1, 'it is run with `heads`', withHeads ? [withHeads.evidence] : []],
    [config.location === undefined, 'the folder of its scripts was not found', [config.evidence]],
    [
      config.runsFrom !== undefined,
      `its script_location is relative to ${config.runsFrom || 'the root of the project'}, not to the folder of ${config.file}`,
      [config.evidence],
    ],
  ];
  return all.filter(([applies]) => applies);
};

const otherTools: Readonly<Record<string, string>> = {
  aerich: 'Aerich',
  'yoyo-migrations': 'yoyo',
  piccolo: 'Piccolo',
  edgy: 'Edgy',
  saffier: 'Saffier',
  prisma: 'Prisma',
  django: 'Django',
  peewee_migrate: 'peewee-migrate',
};

const otherNotices = (context: Context): Notice[] => {
  const tools = named(context.dependencies, ...Object.keys(otherTools)).map(({ name, evidence }) => ({
    tool: otherTools[name] ?? name,
    evidence,
  }));
  if (tools.length === 0 && hasTool(context.view, context.root, 'aerich')) {
    tools.push({ tool: 'Aerich', evidence: { file: joinPath(context.root, 'pyproject.toml'), says: '[tool.aerich]' } });
  }
  return tools.slice(0, 1).map(({ tool, evidence }) => ({
    id: 'migrations-other',
    says: `${tool} keeps the schema of the database: nothing runs its migrations but you`,
    evidence: [evidence],
  }));
};

/** Alembic as this app uses it, and what else makes its tables. */
export const migrations = (
  context: Context,
): { readonly migrations: Finding<Migrations> | undefined; readonly notices: readonly Notice[] } => {
  const config = alembicConfig(context);
  const upgrades = atStart(context, callsThat(context, ['alembic'], isUpgrade));
  if (config === undefined) {
    const words = ['create_all', 'generate_schemas'];
    const created = atStart(context, callsThat(context, words, isCreateAll));
    return {
      migrations: undefined,
      notices: [
        ...(created.length === 0
          ? []
          : [
              {
                id: 'create-all',
                says: 'the app makes its tables when it starts: its role must own the schema, and nothing changes a table that is there',
                evidence: created.slice(0, 3),
              },
            ]),
        ...otherNotices(context),
      ],
    };
  }
  const why = reasons(context, config, upgrades);
  const inImage = context.commands.filter(
    ({ words, where, evidence }) =>
      words[0] === 'alembic' &&
      words.includes('upgrade') &&
      (where !== 'script' ||
        /(?:^|\/)(?:docker-?)?(?:entrypoint|pre-?start|start|boot|launch|run)[\w-]*(?:\.sh)?$/.test(evidence.file)),
  );
  const notAutomatic = why.map(([, text]) => text).join('; ');
  return {
    migrations: found(
      {
        ini: config.file,
        location: config.location ?? '',
        ...(why.length > 0 ? { notAutomatic } : {}),
      },
      'certain',
      config.evidence,
      ...why.flatMap(([, , evidence]) => evidence).filter((one) => one !== config.evidence),
    ),
    notices: [
      ...(inImage.length === 0
        ? []
        : [
            {
              id: 'migrations-in-image',
              says: 'the container migrates the database when it starts; a service that runs once before the app does it now',
              evidence: inImage.slice(0, 3).map(({ evidence }) => evidence),
            },
          ]),
    ],
  };
};
