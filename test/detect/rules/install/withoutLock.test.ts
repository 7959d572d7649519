import assert from 'node:assert/strict';
import { withoutLock } from '../../../../src/detect/rules/install/withoutLock.ts';
import { contextFrom } from '../../contextFrom.ts';

const look = (tree: Readonly<Record<string, string>>, root = '') => {
  const { value, confidence, evidence } = withoutLock(contextFrom(tree, root));
  const { manager, lock, files, isRepeatable, folder } = value;
  const seen = evidence.map(({ file, line }) => `${file}:${line}`);
  return { manager, lock, files, isRepeatable, folder, confidence, seen };
};

describe('how an app without a lock is installed', () => {
  it('is by its requirements, with all that they include', () =>
    assert.deepEqual(
      look(
        {
          'api/requirements.txt': '-r base.txt\nfastapi\n',
          'api/base.txt': 'uvicorn\n',
          'api/pyproject.toml': '[tool.poetry]\n',
        },
        'api',
      ),
      {
        manager: 'pip',
        lock: 'api/requirements.txt',
        files: ['api/requirements.txt', 'api/base.txt'],
        isRepeatable: false,
        folder: 'api',
        confidence: 'certain',
        seen: ['api/requirements.txt:1'],
      },
    ));
  it('is repeatable where any of them has hashes', () => {
    const base = 'uvicorn==1 --hash=sha256:aa\n';
    assert.equal(look({ 'requirements.txt': '-r base.txt\n', 'base.txt': base }).isRepeatable, true);
  });
  for (const tool of ['uv', 'poetry', 'pdm', 'hatch']) {
    it(`is by ${tool} where its pyproject.toml has settings of it`, () => {
      const found = look({ 'pyproject.toml': `[project]\nname = "x"\n\n[tool.${tool}]\na = 1\n` });
      assert.deepEqual(
        [found.manager, found.lock, found.isRepeatable, found.confidence, found.seen],
        [tool, undefined, false, 'likely', ['pyproject.toml:4']],
      );
    });
  }
  it('is a guess where nothing says it', () => {
    const found = look({ 'pyproject.toml': '[project]\nname = "x"\ndependencies = []\n' });
    assert.deepEqual([found.manager, found.confidence, found.seen], ['pip', 'guess', ['pyproject.toml:3']]);
    assert.deepEqual([look({}).manager, look({}).seen], ['pip', []]);
  });
});
