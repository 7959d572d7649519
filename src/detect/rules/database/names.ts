import type { DatabaseForm } from '../../model.ts';
import type { Setting } from '../settings/setting.ts';

/** What a name says of a variable: its form, and what stands before it, by which parts of one database are told together. */
export type Named = { readonly head: string; readonly form: DatabaseForm };

const notPostgres =
  /MYSQL|MARIADB|MONGO|REDIS|SQLITE|CLICKHOUSE|NEO4J|ORACLE|MSSQL|QDRANT|ELASTIC|SNOWFLAKE|INFLUX|CASSANDRA|VECTOR|CELERY|RABBIT|CACHE|(?:^|_)TESTS?(?:ING)?(?:_|$)/;

const urlName =
  /(?:^|_)(?:DATABASE|DB|POSTGRES(?:QL)?|PG|PSQL|SQLALCHEMY|SQLMODEL|TIMESCALE|ALEMBIC|SQL)(?:_\w+?)?_{1,2}(?:URL|URI|DSN|CONNECTION|CONNECTION_STRING|CONN|CONN_STR|CONN_STRING)(?:_A?SYNC)?$|^(?:\w+_)?(?:DB|DATABASE)URL$/;
const headName = /(?:^|_)(?:DB|DATABASE|POSTGRES(?:QL)?|PG|PSQL|PGSQL|SQL|RDS|TIMESCALE(?:DB)?)_{1,2}$/;

const suffixes: readonly (readonly [RegExp, DatabaseForm])[] = [
  [/(?:HOST|SERVER|HOSTNAME|HOST_NAME|ADDRESS|ADDR)$/, 'host'],
  [/PORT$/, 'port'],
  [/(?:USER|USERNAME|USER_NAME|USR|LOGIN)$/, 'user'],
  [/(?:PASSWORD|PASS|PASSWD|PWD|USER_PASSWORD)$/, 'password'],
  [/(?:DB_NAME|DATABASE_NAME)$/, 'name'],
  [/(?:DBNAME|DATABASE|NAME|DB)$/, 'name'],
  [/(?:CREDENTIALS?|CREDS)$/, 'credentials'],
  [/(?:ENGINE|TYPE|BACKEND|DIALECT|DRIVER|PROVIDER|KIND|VENDOR|SCHEME|PROTOCOL)$/, 'literal'],
];
const libpq: Readonly<Record<string, DatabaseForm>> = {
  PGHOST: 'host',
  PGPORT: 'port',
  PGUSER: 'user',
  PGPASSWORD: 'password',
  PGDATABASE: 'name',
};

/** Whether a variable may have to do with PostgreSQL at all: not one of another database, not one of tests. */
export const mayBePostgres = (name: string): boolean => !notPostgres.test(name.toUpperCase());

export const formByName = (name: string): Named | undefined => {
  const upper = name.toUpperCase();
  if (!mayBePostgres(upper)) return undefined;
  const own = libpq[upper];
  if (own !== undefined) return { head: 'PG', form: own };
  for (const [suffix, form] of suffixes) {
    const head = upper.replace(suffix, '');
    // POSTGRES_DB_HOST and POSTGRES_DB_NAME are of one database.
    const outer = head.replace(/(?:DB|DATABASE)_{1,2}$/, '');
    if (head !== upper && headName.test(head)) return { head: headName.test(outer) ? outer : head, form };
  }
  return urlName.test(upper) ? { head: '', form: 'url' } : undefined;
};

/** The form of a setting, by its name, its type or its default. */
export const formOf = (setting: Setting): Named | undefined => {
  const named = formByName(setting.name);
  if (named !== undefined && named.form !== 'url') return named;
  if (/^(?:mysql|mariadb|mongodb|redis)\b/.test(setting.default ?? '')) return undefined;
  const isUrl =
    /PostgresDsn/.test(setting.type ?? '') || /^postgres(?:ql)?(?:\+\w+)?:\/\/./.test(setting.default ?? '');
  return named ?? (isUrl && mayBePostgres(setting.name) ? { head: '', form: 'url' } : undefined);
};
