import assert from 'node:assert/strict';
import { databaseRows, queueRows, workerRows } from '../../src/answers/appValues.ts';
import type { QueueServer } from '../../src/detect/model.ts';
import { queueRow, queueText, rowText, workersText } from '../../src/detect/texts.ts';

describe('what was found, in the words of an answer', () => {
  it('is the variables of a database', () => {
    const said = rowText([
      { name: 'A', form: 'url', text: 'postgresql+asyncpg' },
      { name: 'B', form: 'host' },
      { name: 'C', form: 'literal', text: 'postgres' },
      { name: 'D', form: 'port', text: '' },
    ]);
    assert.equal(said, 'A=url:postgresql+asyncpg,B=host,C=literal:postgres,D=port');
    assert.deepEqual(
      databaseRows(said).map(({ name, text }) => [name, text]),
      [
        ['A', 'postgresql+asyncpg'],
        ['B', ''],
        ['C', 'postgres'],
        ['D', ''],
      ],
    );
    assert.equal(rowText([]), 'none');
  });
  it('is the variables of a queue, with the number where there is one', () => {
    assert.equal(queueRow({ name: 'A', form: 'url', database: 1 }), 'A=url/1');
    assert.equal(queueRow({ name: 'A', form: 'url' }), 'A=url');
    assert.equal(queueRow({ name: 'A', form: 'host', database: 1 }), 'A=host');
    const of = (server: QueueServer) =>
      queueText({ server, variables: [{ name: 'A', form: 'database', database: 2 }] });
    assert.deepEqual(
      ['redis', 'valkey', 'rabbitmq', 'other'].map((server) => of(server as QueueServer)),
      ['A=database/2', 'A=database/2', 'none', 'none'],
    );
    assert.equal(queueText(undefined), 'none');
    assert.deepEqual(
      queueRows(of('redis')).map(({ name, database }) => [name, database]),
      [['A', 2]],
    );
  });
  it('is the commands of workers', () => {
    const said = workersText([
      { library: 'arq', role: 'worker', command: ['arq', 'a.W'] },
      { library: 'celery', role: 'scheduler', command: ['celery', '-A', 'a', 'beat'] },
    ]);
    assert.equal(said, 'worker: arq a.W; scheduler: celery -A a beat');
    assert.deepEqual(
      workerRows(said).map(({ role }) => role),
      ['worker', 'scheduler'],
    );
    assert.equal(workersText([]), 'none');
  });
});
