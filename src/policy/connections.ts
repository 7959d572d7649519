/**
 * Who may hold connections to PostgreSQL at the same time. A connection too many is an error for a visitor, and a
 * database without a free one locks out backup and rescue; each spare one costs memory.
 */
export const holders = {
  /** Containers of the app, one process each (docker/serve.py): when one dies, the other serves. */
  replicas: 2,
  /**
   * Connections that a process keeps, and how many more it opens under load: SQLAlchemy has 5 and 10
   * (https://docs.sqlalchemy.org/en/latest/core/pooling.html), but one CPU does not keep 15 queries busy.
   */
  poolSize: 5,
  maxOverflow: 5,
  /** A deploy and a rotation start new containers of the app beside the old ones (replace_app in scripts/lib.sh). */
  overlap: 2,
  /** The app's role: the login by which a rotation proves a password, and an operator who looks. */
  appSpare: 2,
  /** The schema's owner: one migration (NullPool in migrations/env.py), the proof of a rotation, an operator. */
  owner: 3,
  /** The superuser in scripts/: one script at a time, pg_dump or pg_restore with psql beside it. */
  scripts: 2,
  /** pg_isready has a slot until the server asks it for a password. */
  healthCheck: 1,
  /** postgres_exporter holds one, and more while scrapes overlap; nobody else is planned for. */
  monitoring: 5,
  /** superuser_reserved_connections, PostgreSQL's default: the way in when all the others are taken. */
  reserved: 3,
} as const;
export type Holders = Readonly<Record<keyof typeof holders, number>>;

/** PostgreSQL's default: what an app of unknown pools was written for. */
const postgresDefault = 100;

const roundUp = (count: number): number => Math.ceil(count / 10) * 10;

/**
 * The numbers that compose, the roles and the app take from here. Of our app we know the pools, and what it may take is
 * the sum of them; an app that exists may take what the others leave.
 */
export const connections = (
  { appIsNew, hasOwnerRole }: { appIsNew: boolean; hasOwnerRole: boolean },
  counts: Holders = holders,
) => {
  const { replicas, poolSize, maxOverflow, overlap, appSpare, scripts, healthCheck, monitoring, reserved } = counts;
  const owner = hasOwnerRole ? counts.owner : 0;
  const others = owner + scripts + healthCheck + monitoring + reserved;
  const pools = replicas * (poolSize + maxOverflow);
  const maximum = appIsNew ? roundUp(overlap * pools + appSpare + others) : postgresDefault;
  const app = appIsNew ? overlap * pools + appSpare : maximum - others;
  // A role that may hold none could not log in at all.
  const exporter = Math.max(monitoring, 1);
  return { replicas, poolSize, maxOverflow, overlap, pools, app, owner, exporter, others, reserved, maximum };
};
