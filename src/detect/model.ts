/** Where something was seen: a file of the project, the line (from 1) where there is one, and what it says there. */
export type Evidence = { readonly file: string; readonly line?: number; readonly says: string };

/**
 * `certain`: the project says so itself, in a file that is read to run it. `likely`: its code or files have this form and no
 * other. `guess`: nothing in the project says so; it is a custom or our default.
 */
export type Confidence = 'certain' | 'likely' | 'guess';

/** One thing that was found, with why. A guess may have no evidence, nothing else. */
export type Finding<Value> = {
  readonly value: Value;
  readonly confidence: Confidence;
  readonly evidence: readonly Evidence[];
};

export const found = <Value>(
  value: Value,
  confidence: Confidence,
  ...evidence: readonly Evidence[]
): Finding<Value> => ({ value, confidence, evidence });

/** Something that the user should know, or that stands in the way; `id` is stable, for tools. */
export type Notice = { readonly id: string; readonly says: string; readonly evidence: readonly Evidence[] };

export type Manager = 'uv' | 'poetry' | 'pdm' | 'pipenv' | 'hatch' | 'pip';
export type Framework = 'fastapi' | 'starlette' | 'litestar' | 'quart' | 'django' | 'flask' | 'other-wsgi';
export type Driver = 'asyncpg' | 'psycopg' | 'psycopg2';

/**
 * What a variable of the app holds: the whole URL, one part of it, `user:password` together, or a fixed word (a switch such as
 * DB_ENGINE=postgres).
 */
export type DatabaseForm = 'url' | 'host' | 'port' | 'name' | 'user' | 'password' | 'credentials' | 'literal';
export type DatabaseVariable = {
  readonly name: string;
  readonly form: DatabaseForm;
  /** Of a URL: `postgresql+asyncpg`; of a literal: the word. */
  readonly text?: string;
};
/** The app's PostgreSQL: how it connects, and the variables by which it is told where. */
export type Database = {
  readonly driver: Driver;
  /** `postgresql+asyncpg`: what the URL variable of the app's own engine takes, or what the code itself builds of the parts. */
  readonly scheme: string;
  readonly variables: readonly DatabaseVariable[];
};

export type QueueForm = 'url' | 'host' | 'port' | 'database' | 'user' | 'password';
export type QueueVariable = {
  readonly name: string;
  readonly form: QueueForm;
  /** Of a URL or a database: its number, 0 where none is named; of a URL undefined where the app appends the number itself. */
  readonly database?: number;
};
export type QueueServer = 'redis' | 'valkey' | 'rabbitmq' | 'other';
/** A server for jobs or a cache that the app connects to, and the variables that tell it where; of a cache alone there are no workers. */
export type Queue = { readonly server: QueueServer; readonly variables: readonly QueueVariable[] };

export type WorkerLibrary = 'celery' | 'arq' | 'dramatiq' | 'saq' | 'taskiq';
export type Worker = {
  readonly library: WorkerLibrary;
  readonly role: 'worker' | 'scheduler';
  /** As an exec form: the program and its arguments, run in the root of the app. */
  readonly command: readonly string[];
};

export type FrontendManager = 'npm' | 'pnpm' | 'yarn' | 'bun';
export type Frontend = {
  /** Folder of its package.json, from the root of the project. */
  readonly folder: string;
  /** Folder of the lock, which is also where dependencies are installed: the same, or one above it (a workspace). */
  readonly lockFolder: string;
  readonly lock: string | undefined;
  readonly manager: FrontendManager;
  /** Of the manager, where `packageManager` pins it, e.g. `9.12.0`. */
  readonly managerVersion: string | undefined;
  /** Major version of Node.js that it wants. */
  readonly node: string;
  readonly framework: string;
  /** Name of the script in package.json. */
  readonly script: string;
  /** From the root of the project: where the build leaves its files. */
  readonly output: string;
  /** Where the Python app itself serves the output from its own tree. */
  readonly isServedByApp: boolean;
};

/** A folder that the app serves itself, and under which path. */
export type StaticFolder = { readonly folder: string; readonly path: string };

/** A variable without a default: the app does not start, or does not work, without it. */
export type RequiredVariable = { readonly name: string; readonly isSecret: boolean };

export type Migrations = {
  /**
   * Path of alembic.ini (or of the pyproject.toml whose [tool.alembic] stands for it), and the folder of its scripts, both
   * from the root of the project.
   */
  readonly ini: string;
  readonly location: string;
  /** Where `alembic upgrade head` is not what this project does: why, in words. */
  readonly notAutomatic?: string;
};

/** An app that could be deployed from this directory. */
export type App = {
  /** Its folder from the root of the project; '' for the root itself. */
  readonly root: string;
  readonly framework: Framework;
};

export const locationOf = ({ file, line }: Evidence): string => (line === undefined ? file : `${file}:${line}`);

/** What the server starts: `module:attribute` below the folder that must be on PYTHONPATH; a factory is called without arguments. */
export type Entry = {
  readonly entry: string;
  readonly isFactory: boolean;
  readonly pathRoot: string;
  readonly file: string;
};

/** How the dependencies are installed. */
export type Installation = {
  readonly manager: Manager;
  /** Path of the lock that the manager reads; of pip: the file of requirements. */
  readonly lock: string | undefined;
  /** Where the lock pins what it names with hashes. */
  readonly isRepeatable: boolean;
  /** Of pip: all files that the requirements consist of, each by its path. */
  readonly files: readonly string[];
  /** Folder from which it is installed: the app's, or that of the workspace around it. */
  readonly folder: string;
  /** Of a uv workspace: the name of the member that is the app, and the folders of all members. */
  readonly workspace: { readonly package: string; readonly members: readonly string[] } | undefined;
  /** Groups and extras that production needs beside the main dependencies. */
  readonly groups: readonly string[];
  readonly extras: readonly string[];
};
