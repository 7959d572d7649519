import assert from 'node:assert/strict';
import { fitApp } from '../detect/fitApp.ts';
import { folderWith, stackOf } from '../fixture.ts';

const folder = folderWith(fitApp);

const commandOf = (command: string): string => {
  const { app } = stackOf(
    { app: 'existing', appEntry: 'shop.main:create_app()', workers: `worker: ${command}` },
    folder,
  );
  return (JSON.parse(app.workers[0]?.command ?? '[]') as string[]).join(' ');
};

describe('the processes of a worker', () => {
  for (const [given, started] of [
    ['celery -A shop worker', 'celery -A shop worker --concurrency 2'],
    ['dramatiq shop.tasks', 'dramatiq shop.tasks --processes 2'],
  ] as const) {
    it(`are two where ${given} does not say, not one for each CPU of the host`, () => {
      assert.equal(commandOf(given), started);
    });
  }

  for (const said of [
    'celery -A shop worker -c 8',
    'celery -A shop worker --concurrency=8',
    'celery -A shop worker --autoscale=8,2',
    'celery -A shop worker -P solo',
    'dramatiq shop.tasks -p 1',
    'celery -A shop beat',
    'arq shop.Worker',
  ]) {
    it(`stay as said in ${said}`, () => assert.equal(commandOf(said), said));
  }
});
