import {
  type DatabaseRow,
  type Detected,
  databaseRows,
  detected,
  type ProjectPath,
  plainName,
  projectPath,
  type QueueRow,
  queueRows,
  type VariableName,
  variableName,
  versionNumber,
  type WorkerRow,
  workerRows,
} from '../answers/appValues.ts';
import type { Answers } from '../answers/questions.ts';
import type { Safe } from '../answers/values.ts';
import { Refusal } from '../base/refusal.ts';
import type { Detection } from '../detect/detection.ts';
import type { FrontendManager, Manager } from '../detect/model.ts';
import { placeOf } from '../detect/model.ts';
import { printable } from '../detect/summary.ts';
import { queueText, rowText, workersText } from '../detect/texts.ts';

export type Path = ProjectPath | '';

/** How the image builds a frontend. */
type FrontendBuild = {
  readonly folder: Path;
  readonly lockFolder: Path;
  readonly manager: FrontendManager;
  readonly managerVersion: Safe<'version'> | '';
  readonly isLocked: boolean;
  readonly node: Safe<'version'>;
  readonly script: Safe<'name'>;
  readonly output: Path;
  readonly isServedByApp: boolean;
};

/** What the emitted files need to know of the directory; every word of it is proved safe to print. */
export type Project = {
  readonly manager: Manager;
  /** Folder that dependencies are installed from, and the lock or the file of requirements; '' where there is none. */
  readonly folder: Path;
  readonly lock: Path;
  /** Of pip: the files of requirements. */
  readonly requirements: readonly Path[];
  readonly workspace: { readonly package: Safe<'name'>; readonly members: readonly Path[] } | undefined;
  readonly groups: readonly Safe<'name'>[];
  readonly extras: readonly Safe<'name'>[];
  /** Folder of the app, and those on PYTHONPATH, from the root of the project. */
  readonly root: Path;
  readonly pythonPaths: readonly Path[];
  /** What the image copies. */
  readonly sources: readonly Path[];
  readonly isFactory: boolean;
  readonly needsLibpq: boolean;
  readonly addsUvicorn: boolean;
  /** Folder of alembic.ini. */
  readonly migrationsFolder: Path;
  readonly databaseVariables: readonly DatabaseRow[];
  readonly queueVariables: readonly QueueRow[];
  readonly workers: readonly WorkerRow[];
  readonly frontend: FrontendBuild | undefined;
  readonly signing: readonly VariableName[];
  readonly required: readonly VariableName[];
};

const path = (text: string) => projectPath(text === '' ? '.' : text);

export const greenfield: Project = {
  manager: 'uv',
  folder: '',
  lock: path('uv.lock'),
  requirements: [],
  workspace: undefined,
  groups: [],
  extras: [],
  root: '',
  pythonPaths: [''],
  sources: ['app', 'migrations', 'alembic.ini'].map(path),
  isFactory: false,
  needsLibpq: false,
  addsUvicorn: false,
  migrationsFolder: '',
  databaseVariables: [],
  queueVariables: [],
  workers: [],
  frontend: undefined,
  signing: [],
  required: [],
};

/** Detections that an answer overrides. */
const overridden = ({ databaseVariables, appRoot }: Answers): ReadonlySet<string> =>
  new Set([
    ...(databaseVariables === detected ? [] : ['no-postgres']),
    ...(appRoot === detected ? [] : ['several-apps', 'not-web']),
  ]);

const seenAt = ({ evidence }: { readonly evidence: Detection['refusals'][number]['evidence'] }): string =>
  evidence
    .slice(0, 4)
    .map((each) => `\n      ${printable(`${placeOf(each)}  ${each.says}`)}`)
    .join('');

const refuse = (problems: readonly string[]): never => {
  throw new Refusal('This application cannot be deployed as it is (nothing was written):', problems);
};

// A path or a name that the project brings is printed into files, as an answer is.
class Collected {
  readonly problems: string[] = [];

  take<Value>(parse: (raw: string) => Value, raw: string, what: string): Value | undefined {
    try {
      return parse(raw);
    } catch (error) {
      this.problems.push(`${what}: ${(error as Error).message}`);
      return undefined;
    }
  }

  all<Value>(parse: (raw: string) => Value, raws: readonly string[], what: string): readonly Value[] {
    return raws.flatMap((raw) => this.take(parse, raw, what) ?? []);
  }
}

const or = <Value, Other>(answer: Value | Detected, otherwise: () => Other): Value | Other =>
  answer === detected ? otherwise() : (answer as Value);

const installationOf = (answers: Answers, { installation }: Detection, safe: Collected) => {
  const { value } = installation;
  const manager = answers.packageManager === detected ? value.manager : answers.packageManager;
  // The lock that was found is of the manager that was found.
  const isSame = manager === value.manager;
  const workspace = isSame ? value.workspace : undefined;
  return {
    manager,
    folder: safe.take(path, value.folder, 'the folder of the lock') ?? '',
    lock: isSame && value.lock !== undefined ? (safe.take(path, value.lock, 'the lock') ?? '') : '',
    requirements: isSame ? safe.all(path, value.files, 'a file of requirements') : [],
    workspace:
      workspace === undefined
        ? undefined
        : {
            package:
              safe.take(plainName, workspace.package, 'the name of the workspace member') ?? ('' as Safe<'name'>),
            members: safe.all(path, workspace.members, 'a member of the workspace'),
          },
    // What one manager calls a group, another does not know.
    groups: isSame ? safe.all(plainName, value.groups, 'a group of dependencies') : [],
    extras: safe.all(plainName, value.extras, 'an extra'),
  } satisfies Partial<Project>;
};

const frontendOf = (answers: Answers, { frontends }: Detection, safe: Collected): FrontendBuild | undefined => {
  if (answers.frontend === undefined) return undefined;
  const wanted =
    answers.frontend === detected ? frontends[0] : frontends.find(({ value }) => value.folder === answers.frontend);
  if (wanted === undefined) {
    if (answers.frontend !== detected) {
      safe.problems.push(
        `--frontend ${answers.frontend || '.'}: no package.json with a build script was found there; give another folder, or none`,
      );
    }
    return undefined;
  }
  const { value } = wanted;
  return {
    folder: safe.take(path, value.folder, 'the folder of the frontend') ?? '',
    lockFolder: safe.take(path, value.lockFolder, 'the folder of its lock') ?? '',
    manager: value.manager,
    managerVersion:
      value.managerVersion === undefined
        ? ''
        : (safe.take(versionNumber, value.managerVersion, 'packageManager') ?? ''),
    isLocked: value.lock !== undefined,
    node: safe.take(versionNumber, value.node, 'the version of Node.js') ?? ('22' as Safe<'version'>),
    script: safe.take(plainName, value.script, 'the build script') ?? ('build' as Safe<'name'>),
    output: safe.take(path, value.output, 'the output of the frontend') ?? '',
    isServedByApp: value.isServedByApp,
  };
};

// Of ours: what they hold is the deployment's to say.
const databaseNames: readonly string[] = ['DB_HOST', 'DB_PORT', 'DB_NAME', 'DB_USER', 'DB_PASSWORD', 'DATABASE_URL'];

/** What the compose files set need not be in .env.app. */
const withoutSet = (project: Project): Project => {
  const set = new Set<string>([
    ...databaseNames,
    'SECRET_KEY',
    ...[...project.databaseVariables, ...project.queueVariables].map(({ name }) => name),
    ...project.signing,
  ]);
  return { ...project, required: project.required.filter((name) => !set.has(name)) };
};

/** One line for each variable that would be set twice: a file with a key twice is no YAML. */
const setTwice = ({ databaseVariables, queueVariables, signing }: Project): readonly string[] => {
  const database = databaseVariables.map(({ name }) => name);
  const queue = queueVariables.map(({ name }) => name);
  const keys = signing.filter((name) => (name as string) !== 'SECRET_KEY');
  const all: readonly string[] = [
    ...new Set([...databaseNames, ...database]),
    ...queue,
    ...new Set(['SECRET_KEY', ...keys]),
  ];
  return [...new Set(all.filter((name, index) => all.indexOf(name) !== index))].map(
    (name) =>
      `${name} would hold two things: name it in one only of --database-variables, --queue-variables and --secret-key-variables, for example --queue-variables none`,
  );
};

/**
 * The project as its files and the answers give it: an answer wins over what was found. A refusal lists why the app cannot be
 * deployed, with the evidence, and every name that cannot be printed safely.
 */
export const projectFrom = (answers: Answers, detection: Detection | undefined): Project => {
  if (detection === undefined) {
    return refuse([
      'there is no Python project here: no pyproject.toml, no requirements.txt, no Pipfile, no module; for a new app: --app new',
    ]);
  }
  const ignored = overridden(answers);
  const reasons = detection.refusals
    .filter(({ id }) => !ignored.has(id))
    .map((reason) => `${printable(reason.says)}${seenAt(reason)}`);
  if (answers.migrations === 'alembic' && detection.migrations === undefined) {
    reasons.push('--migrations alembic: there is no alembic.ini; without Alembic give --migrations none');
  }
  if (reasons.length > 0 || detection.entry === undefined) return refuse(reasons);

  const safe = new Collected();
  const { app, entry, migrations } = detection;
  const root = safe.take(path, app.value.root, 'the folder of the app') ?? '';
  const pythonPath = or(
    answers.pythonPath,
    () => safe.take(path, entry.value.pathRoot, 'the folder that imports begin at') ?? '',
  );
  const others = safe.all(
    path,
    detection.siblings.map(({ value }) => value),
    'a member of the workspace',
  );
  const project: Project = {
    ...installationOf(answers, detection, safe),
    root,
    pythonPaths: [...new Set([pythonPath, ...others])],
    sources: or(answers.imageFiles, () =>
      safe.all(
        path,
        detection.copies.map(({ value }) => value),
        'a path that the image needs',
      ),
    ),
    isFactory: answers.appEntry.endsWith('()') || entry.value.isFactory,
    needsLibpq: detection.needsLibpq,
    addsUvicorn: !detection.hasUvicorn,
    migrationsFolder:
      migrations === undefined
        ? ''
        : (safe.take(path, migrations.value.ini.split('/').slice(0, -1).join('/'), 'the folder of alembic.ini') ?? ''),
    databaseVariables: or(
      answers.databaseVariables,
      () =>
        safe.take(databaseRows, rowText(detection.database?.value.variables ?? []), 'the variables of the database') ??
        [],
    ),
    queueVariables: or(
      answers.queueVariables,
      () => safe.take(queueRows, queueText(detection.queue?.value), 'the variables of the queue') ?? [],
    ),
    workers: or(
      answers.workers,
      () =>
        safe.take(workerRows, workersText(detection.workers.map(({ value }) => value)), 'a command of a worker') ?? [],
    ),
    frontend: frontendOf(answers, detection, safe),
    signing: or(answers.secretKeyVariables, () =>
      safe.all(
        variableName,
        detection.signing.map(({ value }) => value),
        'a variable',
      ),
    ),
    required: or(answers.requiredVariables, () =>
      safe.all(
        variableName,
        detection.required.map(({ value }) => value.name),
        'a variable',
      ),
    ),
  };
  const problems = [...safe.problems, ...setTwice(project)];
  if (problems.length > 0) refuse(problems);
  return withoutSet(project);
};
