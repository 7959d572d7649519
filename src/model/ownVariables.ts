import type { Project } from './project.ts';

// Of ours: what they hold is the deployment's to say.
const databaseNames: readonly string[] = ['DB_HOST', 'DB_PORT', 'DB_NAME', 'DB_USER', 'DB_PASSWORD', 'DATABASE_URL'];

/** What the compose files set need not be in .env.app. */
export const withoutSet = (project: Project): Project => {
  const set = new Set<string>([
    ...databaseNames,
    'SECRET_KEY',
    ...[...project.databaseVariables, ...project.queueVariables].map(({ name }) => name),
    ...project.signing,
  ]);
  return { ...project, required: project.required.filter((name) => !set.has(name)) };
};

/** One line for each variable that would be set twice: a file with a key twice is no YAML. */
export const setTwice = ({ databaseVariables, queueVariables, signing }: Project): readonly string[] => {
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
