import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockDependencies, startStack } from '../../../src/cli/commands/engine.ts';
import { folderWith, scratch, silentDoor } from '../../fixture.ts';

/** Programs that stand in for uv and docker, first and alone on PATH. */
const withPrograms = async (programs: Readonly<Record<string, string>>, use: () => Promise<unknown>) => {
  const folder = scratch();
  for (const [name, body] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  }
  const path = process.env.PATH;
  process.env.PATH = folder;
  try {
    await use();
  } finally {
    process.env.PATH = path;
  }
};

describe('lockDependencies', () => {
  it('runs uv lock in the project', async () => {
    const [door, directory] = [silentDoor(), scratch()];
    await withPrograms({ uv: '[ "$1" = lock ] && : > uv.lock' }, () => lockDependencies(door, directory));
    assert.ok(existsSync(join(directory, 'uv.lock')));
    assert.deepEqual(door.said, ['Locking the dependencies with uv …']);
  });
  it('says what to do where uv is absent', async () => {
    const door = silentDoor();
    await withPrograms({}, () => lockDependencies(door, scratch()));
    assert.match(door.said[0] ?? '', /^uv is not installed here\. .*run `uv lock`/);
  });
  it('says why uv failed, and goes on', async () => {
    const door = silentDoor();
    await withPrograms({ uv: 'echo "error: no route" >&2; exit 2' }, () => lockDependencies(door, scratch()));
    assert.match(door.said[1] ?? '', /^uv lock failed \(error: no route\)\. .*run `uv lock`/);
  });
  const recording = 'echo "$@" >"$PWD/called"';
  const called = async (directory: string): Promise<string | undefined> => {
    const door = silentDoor();
    await withPrograms({ uv: recording }, () => lockDependencies(door, directory));
    const path = join(directory, 'called');
    if (existsSync(path)) return readFileSync(path, 'utf8').trim();
    assert.equal(door.said.length, 1);
    return door.said[0];
  };
  it('builds no package, and reads no settings but those of the user', async () => {
    const { HOME, XDG_CONFIG_HOME } = process.env;
    try {
      process.env.XDG_CONFIG_HOME = scratch();
      assert.equal(await called(scratch()), 'lock --no-build --no-config');
      mkdirSync(join(process.env.XDG_CONFIG_HOME, 'uv'));
      const own = join(process.env.XDG_CONFIG_HOME, 'uv/uv.toml');
      writeFileSync(own, '');
      assert.equal(await called(scratch()), `lock --no-build --config-file ${own}`);
    } finally {
      process.env.HOME = HOME;
      if (XDG_CONFIG_HOME === undefined) delete process.env.XDG_CONFIG_HOME;
      else process.env.XDG_CONFIG_HOME = XDG_CONFIG_HOME;
    }
  });
  for (const path of [
    ...['app/uv.toml', 'app/.python-version', 'app/.python-versions', 'app/.venv/bin/python'],
    ...['uv.toml', 'pyproject.toml', '.python-version'],
  ])
    it(`is not run where it would obey a ${path} that it finds`, async () => {
      const root = folderWith({ [path]: '' });
      mkdirSync(join(root, 'app'), { recursive: true });
      const said = (await called(join(root, 'app'))) ?? '';
      assert.match(said, /^uv was not run: it would obey .*, which is not of this app\. .*run `uv lock`/);
      assert.ok(said.includes(path.replace('/bin/python', '')), said);
    });
  it('is never one that the project has brought', async () => {
    const directory = folderWith({
      'bin/uv': `#!/bin/sh\n: >'ran'\n`,
      'node_modules/.bin/uv': `#!/bin/sh\n: >'ran'\n`,
    });
    for (const path of ['bin/uv', 'node_modules/.bin/uv']) chmodSync(join(directory, path), 0o755);
    const [path, cwd, door] = [process.env.PATH, process.cwd(), silentDoor()];
    try {
      process.chdir(directory);
      process.env.PATH = `:.:bin:${directory}/bin:${directory}/node_modules/.bin`;
      await lockDependencies(door, directory);
    } finally {
      process.chdir(cwd);
      process.env.PATH = path;
    }
    assert.match(door.said[0] ?? '', /^uv is not installed here/);
    assert.equal(existsSync(join(directory, 'ran')), false);
  });
  it('leaves a lock alone', async () => {
    const [door, directory] = [silentDoor(), scratch()];
    writeFileSync(join(directory, 'uv.lock'), '');
    await withPrograms({ uv: 'exit 1' }, () => lockDependencies(door, directory));
    assert.deepEqual(door.said, []);
  });
});

describe('startStack', () => {
  const project = (script: string) => {
    const directory = scratch();
    mkdirSync(join(directory, 'scripts'));
    writeFileSync(join(directory, 'scripts/deploy.sh'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return directory;
  };
  it('is 1 where no engine answers, and deploys nothing', async () => {
    const [door, directory] = [silentDoor(), project(': > deployed')];
    await withPrograms({ docker: 'exit 1' }, async () => assert.equal(await startStack(door, directory), 1));
    assert.match(door.said[0] ?? '', /no Docker engine answers here/);
    assert.equal(existsSync(join(directory, 'deployed')), false);
  });
  it('is what the deployment exits with', async () => {
    const directory = project(': > deployed; exit 3');
    await withPrograms({ docker: 'echo 28' }, async () => assert.equal(await startStack(silentDoor(), directory), 3));
    assert.ok(existsSync(join(directory, 'deployed')));
  });
});
