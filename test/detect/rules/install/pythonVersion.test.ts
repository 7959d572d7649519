import assert from 'node:assert/strict';
import { pythonVersion, satisfies } from '../../../../src/detect/rules/install/pythonVersion.ts';
import { contextFrom } from '../../contextFrom.ts';

describe('a version of Python', () => {
  for (const [version, specifier] of [
    ['3.12', '>=3.11'],
    ['3.12', '>=3.11,<3.13'],
    ['3.12', '^3.11'],
    ['3.12', '~3.12'],
    ['3.12', '~=3.11'],
    ['3.12', '==3.12.*'],
    ['3.12', '3.*'],
    ['3.12', '3'],
    ['3.12', '<=3.12'],
    ['3.12', '<3.12.5'],
    ['3.12', '>3.12.1'],
    ['3.12', '!=3.12.1'],
    ['3.12', '==2.7 || >=3.10'],
    ['3.12', ''],
    ['3.12', 'nonsense'],
  ] as const) {
    it(`${version} satisfies ${JSON.stringify(specifier)}`, () => assert.ok(satisfies(version, specifier)));
  }
  for (const [version, specifier] of [
    ['3.12', '>=3.13'],
    ['3.12', '<3.12'],
    ['3.12', '<3.12.0'],
    ['3.12', '>3.12'],
    ['3.12', '!=3.12'],
    ['3.12', '==3.11.*'],
    ['3.12', '^4.0'],
    ['3.12', '~=3.12.1,<3.12'],
    ['x', '>=3'],
    ['', ''],
  ] as const) {
    it(`${version || 'nothing'} does not satisfy ${JSON.stringify(specifier)}`, () =>
      assert.ok(!satisfies(version, specifier)));
  }
});

describe('the version that the project runs on', () => {
  const look = (tree: Readonly<Record<string, string>>, root = '') => {
    const { version, notices } = pythonVersion(contextFrom(tree, root), '3.13', '2026-12-01');
    return [version.value, version.confidence, ...notices.map(({ id }) => id)];
  };
  const wants = (specifier: string) => ({ 'pyproject.toml': `[project]\nrequires-python = "${specifier}"\n` });

  it('is that of .python-version, in its folder or above', () => {
    assert.deepEqual(look({ '.python-version': '3.12.4\n' }), ['3.12', 'certain']);
    assert.deepEqual(look({ '.python-version': 'cpython@3.11\n', 'a/main.py': '' }, 'a'), ['3.11', 'certain']);
  });
  it('is that of the image, of uv too', () => {
    assert.deepEqual(look({ Dockerfile: 'ARG V=3.12\nFROM python:${V}-slim\n' }), ['3.12', 'certain']);
    assert.deepEqual(look({ Dockerfile: 'FROM ghcr.io/astral-sh/uv:python3.11-alpine\n' }), ['3.11', 'certain']);
  });
  it('is the oldest with security fixes of those that the manifest takes', () => {
    assert.deepEqual(look(wants('>=3.12')), ['3.12', 'likely']);
    assert.deepEqual(look(wants('>=3.10')), ['3.11', 'likely', 'python-raised']);
    assert.deepEqual(look({ Pipfile: '[requires]\npython_version = "3.12"\n' }), ['3.12', 'likely']);
    assert.deepEqual(look({ 'setup.py': 'setup(python_requires=">=3.12")\n' }), ['3.12', 'likely']);
    assert.deepEqual(look({ 'runtime.txt': 'python-3.12.1\n' }), ['3.12', 'likely']);
  });
  it('says what does not fit, what is at its end, and what there is no image for', () => {
    assert.deepEqual(look({ ...wants('>=3.13'), '.python-version': '3.12\n' }), ['3.13', 'likely', 'python-conflict']);
    assert.deepEqual(look({ '.python-version': '3.10\n' }), ['3.10', 'certain', 'python-eol']);
    assert.deepEqual(look({ '.python-version': '3.8\n' }), ['3.13', 'guess', 'python-unknown']);
  });
  it('is our default of nothing and of nonsense', () => {
    for (const tree of [{}, { 'pyproject.toml': '[' }, { '.python-version': 'pypy\n' }, { Dockerfile: 'FROM\n' }])
      assert.deepEqual(look(tree), ['3.13', 'guess']);
  });
});
