import assert from 'node:assert/strict';
import { isAside, mainBuild } from '../../../../src/detect/rules/database/build.ts';
import type { UrlUse } from '../../../../src/detect/rules/database/urls.ts';
import { build, look, parts, settings } from './look.ts';

describe('the place that builds the URL', () => {
  it('is the fullest that is neither a script nor a migration', () => {
    const tree = {
      'app/config.py': settings(...parts),
      'app/db.py': 'def url(s):\n    return f"postgresql://{s.DB_USER}@{s.DB_HOST}/x"\n',
      'scripts/seed.py': build,
    };
    const { uses, settings: all } = look(tree);
    assert.equal(mainBuild(uses, all)?.use.module.path, 'app/db.py');
    assert.equal(mainBuild([], all), undefined);
  });
});

describe('a place aside of the app', () => {
  const isOf = (path: string) => isAside({ module: { path } } as UrlUse);
  it('is a script, a tool, a command line or a migration', () => {
    for (const path of [
      'scripts/seed.py',
      'app/tools/x.py',
      'alembic/env.py',
      'migrations/1.py',
      'app/cli.py',
      'a/script.py',
    ])
      assert.ok(isOf(path), path);
  });
  it('is not what only has a name like one', () => {
    for (const path of ['app/db.py', 'app/client.py', 'app/scripted/x.py', 'alembic_utils.py'])
      assert.ok(!isOf(path), path);
  });
});
