import type { Answers } from '../answers/questions.ts';
import type { Project } from './project.ts';

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
