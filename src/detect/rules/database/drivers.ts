import type { Driver, Evidence } from '../../model.ts';
import type { Context } from '../code/context.ts';
import type { Dependency } from '../code/dependencies.ts';

const direct: Readonly<Record<string, Driver>> = {
  asyncpg: 'asyncpg',
  psycopg: 'psycopg',
  'psycopg-binary': 'psycopg',
  'psycopg-c': 'psycopg',
  psycopg2: 'psycopg2',
  'psycopg2-binary': 'psycopg2',
  aiopg: 'psycopg2',
};

// What an extra of another package brings.
const implied: Readonly<Record<string, Readonly<Record<string, Driver>>>> = {
  'tortoise-orm': { asyncpg: 'asyncpg', psycopg: 'psycopg' },
  databases: { postgresql: 'asyncpg', asyncpg: 'asyncpg', aiopg: 'psycopg2', 'postgresql-aiopg': 'psycopg2' },
  piccolo: { postgres: 'asyncpg', all: 'asyncpg' },
  ormar: { postgresql: 'asyncpg', postgres: 'asyncpg' },
  edgy: { postgres: 'asyncpg' },
  saffier: { postgres: 'asyncpg' },
  gino: { pg: 'asyncpg' },
  sqlalchemy: {
    postgresql: 'psycopg2',
    'postgresql-psycopg2binary': 'psycopg2',
    'postgresql-psycopg': 'psycopg',
    'postgresql-psycopgbinary': 'psycopg',
    'postgresql-asyncpg': 'asyncpg',
  },
};

export type DriverFound = { readonly driver: Driver; readonly isForDevelopment: boolean; readonly evidence: Evidence };

const isForDevelopment = ({ group }: Dependency): boolean =>
  /^group:(?:dev|test|lint|doc|ci|type|local)/.test(group) || /^extra:(?:dev|test|lint|doc)/.test(group);

/** Drivers of PostgreSQL that the app depends on; those for development only come last. */
export const driversOf = ({ dependencies }: Context): readonly DriverFound[] =>
  dependencies
    .flatMap((dependency): DriverFound[] => {
      const { name, extras, evidence } = dependency;
      const one = (driver: Driver | undefined) =>
        driver === undefined ? [] : [{ driver, isForDevelopment: isForDevelopment(dependency), evidence }];
      return [...one(direct[name]), ...extras.flatMap((extra) => one(implied[name]?.[extra]))];
    })
    .filter(({ driver, evidence }, index, all) => {
      const isSame = (other: DriverFound) =>
        other.driver === driver && other.evidence.file === evidence.file && other.evidence.line === evidence.line;
      return all.findIndex(isSame) === index;
    })
    .sort((one, other) => Number(one.isForDevelopment) - Number(other.isForDevelopment));

const otherDatabases: Readonly<Record<string, readonly string[]>> = {
  mysql: ['aiomysql', 'asyncmy', 'pymysql', 'mysqlclient', 'mysql-connector-python'],
  mongodb: ['motor', 'pymongo', 'beanie', 'odmantic', 'mongoengine'],
  sqlite: ['aiosqlite'],
  mssql: ['aioodbc', 'pyodbc', 'pymssql'],
  oracle: ['oracledb', 'cx-oracle'],
  neo4j: ['neo4j', 'neomodel'],
  clickhouse: ['clickhouse-connect', 'clickhouse-driver', 'asynch'],
};

/** Drivers of other databases, by the name of the database. */
export const otherDrivers = ({ dependencies }: Context): ReadonlyMap<string, readonly Evidence[]> => {
  const found = new Map<string, readonly Evidence[]>();
  for (const [database, packages] of Object.entries(otherDatabases)) {
    const evidence = dependencies
      .filter((dependency) => packages.includes(dependency.name) && !isForDevelopment(dependency))
      .map((dependency) => dependency.evidence);
    if (evidence.length > 0) found.set(database, evidence);
  }
  return found;
};
