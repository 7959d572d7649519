import type { Deployment } from './deployment.ts';
import type { Outcome } from './run.ts';

/** SQL over TCP, where the server asks for a password; the password goes through stdin. */
export const logIn = (
  stack: Deployment,
  role: string,
  password: string,
  database: string,
  sql: string,
): Promise<Outcome> => {
  const shell =
    'IFS= read -r PGPASSWORD; export PGPASSWORD; exec psql -XqAtw -v ON_ERROR_STOP=1 -h db -U "$1" -d "$2" -c "$3"';
  return stack.inside('db', ['sh', '-c', shell, '-', role, database, sql], `${password}\n`);
};

/** SQL as the superuser, over the local socket. */
export const superuser = async (stack: Deployment, sql: string, database = 'postgres'): Promise<string> => {
  const { code, stdout, stderr } = await stack.inside('db', [
    'psql',
    '-XqAt',
    '-U',
    'postgres',
    '-d',
    database,
    '-c',
    sql,
  ]);
  if (code !== 0) throw new Error(stderr);
  return stdout;
};
