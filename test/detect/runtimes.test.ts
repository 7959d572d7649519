import assert from 'node:assert/strict';
import { detect } from '../../src/detect/runtimes.ts';
import { viewOf } from '../../src/detect/view.ts';
import { folderWith } from '../fixture.ts';

describe('the runtime of a project', () => {
  const of = (tree: Readonly<Record<string, string>>) => detect(viewOf(folderWith(tree)));
  it('is Python where that is seen', () => {
    const found = of({ 'requirements.txt': 'fastapi\n', 'main.py': 'from fastapi import FastAPI\napp = FastAPI()\n' });
    assert.deepEqual([found?.runtime, found?.entry?.value.entry], ['python', 'main:app']);
  });
  it('is none of anything else', () => {
    assert.equal(of({ 'go.mod': 'module x\n' }), undefined);
    assert.equal(of({}), undefined);
  });
});
