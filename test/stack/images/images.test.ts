import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Digests } from '../../../src/policy/digests.ts';
import { images } from '../../../src/policy/images.ts';
import type { Deployment } from '../deployment.ts';
import { folderOf, freshName, generate } from '../generated.ts';
import { publishedCommand } from '../published.ts';
import { must, run } from '../run.ts';
import { Registry } from './registry.ts';

const ours = images('3.13');
/** What the test pulls, builds on or starts has its own; the two that it does not touch are told by the smallest. */
const pushed = { python: ours.python, uv: ours.uv, nginx: ours.nginx, postgres: ours.postgres };

describe('images: a registry', function () {
  this.timeout(300_000);
  let registry: Registry;
  let stack: Deployment;
  let command: string;
  const digests: Record<string, string> = {};
  const comicpile = (...args: string[]) => run(command, args, { cwd: stack.directory });
  const kept = (): Digests => JSON.parse(stack.read('.comicpile/images.json')) as Digests;
  const named = (name: string) => `${registry.host}/base/${name}:1`;
  const commit = async () => {
    for (const args of [
      ['add', '--all'],
      ['-c', 'user.name=a', '-c', 'user.email=a@example.test', 'commit', '--quiet', '--message', 'x'],
    ]) {
      await must('git', args, { cwd: stack.directory });
    }
  };

  before(async () => {
    const name = freshName();
    command = await publishedCommand();
    registry = await Registry.start(`${name}-registry`);
    for (const [short, image] of Object.entries(pushed)) digests[short] = await registry.push(image, `base/${short}:1`);
    const directory = folderOf(name);
    const policy = {
      images: {
        ...Object.fromEntries(Object.keys(pushed).map((short) => [short, named(short)])),
        pgadmin: named('uv'),
        certbot: named('uv'),
      },
    };
    mkdirSync(join(directory, '.comicpile'));
    writeFileSync(join(directory, '.comicpile/policy.json'), JSON.stringify(policy));
    stack = await generate(name, directory, ['--skip-install', '--trust']);
    await must('git', ['init', '--quiet'], { cwd: directory });
    await commit();
  });
  after(async () => {
    await stack?.remove();
    await registry?.remove();
  });

  it('update writes the digests that the registry has, into the files too, and check finds no drift', async () => {
    const { code, all } = await comicpile('images', 'update', '--trust');
    assert.equal(code, 0, all);
    for (const short of Object.keys(pushed)) assert.equal(kept()[named(short)]?.digest, digests[short], short);
    assert.match(stack.read('Dockerfile'), new RegExp(`^FROM ${named('python')}@${digests.python} AS runtime$`, 'm'));
    const { code: checked, all: said } = await comicpile('check');
    assert.equal(checked, 0, said);
    assert.equal((await comicpile('images', 'list')).code, 0);
    await commit();
  });

  it('Docker builds on them and pulls them by these digests', async () => {
    const { stdout: id } = await must('docker', ['build', '--quiet', '--tag', `${stack.project}:digest`, '.'], {
      cwd: stack.directory,
      seconds: 300,
    });
    assert.match(id, /^sha256:/);
    await stack.compose('pull', '--quiet', 'nginx', 'db');
    const { stdout } = await stack.compose('config', '--images');
    assert.ok(stdout.split('\n').includes(`${named('postgres')}@${digests.postgres}`), stdout);
    await must('docker', ['image', 'inspect', `${registry.host}/base/nginx@${digests.nginx}`]);
    await must('docker', ['image', 'rm', `${stack.project}:digest`]);
  });

  it('the database starts from one, and the scripts read it', async () => {
    await stack.compose('up', '--detach', '--wait', '--no-deps', 'db');
    assert.equal((await stack.inspect('db')).State.Health?.Status, 'healthy');
    const { all } = await stack.mustScript('upgrade-postgres.sh', '--check');
    assert.doesNotMatch(all, /unknown/);
  });

  it('a newer image under the tag is a new digest, and nothing else changes', async () => {
    const before = stack.read('docker-compose.prod.yml');
    const newer = await registry.pushNewer(ours.nginx, 'base/nginx:1');
    assert.notEqual(newer, digests.nginx);
    const { code, all } = await comicpile('images', 'update', '--trust');
    assert.equal(code, 0, all);
    assert.equal(kept()[named('nginx')]?.digest, newer);
    assert.equal(kept()[named('python')]?.digest, digests.python);
    assert.equal(stack.read('docker-compose.prod.yml'), before.replaceAll(digests.nginx ?? '', newer));
    assert.equal((await comicpile('check')).code, 0);
    await commit();
  });

  it('a registry that is down changes nothing, and is named', async () => {
    await registry.stop();
    const before = (await must('git', ['status', '--porcelain'], { cwd: stack.directory })).stdout;
    const { code, stderr } = await comicpile('images', 'update', '--trust');
    assert.equal(code, 1);
    assert.match(stderr, /nothing was written/);
    for (const short of Object.keys(pushed)) assert.ok(stderr.includes(named(short)), short);
    assert.equal((await must('git', ['status', '--porcelain'], { cwd: stack.directory })).stdout, before);
    assert.equal((await comicpile('check')).code, 0);
  });
});
