import assert from 'node:assert/strict';
import { parseAnswers } from '../../src/answers/parse.ts';
import { buildApp } from '../../src/model/app.ts';
import { greenfield, type Project } from '../../src/model/project.ts';
import { rawAnswers } from '../fixture.ts';

const app = (given: Parameters<typeof rawAnswers>[0] = {}, project: Partial<Record<keyof Project, unknown>> = {}) =>
  buildApp(parseAnswers(rawAnswers(given)), { ...greenfield, ...project } as Project);

describe('the app', () => {
  it('is new, alone, and asked for its health', () => {
    const { isNew, exists, services, serviceWords, workerWords, hasWorkers, hasQueue, hasHealth, probePath } = app({
      healthPath: '/healthz',
    });
    assert.deepEqual(
      [isNew, exists, services, serviceWords, workerWords, hasWorkers, hasQueue, hasHealth, probePath],
      [true, false, ['app'], 'app', '', false, false, true, '/healthz'],
    );
  });
  it('is asked for its first page where it has no path for its health', () => {
    const { hasHealth, probePath } = app({ app: 'existing', migrations: 'none', healthPath: 'none' });
    assert.deepEqual([hasHealth, probePath], [false, '/']);
  });
  it('has an entry without the call of a factory', () => {
    const { entry, isFactory } = app({ app: 'existing', appEntry: 'a.b:make()' }, { isFactory: true });
    assert.deepEqual([entry, isFactory], ['a.b:make', true]);
  });
  it('runs in more services with its workers', () => {
    const { services, serviceWords, workerWords, hasWorkers, hasQueue } = app(
      {},
      {
        queueVariables: [{ name: 'REDIS_URL', form: 'url' }],
        workers: [
          { role: 'worker', command: ['arq', 'a.W'] },
          { role: 'scheduler', command: ['celery', '-A', 'a', 'beat'] },
        ],
      },
    );
    assert.deepEqual(
      [services, serviceWords, workerWords, hasWorkers, hasQueue],
      [['app', 'worker', 'scheduler'], 'app worker scheduler', 'worker scheduler', true, true],
    );
  });
  it('names what must be in its environment', () => {
    assert.deepEqual([app().hasRequired, app({}, { required: ['A'] }).hasRequired], [false, true]);
  });
});
