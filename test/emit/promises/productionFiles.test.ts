import assert from 'node:assert/strict';
import { productionFiles } from '../../../src/emit/promises/productionFiles.ts';
import { setOf } from '../../../src/emit/promises/renderedSet.ts';
import { rendered } from './broken.ts';

describe('the compose files of production', () => {
  const names = (given: Parameters<typeof rendered>[0]) =>
    productionFiles(setOf(rendered(given).files)).map(({ file }) => file);
  it('are one, and with monitoring two', () => {
    assert.deepEqual(names({}), ['docker-compose.prod.yml']);
    assert.deepEqual(names({ monitoring: 'on' }), ['docker-compose.prod.yml', 'docker-compose.monitoring.yml']);
  });
  it('are the first even where it is empty, so that its lack is noticed', () => {
    assert.deepEqual(
      productionFiles(setOf([])).map(({ file, services }) => [file, services.size]),
      [['docker-compose.prod.yml', 0]],
    );
  });
});
