import assert from 'node:assert/strict';
import { fileNotices } from '../../../../src/detect/rules/app/files.ts';
import { contextFrom } from '../../contextFrom.ts';

const notices = (tree: Readonly<Record<string, string>>, root = '') =>
  fileNotices(contextFrom(tree).view, root).map(({ id, evidence }) => [id, ...evidence.map(({ file }) => file).sort()]);

describe('what is there of a deployment already', () => {
  it('is nothing in an app alone', () =>
    assert.deepEqual(notices({ 'pyproject.toml': '[project]\n', 'main.py': '', 'sub/Dockerfile': '' }), []));
  it('is at the top of the project', () =>
    assert.deepEqual(
      notices({
        Dockerfile: '',
        'compose.yml': 'a: 1\n',
        Makefile: '',
        'nginx.conf': '',
        '.dockerignore': '',
        'x.conf': '',
      }),
      [['existing-files', '.dockerignore', 'Dockerfile', 'Makefile', 'compose.yml', 'nginx.conf']],
    ));
  it('does not count where it cannot be parsed', () => {
    const tree = {
      'pyproject.toml': 'x = [',
      'api/pyproject.toml': 'y = "',
      'api/compose.yml': 'a: b: c\n',
      'b/pyproject.toml': '[',
    };
    assert.deepEqual(notices(tree, 'api'), [
      ['broken-file', 'api/compose.yml', 'api/pyproject.toml', 'pyproject.toml'],
    ]);
  });
});
