import assert from 'node:assert/strict';
import { migrations } from '../../../../src/detect/rules/migrations/migrations.ts';
import { contextFrom } from '../../contextFrom.ts';

const look = (tree: Readonly<Record<string, string>>, root = '') => migrations(contextFrom(tree, root));
const found = (tree: Readonly<Record<string, string>>, root = '') => look(tree, root).migrations?.value;
const idsOf = (tree: Readonly<Record<string, string>>) => look(tree).notices.map(({ id }) => id);
const ini = (location: string, more = '') => `[alembic]\nscript_location = ${location}\n${more}`;
const plain = { 'alembic.ini': ini('migrations'), 'migrations/env.py': '' };

describe('migrations: where', () => {
  it('quotes the line', () => {
    assert.deepEqual(look(plain).migrations, {
      value: { ini: 'alembic.ini', location: 'migrations' },
      confidence: 'certain',
      evidence: [{ file: 'alembic.ini', line: 2, says: 'script_location = migrations' }],
    });
  });
  for (const [what, tree, location] of [
    ['beside the ini', { 'src/alembic.ini': ini('alembic'), 'src/alembic/env.py': '' }, 'src/alembic'],
    ['with ./', { 'alembic.ini': ini('./app/db/migrations'), 'app/db/migrations/env.py': '' }, 'app/db/migrations'],
    ['with %(here)s', { 'src/alembic.ini': ini('%(here)s/alembic'), 'src/alembic/env.py': '' }, 'src/alembic'],
    [
      'in a package',
      { 'src/pack/alembic.ini': ini('pack:db/versions_of'), 'src/pack/db/versions_of/env.py': '' },
      'src/pack/db/versions_of',
    ],
    ['in the section DEFAULT', { 'alembic.ini': '[DEFAULT]\nscript_location = m\n[alembic]\n', 'm/env.py': '' }, 'm'],
  ] as const) {
    it(`finds scripts ${what}`, () => {
      const value = found(tree);
      assert.deepEqual([value?.location, value?.notAutomatic], [location, undefined]);
    });
  }
  it('reads [tool.alembic], with and without an alembic.ini', () => {
    const tool = { 'pyproject.toml': '[tool.alembic]\nscript_location = "%(here)s/m"\n', 'm/env.py': '' };
    assert.deepEqual(found(tool), { ini: 'pyproject.toml', location: 'm' });
    const both = { ...tool, 'backend/alembic.ini': '[loggers]\nkeys = root\n' };
    assert.deepEqual(found(both), { ini: 'backend/alembic.ini', location: 'm' });
  });
  it('takes the one of this app, not of another app below it, of tests or of docs', () => {
    const tree = {
      'pyproject.toml': '',
      'tests/alembic.ini': ini('m'),
      'other/pyproject.toml': '',
      'other/alembic.ini': ini('m'),
      'other/m/env.py': '',
      'app/db/alembic.ini': ini('m'),
      'app/db/m/env.py': '',
    };
    assert.equal(found(tree)?.ini, 'app/db/alembic.ini');
    assert.equal(found(tree, 'other')?.ini, 'other/alembic.ini');
    assert.equal(
      found(
        { 'backend/app/pyproject.toml': '', 'backend/alembic.ini': ini('m'), 'backend/m/env.py': '' },
        'backend/app',
      )?.ini,
      'backend/alembic.ini',
    );
    assert.equal(found({ 'tests/alembic.ini': ini('m'), 'tests/m/env.py': '' }), undefined);
  });
});

describe('migrations: not automatic', () => {
  const why = (tree: Readonly<Record<string, string>>): string | undefined => found(tree)?.notAutomatic;
  const revision = (name: string, down: string) =>
    `"""x"""\nrevision: str = "${name}"\ndown_revision: str | None = ${down}\n`;

  it('where there are more sections', () => {
    const tree = {
      'app/alembic.ini': '[alembic]\n[core]\nscript_location = app:core\n[tenant]\nscript_location = app:tenant\n',
      'app/core/env.py': '',
      'app/tenant/env.py': '',
    };
    assert.match(why(tree) ?? '', /core, tenant/);
    assert.equal(found(tree)?.location, 'app/core');
  });
  it('where there are more folders of revisions; one is nothing', () => {
    const more = (folders: string) => ({
      ...plain,
      'alembic.ini': ini('migrations', `version_locations = ${folders}\n`),
    });
    assert.match(why(more('%(here)s/a %(here)s/b')) ?? '', /version_locations/);
    assert.equal(why(more('%(here)s/a')), undefined);
  });
  it('where there are more heads; a merge makes one of them', () => {
    const two = {
      ...plain,
      'migrations/versions/a.py': revision('a', 'None'),
      'migrations/versions/b.py': revision('b', '"a"'),
      'migrations/versions/c.py': revision('c', '"a"'),
    };
    assert.match(why(two) ?? '', /2 heads/);
    assert.equal(why({ ...two, 'migrations/versions/d.py': revision('d', '("b", "c")') }), undefined);
  });
  it('where it is run with -x or heads', () => {
    assert.match(why({ ...plain, 'start.sh': 'alembic -x tenant=a upgrade head\n' }) ?? '', /-x/);
    assert.match(why({ ...plain, Makefile: 'migrate:\n\talembic upgrade heads\n' }) ?? '', /heads/);
  });
  it('where the scripts are found only from elsewhere, or not at all', () => {
    assert.match(why({ 'conf/alembic.ini': ini('migrations'), 'migrations/env.py': '' }) ?? '', /relative to the root/);
    assert.match(why({ 'alembic.ini': ini('nowhere') }) ?? '', /not found/);
  });
  for (const [what, code] of [
    ['on_event', 'from alembic import command\n@app.on_event("startup")\ndef f():\n    command.upgrade(c, "head")\n'],
    [
      'a lifespan that calls it',
      'import alembic.command\ndef up():\n    alembic.command.upgrade(c, "head")\nasync def lifespan(app):\n    up()\n    yield\n',
    ],
    [
      'a thread',
      'from alembic import command\ndef up():\n    command.upgrade(c, "head")\nasync def lifespan(app):\n    await to_thread(up)\n',
    ],
    [
      'a process',
      'import subprocess\nasync def startup():\n    subprocess.run(["alembic", "upgrade", "head"], check=True)\n',
    ],
    ['the module itself', 'from alembic.command import upgrade\nupgrade(c, "head")\n'],
  ] as const) {
    it(`where the app migrates by ${what}`, () => {
      assert.match(why({ ...plain, 'app/main.py': code }) ?? '', /itself when it starts/);
    });
  }
  it('through another module with a `main`', () => {
    const tree = {
      ...plain,
      'app/init_db.py': 'from alembic import command\ndef main():\n    command.upgrade(c, "head")\n',
      'app/app.py': 'import app.init_db as init_db\ninit_db.main()\n',
    };
    assert.match(why(tree) ?? '', /itself/);
    assert.equal(why({ ...tree, 'app/app.py': 'from app import worker\nworker.main()\n' }), undefined);
  });
  for (const [what, path, code] of [
    [
      'a command',
      'app/tool.py',
      'from alembic import command\n@app.command()\ndef lifespan():\n    command.upgrade(c, "head")\n',
    ],
    ['a script', 'scripts/up.py', 'from alembic import command\ncommand.upgrade(c, "head")\n'],
    [
      'a program',
      'app/up.py',
      'from alembic import command\ndef up():\n    command.upgrade(c, "head")\nif __name__ == "__main__":\n    up()\n',
    ],
    ['nobody', 'app/up.py', 'from alembic import command\ndef up():\n    command.upgrade(c, "head")\n'],
    ['another upgrade', 'app/up.py', 'upgrade(c, "head")\nwallet.command.upgrade()\n'],
  ] as const) {
    it(`but not where it is ${what}`, () => assert.equal(why({ ...plain, [path]: code }), undefined));
  }
  it('but not where only the image does it, which is told', () => {
    for (const tree of [
      { Dockerfile: 'FROM python:3.13\nCMD alembic upgrade head && uvicorn app:app\n' },
      { 'docker-entrypoint.sh': '#!/bin/sh\nalembic upgrade head\nexec uvicorn app:app\n' },
    ]) {
      assert.equal(why({ ...plain, ...tree }), undefined);
      assert.deepEqual(idsOf({ ...plain, ...tree }), ['migrations-in-image']);
    }
    assert.deepEqual(idsOf({ ...plain, Makefile: 'migrate:\n\talembic upgrade head\n' }), []);
  });
});

describe('migrations: without Alembic', () => {
  it('tells that the app makes its tables, where it does when it starts', () => {
    for (const code of [
      'Base.metadata.create_all(bind=engine)\n',
      'async def lifespan(app):\n    async with engine.begin() as c:\n        await c.run_sync(Base.metadata.create_all)\n',
      'def init_models():\n    SQLModel.metadata.create_all(engine)\n@app.on_event("startup")\ndef f():\n    init_models()\n',
      'register_tortoise(app, generate_schemas=True)\n',
    ]) {
      assert.deepEqual(idsOf({ 'app/main.py': code }), ['create-all'], code);
    }
    assert.deepEqual(idsOf({ 'app/main.py': 'def unused():\n    Base.metadata.create_all(engine)\n' }), []);
    assert.deepEqual(idsOf({ 'scripts/make.py': 'Base.metadata.create_all(engine)\n' }), []);
    assert.deepEqual(idsOf({ 'app/service.py': 'def create_all(items):\n    return items\ncreate_all([])\n' }), []);
  });
  it('tells of another tool', () => {
    const notices = look({ 'requirements.txt': 'aerich==0.8\n' }).notices;
    assert.deepEqual(
      notices.map(({ id, evidence }) => [id, evidence[0]?.file]),
      [['migrations-other', 'requirements.txt']],
    );
    assert.deepEqual(idsOf({ 'pyproject.toml': '[tool.aerich]\nlocation = "m"\n' }), ['migrations-other']);
  });
  it('finds nothing', () =>
    assert.deepEqual(look({ 'app/main.py': 'x = 1\n' }), { migrations: undefined, notices: [] }));
});
