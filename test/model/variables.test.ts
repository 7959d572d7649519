import assert from 'node:assert/strict';
import { parseAnswers } from '../../src/answers/parse.ts';
import { greenfield, type Project } from '../../src/model/project.ts';
import { buildVariables } from '../../src/model/variables.ts';
import { rawAnswers } from '../fixture.ts';

const database = { name: 'shop', user: 'web', owner: 'web_owner' };
const build = (project: Partial<Record<keyof Project, unknown>> = {}) =>
  buildVariables(
    parseAnswers(rawAnswers({ app: 'existing', databaseScheme: 'postgresql+asyncpg' })),
    { ...greenfield, ...project } as Project,
    database,
  );
const valuesOf = (variables: ReturnType<typeof build>['app']) =>
  Object.fromEntries(variables.map(({ name, value }) => [name, value]));
const password = '${DB_PASSWORD:?is in .env.production}';

describe('the variables of an app that exists', () => {
  it('are ours where it was seen to read none', () =>
    assert.deepEqual(valuesOf(build().app), {
      DB_HOST: 'db',
      DB_PORT: '5432',
      DB_NAME: 'shop',
      DB_USER: 'web',
      DB_PASSWORD: password,
      DATABASE_URL: `postgresql+asyncpg://web:${password}@db:5432/shop`,
      SECRET_KEY: '${SECRET_KEY:?is in .env.production}',
    }));
  it('are its own in their forms, and ours that it does not have', () => {
    const values = valuesOf(
      build({
        databaseVariables: [
          { name: 'PG_URL', form: 'url', text: 'postgresql+psycopg' },
          { name: 'OTHER_URL', form: 'url', text: '' },
          { name: 'PG_HOST', form: 'host', text: '' },
          { name: 'PG_LOGIN', form: 'credentials', text: '' },
          { name: 'DB_USER', form: 'literal', text: 'postgres' },
        ],
      }).app,
    );
    assert.equal(values.PG_URL, `postgresql+psycopg://web:${password}@db:5432/shop`);
    assert.equal(values.OTHER_URL, `postgresql+asyncpg://web:${password}@db:5432/shop`);
    assert.equal(values.PG_HOST, 'db');
    assert.equal(values.PG_LOGIN, `web:${password}`);
    assert.equal(values.DB_USER, 'postgres');
    assert.equal(values.DATABASE_URL, undefined);
    assert.equal(values.DB_HOST, 'db');
  });
  it('of the queue have its number where the app does not add it', () => {
    const values = valuesOf(
      build({
        queueVariables: [
          { name: 'A', form: 'url' },
          { name: 'B', form: 'url', database: 1 },
          { name: 'C', form: 'host' },
          { name: 'D', form: 'port' },
          { name: 'E', form: 'database' },
          { name: 'F', form: 'database', database: 2 },
          { name: 'G', form: 'password' },
          { name: 'H', form: 'user' },
        ],
      }).app,
    );
    const { A, B, C, D, E, F, G, H } = values;
    assert.deepEqual(
      [A, B, C, D, E, F, G, H],
      ['redis://queue:6379', 'redis://queue:6379/1', 'queue', '6379', '0', '2', '', ''],
    );
  });
  it('that are secret are told apart from those that are plain', () => {
    const secret = (project: Parameters<typeof build>[0]) =>
      build(project)
        .app.filter(({ isSecret, isPlain }) => isSecret && !isPlain)
        .map(({ name }) => name);
    assert.deepEqual(secret({}), ['DB_PASSWORD', 'DATABASE_URL', 'SECRET_KEY']);
    assert.deepEqual(
      secret({ databaseVariables: [{ name: 'L', form: 'credentials', text: '' }], signing: ['JWT_KEY', 'SECRET_KEY'] }),
      ['DB_PASSWORD', 'DATABASE_URL', 'L', 'SECRET_KEY', 'JWT_KEY'],
    );
  });
  it('of the owner of the schema are with its login; those of development hold no secret', () => {
    const { owner, localApp, localOwner } = build();
    assert.equal(valuesOf(owner).DB_USER, 'web_owner');
    assert.equal(valuesOf(owner).DB_PASSWORD, '${DB_OWNER_PASSWORD:?is in .env.production}');
    assert.equal(valuesOf(localApp).DB_PASSWORD, 'app_password');
    assert.equal(valuesOf(localOwner).DB_PASSWORD, 'owner_password');
    assert.match(valuesOf(localApp).SECRET_KEY ?? '', /not-a-secret/);
  });
});
