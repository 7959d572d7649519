import assert from 'node:assert/strict';
import type { Deployment } from './deployment.ts';
import { requireImages } from './engine.ts';
import { folderOf, freshName, generate } from './generated.ts';
import { must, run } from './run.ts';

describe('image: with and without uv.lock', () => {
  let project: Deployment;
  let stage: string;
  // As the step prints it, with its time; the step's own text is shown too.
  const unlocked = /^#\d+ [\d.]+ WARNING: no uv\.lock/m;
  const build = (...options: string[]) =>
    run('docker', ['build', '--progress', 'plain', ...options, '.'], { cwd: project.directory });

  before(async () => {
    const name = freshName();
    stage = `${name}:build`;
    project = await generate(name, folderOf(name));
    await requireImages(await project.images());
  });
  after(async () => {
    await run('docker', ['image', 'rm', '--force', stage, `${project.project}:locked`]);
    project.remove();
  });

  it('without one it takes the newest versions that fit, and says so', async () => {
    const { code, all } = await build('--target', 'build', '--tag', stage);
    assert.equal(code, 0, all);
    assert.match(all, unlocked);
  });

  it('with one it takes exactly its versions', async () => {
    await must('docker', ['run', '--rm', '--volume', `${project.directory}:/app`, stage, 'uv', 'lock']);
    assert.match(project.read('uv.lock'), /name = "fastapi"/);
    const { code, all } = await build('--tag', `${project.project}:locked`);
    assert.equal(code, 0, all);
    assert.doesNotMatch(all, unlocked);
  });

  it('with one that does not fit pyproject.toml it does not build', async () => {
    project.edit('pyproject.toml', (text) => text.replace('"asyncpg', '"idna>=3",\n    "asyncpg'));
    const { code, all } = await build('--target', 'build');
    assert.notEqual(code, 0);
    assert.match(all, /lockfile.*needs to be updated/);
  });
});
