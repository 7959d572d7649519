import { installers } from './policy/installers.ts';
import type { Path, Project } from './project/project.ts';
import type { Answers } from './questions.ts';

const below = (folder: Path | '', name: string): string => (folder === '' ? name : `${folder}/${name}`);
const inImage = (path: string): string => (path === '' ? '/app' : `/app/${path}`);
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

// `uv.loc[k]`: COPY takes a pattern that matches nothing, where there may be no lock.
const optional = (path: string): string => path.replace(/(.)$/, '[$1]');

const flags = (option: string, values: readonly string[]): string =>
  values.map((value) => ` ${option} ${value}`).join('');

type Export = {
  readonly name: string;
  readonly tool: string;
  /** Settings without which it asks, warns or looks for something else. */
  readonly quiet: string;
  readonly manifests: string;
  readonly lock: string;
  readonly makeLock: string;
  /** Fails where the lock is older than the manifest. */
  readonly check: string;
  /** Prints the lock as requirements: what production needs, and all of it. */
  readonly write: string;
  readonly writeAll: string;
};

/** Managers whose lock uv cannot read print it as requirements. */
const buildExport = ({ manager, root, groups, extras }: Project): Export => {
  const files = (manifest: string, lock: string) => `${below(root, manifest)} ${optional(below(root, lock))}`;
  if (manager === 'poetry') {
    const some = flags('--extras', extras);
    return {
      name: 'Poetry',
      tool: `'${installers.poetry}' --with '${installers.poetryExport}'`,
      quiet: 'POETRY_NO_INTERACTION=1',
      manifests: files('pyproject.toml', 'poetry.lock'),
      lock: 'poetry.lock',
      makeLock: 'poetry lock',
      check: 'poetry check --lock',
      write: `poetry export --only main${groups.map((group) => `,${group}`).join('')}${some}`,
      writeAll: `poetry export --all-groups${some}`,
    };
  }
  if (manager === 'pipenv') {
    return {
      name: 'Pipenv',
      tool: `'${installers.pipenv}'`,
      quiet: 'PIPENV_VERBOSITY=-1',
      manifests: files('Pipfile', 'Pipfile.lock'),
      lock: 'Pipfile.lock',
      makeLock: 'pipenv lock',
      check: 'pipenv verify',
      write: 'pipenv requirements --hash',
      writeAll: 'pipenv requirements --dev --hash',
    };
  }
  const some = flags('--group', [...groups, ...extras]);
  return {
    name: 'PDM',
    tool: `'${installers.pdm}'`,
    quiet: 'PDM_IGNORE_SAVED_PYTHON=1 PDM_CHECK_UPDATE=0',
    manifests: files('pyproject.toml', 'pdm.lock'),
    lock: 'pdm.lock',
    makeLock: 'pdm lock',
    check: 'pdm lock --check',
    write: `pdm export --prod${some}`,
    writeAll: `pdm export${some}`,
  };
};

/** How the image installs the dependencies: one way of `ways` is true. */
export const buildInstall = (project: Project) => {
  const { manager, folder, lock, root, workspace, groups, extras } = project;
  const isUv = manager === 'uv';
  const way = isUv ? (workspace === undefined ? 'uv' : 'workspace') : manager === 'hatch' ? 'pyproject' : manager;
  const isRequirements = manager === 'pip' && lock !== '';
  const manifest = below(root, 'pyproject.toml');
  return {
    usesUv: way === 'uv',
    usesWorkspace: way === 'workspace',
    usesExport: manager === 'poetry' || manager === 'pdm' || manager === 'pipenv',
    export: buildExport(project),
    usesRequirements: isRequirements,
    usesPyproject: way === 'pyproject' || (manager === 'pip' && !isRequirements),
    /** What is copied for it, each with the folder that it goes to. */
    manifests: {
      uv: `${manifest} ${optional(below(root, 'uv.lock'))}`,
      pyproject: manifest,
      requirements: requirementSources(project),
      workspace: {
        root: `${below(folder, 'pyproject.toml')} ${optional(below(folder, 'uv.lock'))}`,
        members: (workspace?.members ?? []).map((member) => ({
          from: below(member, 'pyproject.toml'),
          to: folder === '' ? member : member.slice(folder.length + 1),
        })),
      },
    },
    requirements: fromRoot(project, lock),
    requirementFiles: project.requirements.map((file) => fromRoot(project, file)).join(' '),
    package: workspace?.package ?? '',
    uvFlags: flags('--group', groups) + flags('--extra', extras),
    addsUvicorn: project.addsUvicorn,
    /** As Dependabot names them, with the folder of the manifest. */
    ecosystem: isUv ? 'uv' : 'pip',
    manifestFolder: `/${isUv && workspace !== undefined ? folder : root}`,
    versions: installers,
  };
};

const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');

/** What a path is below the folder of the app, for a build that begins there. */
const fromRoot = ({ root }: Project, path: string): string =>
  root === '' ? path : path.startsWith(`${root}/`) ? path.slice(root.length + 1) : nameOf(path);

// requirements.txt may include requirements/prod.txt: such a folder goes as a whole.
const requirementSources = (project: Project): readonly { readonly from: string; readonly to: string }[] => {
  const { root, requirements } = project;
  const folders = [...new Set(requirements.map(folderOf))];
  return folders.map((folder) =>
    folder === root
      ? { from: below(root, 'requirements*.txt'), to: './' }
      : { from: `${folder}/`, to: `./${fromRoot(project, folder)}/` },
  );
};

/** The frontend that a stage of the image builds. */
export const buildFrontend = ({ frontend }: Project, { spa }: Answers) => {
  if (frontend === undefined || spa !== '')
    return { exists: false as const, isServedByApp: false, isServedByNginx: false };
  const { folder, lockFolder, manager, managerVersion, isLocked } = frontend;
  const isWorkspace = folder !== lockFolder;
  const own = folder === '' ? '.' : folder;
  const manifests = [
    below(lockFolder, 'package.json'),
    ...{
      npm: ['package-lock.json', '.npmrc'],
      pnpm: ['pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc'],
      yarn: ['yarn.lock', '.yarnrc.yml'],
      bun: ['bun.lock', 'bun.lockb'],
    }[manager].map((name) => optional(below(lockFolder, name))),
  ].join(' ');
  const version = managerVersion || (manager === 'pnpm' ? installers.pnpm : installers.bun);
  const isBerry = manager === 'yarn' && managerVersion !== '' && !managerVersion.startsWith('1.');
  const install = {
    npm: isLocked ? 'npm ci' : 'npm install --no-package-lock',
    pnpm: `pnpm install${isLocked ? ' --frozen-lockfile' : ''}`,
    yarn: `yarn install${isLocked ? (isBerry ? ' --immutable' : ' --frozen-lockfile') : ''}`,
    bun: `bun install${isLocked ? ' --frozen-lockfile' : ''}`,
  }[manager];
  return {
    exists: true as const,
    folder: own,
    isWorkspace,
    lockFolder: lockFolder === '' ? '.' : lockFolder,
    home: folder === '' ? '/project' : `/project/${folder}`,
    lockHome: lockFolder === '' ? '/project' : `/project/${lockFolder}`,
    manifests,
    tool:
      manager === 'pnpm' || manager === 'bun'
        ? `npm install --global ${manager}@${version}`
        : isBerry
          ? 'corepack enable'
          : '',
    install,
    build: manager === 'npm' ? `npm run ${frontend.script}` : `${manager} run ${frontend.script}`,
    hasNoLock: !isLocked,
    image: `node:${frontend.node}-slim`,
    output: frontend.output,
    ecosystem: manager === 'bun' ? 'bun' : 'npm',
    manifestFolder: lockFolder,
    isServedByApp: frontend.isServedByApp,
    isServedByNginx: !frontend.isServedByApp,
  };
};

/** A variable of the app: its name, and the value in YAML, without quotes; `isSecret` ones are not for the delivery as files. */
export type Variable = { readonly name: string; readonly value: string; readonly isSecret: boolean };
const printed = (variables: readonly Variable[]) =>
  variables.map((variable) => ({ ...variable, isPlain: !variable.isSecret }));

type Login = { readonly user: string; readonly password: string; readonly name: string; readonly scheme: string };

/** What the app reads of the database, for one login; names of ours that it has for something else are its own. */
const databaseVariables = ({ databaseVariables: rows }: Project, login: Login): readonly Variable[] => {
  const url = (scheme: string) => `${scheme}://${login.user}:${login.password}@db:5432/${login.name}`;
  const values = {
    url: { value: '', isSecret: true },
    host: { value: 'db', isSecret: false },
    port: { value: '5432', isSecret: false },
    name: { value: login.name, isSecret: false },
    user: { value: login.user, isSecret: false },
    password: { value: login.password, isSecret: true },
    credentials: { value: `${login.user}:${login.password}`, isSecret: true },
    literal: { value: '', isSecret: false },
  } as const;
  const ours: readonly Variable[] = [
    { name: 'DB_HOST', ...values.host },
    { name: 'DB_PORT', ...values.port },
    { name: 'DB_NAME', ...values.name },
    { name: 'DB_USER', ...values.user },
    { name: 'DB_PASSWORD', ...values.password },
    ...(rows.some(({ form }) => form === 'url')
      ? []
      : [{ name: 'DATABASE_URL', value: url(login.scheme), isSecret: true }]),
  ];
  const theirs = rows.map(({ name, form, text }): Variable => {
    if (form === 'url') return { name, value: url(text || login.scheme), isSecret: true };
    if (form === 'literal') return { name, value: text, isSecret: false };
    return { name, ...values[form] };
  });
  const named = new Set(theirs.map(({ name }) => name));
  return [...ours.filter(({ name }) => !named.has(name)), ...theirs];
};

const queueVariables = ({ queueVariables: rows }: Project): readonly Variable[] =>
  rows.map(({ name, form, database }) => ({
    name,
    value: {
      // Without a number the app adds its own.
      url: `redis://queue:6379${database === undefined ? '' : `/${database}`}`,
      host: 'queue',
      port: '6379',
      database: String(database ?? 0),
      // It has neither.
      user: '',
      password: '',
    }[form],
    isSecret: false,
  }));

const keyVariables = ({ signing }: Project, value: string): readonly Variable[] =>
  [...new Set(['SECRET_KEY', ...signing])].map((name) => ({ name, value, isSecret: true }));

/** The variables of an app that exists, for its own role and for the owner of the schema. */
export const buildVariables = (
  answers: Answers,
  project: Project,
  database: { readonly name: string; readonly user: string; readonly owner: string },
) => {
  const scheme = answers.databaseScheme;
  const of = (user: string, password: string, key: string) =>
    printed([
      ...databaseVariables(project, { user, password, name: database.name, scheme }),
      ...queueVariables(project),
      ...keyVariables(project, key),
    ]);
  const secret = (name: string) => `\${${name}:?is in .env.production}`;
  const localKey = 'local-development-only-placeholder-not-a-secret';
  return {
    app: of(database.user, secret('DB_PASSWORD'), secret('SECRET_KEY')),
    owner: of(database.owner, secret('DB_OWNER_PASSWORD'), secret('SECRET_KEY')),
    localApp: of(database.user, 'app_password', localKey),
    localOwner: of(database.owner, 'owner_password', localKey),
  };
};

/** Where things are in the image: it mirrors the project, so every path is what it is there. */
export const buildPlaces = ({ root, pythonPaths, migrationsFolder }: Project) => {
  const home = inImage(root);
  return {
    home,
    isMoved: home !== '/app',
    pythonPath: pythonPaths.map(inImage).join(':'),
    appDir: inImage(pythonPaths[0] ?? ''),
    migrationsHome: inImage(migrationsFolder),
    migratesElsewhere: inImage(migrationsFolder) !== home,
  };
};

const healthOf = (program: string, command: readonly string[]): readonly string[] => {
  const app = command.findIndex((word) => word === '-A' || word === '--app');
  const isCelery = program === 'celery' && command.includes('worker') && app !== -1 && app + 1 < command.length;
  // Asks this worker over the queue; of the others only that the queue can be reached is known.
  return isCelery
    ? ['sh', '-c', `celery -A ${command[app + 1]} inspect ping --timeout 5 --destination "celery@$$HOSTNAME"`]
    : ['python', '-c', "import socket; socket.create_connection(('queue', 6379), 5).close()"];
};

/** As many processes as one CPU and the memory of the service carry: by itself each library takes one for each CPU of the host. */
const processes = '2';
const says = (command: readonly string[], options: RegExp): boolean => command.some((word) => options.test(word));

const withProcesses = (command: readonly string[]): readonly string[] => {
  const [program] = command;
  const isCelery = program === 'celery' && command.includes('worker');
  if (isCelery && !says(command, /^(?:-c|--concurrency|--autoscale|-P|--pool)(?:=|$)/)) {
    return [...command, '--concurrency', processes];
  }
  const isDramatiq = program === 'dramatiq' && !says(command, /^(?:-p|--processes)(?:=|$)/);
  return isDramatiq ? [...command, '--processes', processes] : command;
};

/** The services beside the app that run its image: `worker`, `scheduler`, and with a number where there are several. */
export const buildWorkers = ({ workers, queueVariables: queue }: Project) => {
  const counts = new Map<string, number>();
  return workers.map(({ role, command }) => {
    const count = (counts.get(role) ?? 0) + 1;
    counts.set(role, count);
    const usesQueue = queue.length > 0;
    return {
      service: count === 1 ? role : `${role}-${count}`,
      command: JSON.stringify(withProcesses(command)).replaceAll('","', '", "'),
      health: usesQueue
        ? JSON.stringify(['CMD', ...healthOf(command[0] ?? '', command)]).replaceAll('","', '", "')
        : '',
      hasHealth: usesQueue,
    };
  });
};
