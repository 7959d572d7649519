import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockDependencies, startStack } from '../../../src/cli/commands/engine.ts';
import { scratch, silentDoor } from '../../fixture.ts';

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
