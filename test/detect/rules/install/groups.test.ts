import assert from 'node:assert/strict';
import type { Manager } from '../../../../src/detect/model.ts';
import { groupsOf } from '../../../../src/detect/rules/install/groups.ts';
import { contextFrom } from '../../contextFrom.ts';

const groups = (pyproject: string, image = '', manager: Manager = 'uv') => {
  const dockerfile: Readonly<Record<string, string>> =
    image === '' ? {} : { Dockerfile: `FROM python\nRUN ${image}\n` };
  const found = groupsOf(
    contextFrom({ 'pyproject.toml': `[project]\nname = "x"\n${pyproject}`, ...dockerfile }),
    manager,
  );
  return [found.groups, found.extras];
};

describe('the groups and extras that production needs', () => {
  it('are those that hold a server', () => {
    assert.deepEqual(groups('[dependency-groups]\nserver = ["uvicorn"]\nlint = ["ruff"]\nweb = ["gunicorn>=1"]\n'), [
      ['server', 'web'],
      [],
    ]);
    assert.deepEqual(groups('[project.optional-dependencies]\nprod = ["uvicorn[standard]"]\npg = ["psycopg"]\n'), [
      [],
      ['prod'],
    ]);
  });
  it('are not those of development, whatever they hold', () =>
    assert.deepEqual(groups('[dependency-groups]\ndev = ["uvicorn"]\ntest = ["uvicorn"]\ndocs = ["uvicorn"]\n'), [
      [],
      [],
    ]));
  it('are none where the server is a dependency like others', () =>
    assert.deepEqual(groups('dependencies = ["uvicorn"]\n'), [[], []]));
  for (const [image, manager, ...extras] of [
    ['uv sync --extra pg --extra=smtp', 'uv', 'pg', 'smtp'],
    ['poetry install -E pg --extras "smtp jobs"', 'poetry', 'pg', 'smtp', 'jobs'],
    ['/opt/bin/uv sync --extra pg --extra pg', 'uv', 'pg'],
    ['uv sync --extra pg', 'poetry'],
    ['uv run --extra pg x', 'uv'],
    ['uv sync --extra "$(id)"', 'uv'],
    ['uv sync --extra', 'uv'],
  ] as const) {
    it(`are the extras that the image takes: ${image}, of ${manager}`, () =>
      assert.deepEqual(groups('', image, manager), [[], extras]));
  }
});
