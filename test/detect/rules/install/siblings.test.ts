import assert from 'node:assert/strict';
import { installation } from '../../../../src/detect/rules/install/manager.ts';
import { siblingsOf } from '../../../../src/detect/rules/install/siblings.ts';
import { contextFrom } from '../../contextFrom.ts';

const member = (name: string, ...dependencies: readonly string[]) =>
  `[project]\nname = "${name}"\ndependencies = ${JSON.stringify(dependencies)}\n`;
const look = (tree: Readonly<Record<string, string>>, root: string) => {
  const context = contextFrom(tree, root);
  return siblingsOf(context.view, root, installation(context).installation.value).map(({ pathRoot, copies }) => [
    pathRoot.value,
    copies.map(({ value }) => value),
  ]);
};
const root = { 'pyproject.toml': '[tool.uv.workspace]\nmembers = ["*"]\n', 'uv.lock': '' };

describe('the members of a workspace that an app needs', () => {
  it('are those that it depends on, through others too', () => {
    const tree = {
      ...root,
      'shop/pyproject.toml': member('shop', 'fastapi', 'My_Core'),
      'core/pyproject.toml': member('my-core', 'models'),
      'core/src/core/__init__.py': '',
      'models/pyproject.toml': member('models', 'my-core'),
      'models/models/__init__.py': '',
      'models/tests/test_a.py': '',
      'unused/pyproject.toml': member('unused'),
    };
    assert.deepEqual(look(tree, 'shop'), [
      ['core/src', ['core/src/core']],
      ['models', ['models/models']],
    ]);
  });
  it('are none without a workspace, and none of broken members', () => {
    assert.deepEqual(look({ 'pyproject.toml': member('shop', 'core'), 'uv.lock': '' }, ''), []);
    assert.deepEqual(
      look({ ...root, 'shop/pyproject.toml': member('shop', 'core'), 'core/pyproject.toml': '[' }, 'shop'),
      [],
    );
  });
});
