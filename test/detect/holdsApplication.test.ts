import assert from 'node:assert/strict';
import { join } from 'node:path';
import { holdsApplication } from '../../src/detect/holdsApplication.ts';
import { folderWith, scratch } from '../fixture.ts';

describe('whether a Python application lives in a folder', () => {
  for (const [path, expected] of [
    ['pyproject.toml', true],
    ['main.py', true],
    ['backend/requirements.txt', true],
    ['apps/shop/pyproject.toml', true],
    ['a/b/c/pyproject.toml', false],
    ['backend/main.py', false],
    ['README.md', false],
    ['node_modules/x/pyproject.toml', false],
    ['docs/requirements.txt', false],
    ['.venv/pyproject.toml', false],
  ] as const) {
    it(`${path}: ${expected ? 'yes' : 'no'}`, () =>
      assert.equal(holdsApplication(folderWith({ [path]: '' })), expected));
  }
  it('not where there is nothing, or no folder', () => {
    assert.equal(holdsApplication(scratch()), false);
    assert.equal(holdsApplication(join(scratch(), 'gone')), false);
    assert.equal(holdsApplication(join(folderWith({ file: '' }), 'file')), false);
  });
});
