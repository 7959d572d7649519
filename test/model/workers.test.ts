import assert from 'node:assert/strict';
import { greenfield, type Project } from '../../src/model/project.ts';
import { buildWorkers } from '../../src/model/workers.ts';

const build = (queue: boolean, ...rows: readonly (readonly [string, string])[]) =>
  buildWorkers({
    ...greenfield,
    queueVariables: (queue ? [{ name: 'REDIS_URL', form: 'url' }] : []) as unknown as Project['queueVariables'],
    workers: rows.map(([role, command]) => ({ role, command: command.split(' ') })) as unknown as Project['workers'],
  });

describe('the services that run workers', () => {
  it('are none without workers', () => assert.deepEqual(build(true), []));
  it('have a number from the second of a role on', () => {
    const services = build(true, ['worker', 'arq a.W'], ['scheduler', 'celery -A a beat'], ['worker', 'saq b.s']);
    assert.deepEqual(
      services.map(({ service }) => service),
      ['worker', 'scheduler', 'worker-2'],
    );
  });
  it('run as many processes as they may, unless the command says how many', () => {
    const command = (text: string) => JSON.parse(build(true, ['worker', text])[0]?.command ?? '').join(' ');
    assert.equal(command('celery -A a worker'), 'celery -A a worker --concurrency 2');
    for (const own of ['--concurrency=4', '-c 4', '--autoscale 1,2', '-P solo', '--pool=solo'])
      assert.equal(command(`celery -A a worker ${own}`), `celery -A a worker ${own}`);
    assert.equal(command('celery -A a beat'), 'celery -A a beat');
    assert.equal(command('dramatiq a'), 'dramatiq a --processes 2');
    assert.equal(command('dramatiq a -p 1'), 'dramatiq a -p 1');
    assert.equal(command('arq a.W'), 'arq a.W');
  });
  it('are asked over the queue; without one there is nothing to ask', () => {
    const [celery, arq] = build(true, ['worker', 'celery -A a worker'], ['worker', 'arq a.W']);
    assert.match(celery?.health ?? '', /celery -A a inspect ping .*celery@\$\$HOSTNAME/);
    assert.match(arq?.health ?? '', /'queue', 6379/);
    assert.match(build(true, ['worker', 'celery worker -A'])[0]?.health ?? '', /'queue', 6379/);
    const [alone] = build(false, ['worker', 'arq a.W']);
    assert.deepEqual([alone?.health, alone?.hasHealth], ['', false]);
  });
});
