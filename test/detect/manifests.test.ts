import assert from 'node:assert/strict';
import { isManifest } from '../../src/detect/manifests.ts';

describe('a manifest of Python', () => {
  for (const name of [
    'pyproject.toml',
    'setup.py',
    'setup.cfg',
    'Pipfile',
    'manage.py',
    'requirements.txt',
    'dev-requirements.in',
  ])
    it(name, () => assert.ok(isManifest(name)));
  for (const name of [
    '',
    'package.json',
    'Pipfile.lock',
    'requirements.md',
    'xpyproject.toml',
    'a/requirements.txt',
    'pyproject.toml\n',
  ])
    it(`is not ${JSON.stringify(name)}`, () => assert.ok(!isManifest(name)));
});
