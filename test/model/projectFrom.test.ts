import assert from 'node:assert/strict';
import { parseAnswers } from '../../src/answers/parse.ts';
import type { RawAnswers } from '../../src/answers/questions.ts';
import { Refusal } from '../../src/base/refusal.ts';
import type { Detection } from '../../src/detect/detection.ts';
import { projectFrom } from '../../src/model/projectFrom.ts';
import { detectionOf, installationOf, sure } from '../detect/detections.ts';
import { rawAnswers } from '../fixture.ts';

const project = (given: Partial<RawAnswers> = {}, detection: Partial<Detection> | undefined = {}) =>
  projectFrom(parseAnswers(rawAnswers({ app: 'existing', migrations: 'none', ...given })), detectionOf(detection));
const problems = (run: () => unknown): readonly string[] => {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error));
    return error.problems;
  }
  return [];
};

describe('the project', () => {
  it('is as it was found where no answer says another thing', () => {
    const found = project();
    assert.deepEqual(
      [found.manager, found.lock, found.root, found.pythonPaths, found.sources, found.isFactory],
      ['uv', 'uv.lock', '', [''], ['app'], false],
    );
    assert.deepEqual(
      found.databaseVariables.map(({ name }) => name),
      ['DATABASE_URL'],
    );
  });
  it('is as the answers say where they do', () => {
    const found = project({
      packageManager: 'pip',
      imageFiles: 'src,conf',
      requiredVariables: 'SMTP_HOST',
      appEntry: 'x:make()',
    });
    assert.deepEqual(
      [found.manager, found.lock, found.sources, found.required, found.isFactory],
      ['pip', '', ['src', 'conf'], ['SMTP_HOST'], true],
    );
  });
  it('asks for no variable that the deployment sets', () => {
    const required = ['DB_HOST', 'SECRET_KEY', 'DATABASE_URL', 'SMTP_HOST'].map((name) =>
      sure({ name, isSecret: false }),
    );
    assert.deepEqual(project({}, { required }).required, ['SMTP_HOST']);
  });
  it('is refused with every path and name that cannot be printed', () => {
    const hostile = {
      app: sure({ root: 'a b;rm', framework: 'fastapi' as const }),
      installation: installationOf({ folder: '"', groups: ['$(x)'] }),
      copies: [sure('../up'), sure('app')],
      signing: [sure('a-b')],
    };
    const said = problems(() => project({}, hostile));
    assert.deepEqual(
      said.map((problem) => problem.slice(0, problem.indexOf(':'))),
      [
        'the folder of the app',
        'the folder of the lock',
        'a group of dependencies',
        'a path that the image needs',
        'a variable',
      ],
    );
  });
  it('is refused where a variable would hold two things', () => {
    assert.match(problems(() => project({ secretKeyVariables: 'DB_HOST' })).join(), /^DB_HOST would hold two things/);
  });
  it('is refused where there is none, with every reason and where it is seen', () => {
    assert.match(
      problems(() => projectFrom(parseAnswers(rawAnswers({ app: 'existing' })), undefined)).join(),
      /no Python project/,
    );
    const evidence = [{ file: 'a.py', line: 2, says: 'x\u001b[31m' }];
    const said = problems(() =>
      project(
        { migrations: 'alembic' },
        { migrations: undefined, refusals: [{ id: 'no-entry', says: 'no entry', evidence }] },
      ),
    );
    assert.deepEqual(said, [
      'no entry\n      a.py:2  x\\u001b[31m',
      '--migrations alembic: there is no alembic.ini; without Alembic give --migrations none',
    ]);
  });
  it('is not refused for what an answer overrides', () => {
    const refusals = [{ id: 'no-postgres', says: 'none', evidence: [] }];
    assert.equal(problems(() => project({}, { refusals })).length, 1);
    assert.deepEqual(
      problems(() => project({ databaseVariables: 'X_URL=url' }, { refusals })),
      [],
    );
  });
});
