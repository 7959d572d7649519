import {
  type DatabaseRow,
  type ProjectPath,
  projectPath,
  type QueueRow,
  type VariableName,
  type WorkerRow,
} from '../answers/appValues.ts';
import type { Safe } from '../answers/values.ts';
import type { FrontendManager, Manager } from '../detect/model.ts';

export type Path = ProjectPath | '';

/** How the image builds a frontend. */
export type FrontendBuild = {
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

/** What a new project holds: the app that we write. */
export const greenfield: Project = {
  manager: 'uv',
  folder: '',
  lock: projectPath('uv.lock'),
  requirements: [],
  workspace: undefined,
  groups: [],
  extras: [],
  root: '',
  pythonPaths: [''],
  sources: ['app', 'migrations', 'alembic.ini'].map((path) => projectPath(path)),
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
