import type {
  App,
  Database,
  Entry,
  Finding,
  Frontend,
  Installation,
  Migrations,
  Notice,
  Queue,
  RequiredVariable,
  StaticFolder,
  Worker,
} from './model.ts';
import type { Gap } from './view.ts';

/** What the user said about the app; it wins over what is seen. */
export type Told = {
  /** Folder of the app. */
  readonly root?: string;
  /** `module:attribute`, with `()` behind it for a factory. */
  readonly entry?: string;
};

/** Everything that was found of one app. */
export type Detection = {
  readonly runtime: 'python';
  /** All apps of the project that could be deployed, and the one that this is about. */
  readonly apps: readonly Finding<App>[];
  readonly app: Finding<App>;
  readonly installation: Finding<Installation>;
  readonly python: Finding<string>;
  readonly entry: Finding<Entry> | undefined;
  readonly port: Finding<number>;
  readonly health: Finding<string> | undefined;
  readonly hasUvicorn: boolean;
  readonly needsLibpq: boolean;
  readonly database: Finding<Database> | undefined;
  readonly migrations: Finding<Migrations> | undefined;
  readonly workers: readonly Finding<Worker>[];
  readonly queue: Finding<Queue> | undefined;
  readonly frontends: readonly Finding<Frontend>[];
  readonly staticFolders: readonly Finding<StaticFolder>[];
  /** First parts of the paths that the app answers. */
  readonly appPaths: readonly string[];
  readonly required: readonly Finding<RequiredVariable>[];
  readonly signing: readonly Finding<string>[];
  /** Folders of other members of the workspace that must be on PYTHONPATH too. */
  readonly siblings: readonly Finding<string>[];
  readonly copies: readonly Finding<string>[];
  readonly notices: readonly Notice[];
  /** Why this cannot be deployed; empty where it can. */
  readonly refusals: readonly Notice[];
  readonly gaps: readonly Gap[];
  /** Files that were read. */
  readonly reads: number;
};
