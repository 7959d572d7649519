import assert from 'node:assert/strict';
import { installation } from '../../../../src/detect/rules/install/manager.ts';
import { contextFrom } from '../../contextFrom.ts';

const look = (tree: Readonly<Record<string, string>>, root = '') => {
  const { installation: found, notices } = installation(contextFrom(tree, root));
  return { ...found.value, confidence: found.confidence, ids: notices.map(({ id }) => id) };
};
const manifest = '[project]\nname = "shop"\ndependencies = ["fastapi"]\n';

describe('how the dependencies are installed', () => {
  for (const [lock, manager] of [
    ['uv.lock', 'uv'],
    ['poetry.lock', 'poetry'],
    ['pdm.lock', 'pdm'],
    ['Pipfile.lock', 'pipenv'],
  ] as const) {
    it(`is by ${manager} where there is ${lock}`, () => {
      const found = look({ 'pyproject.toml': manifest, [lock]: '' });
      assert.deepEqual(
        [found.manager, found.lock, found.isRepeatable, found.confidence],
        [manager, lock, true, 'certain'],
      );
      assert.deepEqual(found.ids, []);
    });
  }
  it('is by the lock whose manager the image calls, of several', () => {
    const locks = { 'pyproject.toml': manifest, 'uv.lock': '', 'poetry.lock': '' };
    assert.deepEqual([look(locks).manager, look(locks).ids], ['uv', ['several-locks']]);
    assert.equal(look({ ...locks, Dockerfile: 'FROM python\nRUN poetry install\n' }).manager, 'poetry');
    assert.equal(look({ ...locks, 'pyproject.toml': `${manifest}[tool.poetry]\n` }).manager, 'poetry');
  });
  it('is by the lock of the workspace around a member', () => {
    const tree = {
      'pyproject.toml': '[tool.uv.workspace]\nmembers = ["apps/*"]\n',
      'uv.lock': '',
      'apps/shop/pyproject.toml': manifest,
    };
    const found = look(tree, 'apps/shop');
    assert.deepEqual([found.manager, found.lock, found.folder], ['uv', 'uv.lock', '']);
    assert.deepEqual(found.workspace, { package: 'shop', members: ['apps/shop'] });
    const { 'uv.lock': _, ...unlocked } = tree;
    assert.deepEqual(look(unlocked, 'apps/shop').ids, ['no-lock']);
  });
  it('has the members of a workspace whose root is the app', () => {
    const found = look({
      'pyproject.toml': `${manifest}[tool.uv.workspace]\nmembers = ["libs/*"]\n`,
      'uv.lock': '',
      'libs/a/pyproject.toml': '',
    });
    assert.deepEqual(found.workspace, { package: 'shop', members: ['libs/a'] });
  });
  it('is by requirements.txt without a lock, and says where it has no hashes', () => {
    const plain = look({ 'requirements.txt': '-r base.txt\nfastapi\n', 'base.txt': 'uvicorn\n' });
    assert.deepEqual(
      [plain.manager, plain.lock, plain.files, plain.isRepeatable, plain.ids],
      ['pip', 'requirements.txt', ['requirements.txt', 'base.txt'], false, ['no-lock']],
    );
    const hashed = look({ 'requirements.txt': 'fastapi==1 --hash=sha256:aa\n' });
    assert.deepEqual([hashed.isRepeatable, hashed.ids], [true, []]);
  });
  it('is by the tool that pyproject.toml configures, else by pip', () => {
    assert.equal(look({ 'pyproject.toml': `${manifest}[tool.pdm]\n` }).manager, 'pdm');
    assert.deepEqual([look({ 'pyproject.toml': manifest }).manager, look({}).manager], ['pip', 'pip']);
    assert.equal(look({ 'pyproject.toml': '[' }).confidence, 'guess');
  });
  it('has the groups and extras that hold a server or that the image installs, and no word that is none', () => {
    const found = look({
      'pyproject.toml': `${manifest}[project.optional-dependencies]\nserver = ["uvicorn"]\n[dependency-groups]\nprod = ["gunicorn"]\ndev = ["uvicorn"]\n`,
      'uv.lock': '',
      Dockerfile: 'FROM python\nRUN uv sync --extra pgsql --extra=mail --extra "$X;rm"\n',
    });
    assert.deepEqual([found.groups, found.extras], [['prod'], ['server', 'pgsql', 'mail']]);
  });
});
