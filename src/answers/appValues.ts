import type { DatabaseForm, Manager, QueueForm, Worker } from '../detect/model.ts';
import { type Parse, refuse, type Safe, yamlWords } from './values.ts';

/** What stands for "as it is found in the project": the default of each question about an app that exists. */
export const detected = 'detect';
export type Detected = typeof detected;

/** `detect`, or a value. */
export const detectable =
  <Value>(parse: Parse<Value>): Parse<Value | Detected> =>
  (raw) =>
    raw === detected ? detected : parse(raw);

export type ProjectPath = Safe<'path in the project'>;
// No part is an option, or leads upwards.
const pathPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]*(?:\/\.?[A-Za-z0-9_][A-Za-z0-9_.-]*)*$/;

/** A file or folder of the project, by a plain relative path; `.` for the root itself, which becomes ''. */
export const projectPath: Parse<ProjectPath | ''> = (raw) => {
  const text = raw.replace(/^\.\//, '').replace(/\/$/, '');
  if (text === '.' || text === '') return '';
  if (!pathPattern.test(text) || text.length > 200) {
    refuse(raw, 'is not a plain relative path in the project', 'backend/app');
  }
  return text as ProjectPath;
};

const listOf =
  <Value>(
    parse: Parse<Value>,
    most: number,
    example: string,
    nameOf: (value: Value) => string = String,
  ): Parse<readonly Value[]> =>
  (raw) => {
    if (raw === 'none') return [];
    const values = raw
      .split(/[\s,]+/)
      .filter(Boolean)
      .map((item) => parse(item));
    if (values.length > most || new Set(values.map(nameOf)).size !== values.length) {
      refuse(raw, `has more than ${most} entries, or one of them twice`, example);
    }
    return values;
  };

/** Files and folders, at least one; never the project as a whole, in which secrets are. */
export const pathsOfProject: Parse<readonly ProjectPath[]> = (raw) => {
  const example = 'app,migrations,alembic.ini';
  const paths = listOf(projectPath, 50, example)(raw);
  const named = paths.filter((path): path is ProjectPath => path !== '');
  if (named.length === 0 || named.length !== paths.length) {
    refuse(raw, 'names nothing, or the whole project', example);
  }
  return named;
};

export type VariableName = Safe<'variable'>;

const variableOf =
  (example: string): Parse<VariableName> =>
  (raw) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(raw) || raw.length > 100) {
      refuse(raw, 'is not the name of an environment variable', example);
    }
    if (
      yamlWords.has(raw.toLowerCase()) ||
      /^(?:PATH|HOME|PYTHON[A-Z]*|LD_[A-Z_]*|ENVIRONMENT|PUBLIC_ORIGIN|API_DOCS)$/.test(raw)
    ) {
      refuse(raw, 'has a meaning of its own', example);
    }
    return raw as VariableName;
  };

/** The name of an environment variable; letters of both cases, as some apps have them. */
export const variableName = variableOf('DATABASE_URL');

/** Names separated by commas or spaces; `none` for none. */
export const variableNames: Parse<readonly VariableName[]> = listOf(variableName, 60, 'SMTP_HOST,SMTP_USER');

export type DatabaseRow = {
  readonly name: VariableName;
  readonly form: DatabaseForm;
  readonly text: Safe<'word'> | '';
};
const databaseForms: readonly DatabaseForm[] = [
  'url',
  'host',
  'port',
  'name',
  'user',
  'password',
  'credentials',
  'literal',
];

const word = (raw: string, text: string, example: string): Safe<'word'> => {
  if (!/^[A-Za-z0-9][A-Za-z0-9_.+-]*$/.test(text) || text.length > 60)
    refuse(raw, 'has a word that is not plain', example);
  return text as Safe<'word'>;
};

const databaseRow: Parse<DatabaseRow> = (raw) => {
  const example = 'DATABASE_URL=url:postgresql+asyncpg or DB_HOST=host';
  const [, name = '', form = '', text = ''] = /^([^=]+)=([a-z]+)(?::(.*))?$/.exec(raw) ?? [];
  const known = databaseForms.find((candidate) => candidate === form);
  if (known === undefined) return refuse(raw, `is not NAME=form, with one of ${databaseForms.join(', ')}`, example);
  if (text !== '' && known !== 'url' && known !== 'literal')
    refuse(raw, 'has a word that this form does not take', example);
  if (known === 'url' && text !== '' && !/^[a-z][a-z0-9]*(?:\+[a-z0-9]+)?$/.test(text))
    refuse(raw, 'has no scheme of a URL', example);
  if (known === 'literal' && text === '') refuse(raw, 'lacks the word', 'DB_ENGINE=literal:postgres');
  return { name: variableOf(example)(name), form: known, text: text === '' ? '' : word(raw, text, example) };
};

/** `DATABASE_URL=url:postgresql+asyncpg,DB_HOST=host`: what each variable of the app holds. */
export const databaseRows: Parse<readonly DatabaseRow[]> = listOf(
  databaseRow,
  40,
  'DATABASE_URL=url:postgresql+asyncpg',
  ({ name }) => name,
);

export type QueueRow = { readonly name: VariableName; readonly form: QueueForm; readonly database: number | undefined };
const queueForms: readonly QueueForm[] = ['url', 'host', 'port', 'database', 'user', 'password'];

const queueRow: Parse<QueueRow> = (raw) => {
  const example = 'REDIS_URL=url/0 or REDIS_HOST=host';
  const [, name = '', form = '', database] = /^([^=]+)=([a-z]+)(?:\/([0-9]|1[0-5]))?$/.exec(raw) ?? [];
  const known = queueForms.find((candidate) => candidate === form);
  if (known === undefined) return refuse(raw, `is not NAME=form, with one of ${queueForms.join(', ')}`, example);
  if (database !== undefined && known !== 'url' && known !== 'database')
    refuse(raw, 'has a number that this form does not take', example);
  return {
    name: variableOf(example)(name),
    form: known,
    database: database === undefined ? undefined : Number(database),
  };
};

/** `REDIS_URL=url/0,REDIS_HOST=host`: what each variable of the app holds of the queue's server; `none`: the app uses none. */
export const queueRows: Parse<readonly QueueRow[]> = listOf(queueRow, 20, 'REDIS_URL=url/0', ({ name }) => name);

export type WorkerRow = { readonly role: Worker['role']; readonly command: readonly Safe<'word'>[] };

const workerRow: Parse<WorkerRow> = (raw) => {
  const example = 'worker: celery -A app.tasks worker';
  const [, role = '', line = ''] = /^\s*(worker|scheduler)\s*:\s*(.+?)\s*$/.exec(raw) ?? [];
  const words = line.split(/\s+/).filter(Boolean);
  if (role === '' || words.length === 0 || words.length > 40)
    return refuse(raw, 'is not worker: COMMAND or scheduler: COMMAND', example);
  for (const part of words) {
    if (!/^[A-Za-z0-9_./:=@,%+-]+$/.test(part) || part.length > 200)
      refuse(part, 'is not a plain word of a command', example);
  }
  return { role: role as Worker['role'], command: words as unknown as readonly Safe<'word'>[] };
};

/** `worker: celery -A app.tasks worker; scheduler: celery -A app.tasks beat`; `none` for none, at most 6. */
export const workerRows: Parse<readonly WorkerRow[]> = (raw) => {
  if (raw === 'none') return [];
  const rows = raw
    .split(';')
    .filter((row) => row.trim() !== '')
    .map(workerRow);
  if (rows.length > 6) refuse(raw, 'has more than 6 commands', 'worker: celery -A app.tasks worker');
  return rows;
};

/** A folder with a package.json, `none` for none, which becomes undefined; `.` is the root, ''. */
export const frontendFolder: Parse<ProjectPath | '' | undefined> = (raw) =>
  raw === 'none' ? undefined : projectPath(raw);

export const managers = ['uv', 'poetry', 'pdm', 'pipenv', 'hatch', 'pip'] as const satisfies readonly Manager[];

/** A name of a package, a group or an extra (PEP 503), or of a script in package.json. */
export const plainName = (raw: string): Safe<'name'> => {
  if (!/^[A-Za-z0-9][A-Za-z0-9_.:-]*$/.test(raw) || raw.length > 100) refuse(raw, 'is not a plain name', 'my-app');
  return raw as Safe<'name'>;
};

/** A version such as 9.12.0. */
export const versionNumber = (raw: string): Safe<'version'> => {
  if (!/^[0-9]{1,4}(?:\.[0-9]{1,5}){0,3}$/.test(raw)) refuse(raw, 'is not a version', '9.12.0');
  return raw as Safe<'version'>;
};
