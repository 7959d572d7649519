import assert from 'node:assert/strict';
import { buildInstall } from '../../src/model/install.ts';
import { greenfield, type Project } from '../../src/model/project.ts';

const build = (given: Partial<Record<keyof Project, unknown>> = {}) =>
  buildInstall({ ...greenfield, lock: '', ...given } as Project);
const ways = (given: Parameters<typeof build>[0]) => {
  const { usesUv, usesWorkspace, usesExport, usesRequirements, usesPyproject } = build(given);
  return Object.entries({ usesUv, usesWorkspace, usesExport, usesRequirements, usesPyproject })
    .filter(([, is]) => is)
    .map(([way]) => way);
};
const workspace = { package: 'shop', members: ['code/shop', 'code/libs/a'] };

describe('how the image installs the dependencies', () => {
  for (const [given, way] of [
    [{ manager: 'uv' }, 'usesUv'],
    [{ manager: 'uv', workspace }, 'usesWorkspace'],
    [{ manager: 'poetry' }, 'usesExport'],
    [{ manager: 'pdm' }, 'usesExport'],
    [{ manager: 'pipenv' }, 'usesExport'],
    [{ manager: 'hatch' }, 'usesPyproject'],
    [{ manager: 'pip' }, 'usesPyproject'],
    [{ manager: 'pip', lock: 'requirements.txt' }, 'usesRequirements'],
  ] as const) {
    it(`is one way: ${JSON.stringify(given)}`, () => assert.deepEqual(ways(given), [way]));
  }

  it('copies the manifests of the app, and of each member of its workspace', () => {
    const { manifests, manifestFolder, package: name } = build({ folder: 'code', root: 'code/shop', workspace });
    assert.equal(manifests.uv, 'code/shop/pyproject.toml code/shop/uv.loc[k]');
    assert.deepEqual(manifests.workspace, {
      root: 'code/pyproject.toml code/uv.loc[k]',
      members: [
        { from: 'code/shop/pyproject.toml', to: 'shop' },
        { from: 'code/libs/a/pyproject.toml', to: 'libs/a' },
      ],
    });
    assert.deepEqual([manifestFolder, name], ['/code', 'shop']);
    assert.equal(build({ root: 'app' }).manifestFolder, '/app');
  });
  it('has requirements by their paths from the folder of the app', () => {
    const { requirements, requirementFiles, manifests, ecosystem } = build({
      manager: 'pip',
      root: 'api',
      lock: 'api/requirements.txt',
      requirements: ['api/requirements.txt', 'api/deps/prod.txt', 'shared/base.txt'],
    });
    assert.deepEqual(
      [requirements, requirementFiles, ecosystem],
      ['requirements.txt', 'requirements.txt deps/prod.txt base.txt', 'pip'],
    );
    assert.deepEqual(manifests.requirements, [
      { from: 'api/requirements*.txt', to: './' },
      { from: 'api/deps/', to: './deps/' },
      { from: 'shared/', to: './shared/' },
    ]);
  });
  it('takes groups and extras along, in the words of each manager', () => {
    const some = { groups: ['server'], extras: ['pg'] };
    assert.equal(build(some).uvFlags, ' --group server --extra pg');
    assert.equal(build({ ...some, manager: 'poetry' }).export.write, 'poetry export --only main,server --extras pg');
    assert.equal(build({ ...some, manager: 'pdm' }).export.write, 'pdm export --prod --group server --group pg');
    assert.equal(build({ ...some, manager: 'pipenv' }).export.write, 'pipenv requirements --hash');
    assert.equal(build({ manager: 'poetry' }).export.writeAll, 'poetry export --all-groups');
  });
  it('has the lock of each manager that must print it', () => {
    for (const [manager, manifest, lock] of [
      ['poetry', 'pyproject.toml', 'poetry.lock'],
      ['pdm', 'pyproject.toml', 'pdm.lock'],
      ['pipenv', 'Pipfile', 'Pipfile.lock'],
    ] as const) {
      const { export: made } = build({ manager, root: 'api' });
      assert.equal(made.lock, lock);
      assert.equal(made.manifests, `api/${manifest} api/${lock.slice(0, -1)}[${lock.at(-1)}]`);
      assert.match(made.tool, new RegExp(`^'${manager}[>=]`));
    }
  });
});
