import assert from 'node:assert/strict';
import { setTwice, withoutSet } from '../../src/model/ownVariables.ts';
import { greenfield, type Project } from '../../src/model/project.ts';

type Names = { readonly [key in 'databaseVariables' | 'queueVariables' | 'signing' | 'required']?: readonly string[] };
const project = ({ databaseVariables = [], queueVariables = [], signing = [], required = [] }: Names): Project =>
  ({
    ...greenfield,
    databaseVariables: databaseVariables.map((name) => ({ name, form: 'url', text: '' })),
    queueVariables: queueVariables.map((name) => ({ name, form: 'url' })),
    signing,
    required,
  }) as unknown as Project;

describe('the variables that the deployment sets', () => {
  it('need not be set by the user', () => {
    const { required } = withoutSet(
      project({
        databaseVariables: ['PG_URL'],
        queueVariables: ['REDIS_URL'],
        signing: ['JWT_KEY'],
        required: ['PG_URL', 'DB_HOST', 'REDIS_URL', 'JWT_KEY', 'SECRET_KEY', 'DATABASE_URL', 'SMTP_HOST'],
      }),
    );
    assert.deepEqual(required, ['SMTP_HOST']);
  });
  it('each hold one thing', () => {
    assert.deepEqual(setTwice(project({})), []);
    assert.deepEqual(
      setTwice(
        project({
          databaseVariables: ['DB_HOST', 'DB_HOST'],
          queueVariables: ['R'],
          signing: ['SECRET_KEY', 'K', 'K'],
        }),
      ),
      [],
    );
  });
  for (const [title, names, name] of [
    ['the database and the queue', { databaseVariables: ['X'], queueVariables: ['X'] }, 'X'],
    ['the database and a key', { databaseVariables: ['X'], signing: ['X'] }, 'X'],
    ['the queue and a key', { queueVariables: ['X'], signing: ['X'] }, 'X'],
    ['a name of ours and the queue', { queueVariables: ['DB_HOST'] }, 'DB_HOST'],
    ['our key and the queue', { queueVariables: ['SECRET_KEY'] }, 'SECRET_KEY'],
    ['our key and the database', { databaseVariables: ['SECRET_KEY'] }, 'SECRET_KEY'],
    ['the queue twice', { queueVariables: ['X', 'X'] }, 'X'],
  ] as const) {
    it(`is not of ${title}`, () => {
      const [said = '', ...more] = setTwice(project(names));
      assert.ok(said.startsWith(`${name} would hold two things: `), said);
      assert.deepEqual(more, []);
    });
  }
});
