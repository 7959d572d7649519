import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { storedFile } from '../../../src/answers/stored.ts';
import type { Door } from '../../../src/base/door.ts';
import type { Refusal } from '../../../src/base/refusal.ts';
import { readLock } from '../../../src/changes/lock.ts';
import { basePath } from '../../../src/changes/mergeBase.ts';
import { run } from '../../../src/cli/run.ts';
import { applies, artifacts } from '../../../src/emit/catalogue.ts';
import { folderWith, scratch, silentDoor, stackOf } from '../../fixture.ts';
import { generateIn } from '../../generateIn.ts';

const file = (cwd: string, paths: readonly string[], values: Record<string, unknown> = {}, door: Door = silentDoor()) =>
  run(door, { word: 'file', args: paths, values }, cwd);

const project = async (flags: Record<string, string> = {}): Promise<string> => {
  const directory = scratch();
  assert.equal(await generateIn(directory, silentDoor(), flags), 0);
  return directory;
};
const read = (directory: string, path: string) => readFileSync(join(directory, path), 'utf8');

describe('comicpile file', function () {
  this.timeout(120_000);

  it('writes the named file back, and touches no other', async () => {
    const directory = await project();
    const former = read(directory, 'scripts/backup.sh');
    for (const path of ['scripts/backup.sh', 'scripts/restore.sh']) rmSync(join(directory, path));
    assert.equal(await file(directory, ['./scripts/backup.sh']), 0);
    assert.equal(read(directory, 'scripts/backup.sh'), former);
    assert.equal(statSync(join(directory, 'scripts/backup.sh')).mode & 0o777, 0o755);
    assert.equal(existsSync(join(directory, 'scripts/restore.sh')), false);
  });

  it('takes changed answers into that file, notes them, and says what else depends on them', async () => {
    const directory = await project();
    const before = read(directory, 'SECURITY.md');
    const door = silentDoor();
    const paths = ['nginx/snippets/header-values.conf'];
    assert.equal(await file(directory, paths, { hsts: 'full' }, door), 0);
    assert.match(door.said.join('\n'), /update +nginx\/snippets\/header-values\.conf/);
    assert.match(door.said.join('\n'), /other files depend on them: run `comicpile`/);
    assert.match(read(directory, paths[0] ?? ''), /includeSubDomains/);
    assert.equal(read(directory, 'SECURITY.md'), before);
    assert.match(read(directory, storedFile), /"hsts": "full"/);
    assert.equal(read(directory, basePath(paths[0] ?? '')), read(directory, paths[0] ?? ''), 'the merge base follows');
    assert.equal(await generateIn(directory, silentDoor(), {}), 0, 'the rest follows without a conflict');
  });

  it('makes a lock of the named file alone in an empty directory', async () => {
    const directory = scratch();
    assert.equal(await file(directory, ['scripts/backup.sh'], { yes: true }), 0);
    assert.deepEqual(Object.keys(readLock(directory).files), ['scripts/backup.sh']);
  });

  it('merges an edited file, as every generation does; ours is taken, with a copy, when it is forced', async () => {
    const directory = await project();
    const path = 'nginx/snippets/header-values.conf';
    const ours = read(directory, path);
    appendFileSync(join(directory, path), '# mine\n');
    const edited = read(directory, path);
    rmSync(join(directory, 'Dockerfile'));
    assert.equal(await file(directory, [path, 'Dockerfile']), 0);
    assert.equal(read(directory, path), edited);
    assert.equal(existsSync(join(directory, 'Dockerfile')), true);
    assert.equal(await file(directory, [path], { hsts: 'full' }), 0);
    assert.match(read(directory, path), /includeSubDomains[\s\S]*# mine\n$/);
    assert.equal(await file(directory, [path], { hsts: 'host-only', force: true }), 0);
    assert.equal(read(directory, path), ours);
    assert.match(read(directory, `${path}.before-comicpile`), /includeSubDomains[\s\S]*# mine\n$/);
  });

  it('keeps the secrets that are there', async () => {
    const directory = await project({ secrets: 'env' });
    const former = read(directory, '.env.production');
    const without = former.replace(/^SECRET_KEY=.*\n/m, '');
    writeFileSync(join(directory, '.env.production'), without, { mode: 0o600 });
    const door = silentDoor();
    assert.equal(await file(directory, ['.env.production'], {}, door), 0);
    const after = read(directory, '.env.production');
    assert.ok(after.startsWith(without) && /^SECRET_KEY=[\w-]{43}$/m.test(after));
    assert.doesNotMatch(door.said.join('\n'), /[\w-]{43}/);
    assert.equal(statSync(join(directory, '.env.production')).mode & 0o777, 0o600);
  });

  it('knows a file by the name that it has here, and by its usual one', async () => {
    const directory = folderWith({
      'requirements.txt': 'fastapi\nuvicorn\nasyncpg\n',
      'main.py':
        'import os\nimport asyncpg\nfrom fastapi import FastAPI\n\napp = FastAPI()\nurl = os.environ["DATABASE_URL"]\n',
      Dockerfile: 'FROM scratch\n',
    });
    assert.equal(await generateIn(directory, silentDoor(), {}, { existing: 'keep' }), 0);
    for (const name of ['Dockerfile.comicpile', 'Dockerfile']) {
      rmSync(join(directory, 'Dockerfile.comicpile'));
      assert.equal(await file(directory, [name]), 0);
      assert.equal(existsSync(join(directory, 'Dockerfile.comicpile')), true, name);
      assert.equal(read(directory, 'Dockerfile'), 'FROM scratch\n');
    }
  });

  it('takes a path as it is seen from a folder of the project', async () => {
    const directory = await project();
    rmSync(join(directory, 'scripts/backup.sh'));
    assert.equal(await file(join(directory, 'scripts'), ['backup.sh'], { output: '..' }), 0);
    assert.equal(existsSync(join(directory, 'scripts/backup.sh')), true);
  });

  it('--dry-run writes nothing, and exits with 1 where something would change', async () => {
    const directory = await project();
    rmSync(join(directory, 'scripts/backup.sh'));
    assert.equal(await file(directory, ['scripts/backup.sh'], { dryRun: true }), 1);
    assert.equal(existsSync(join(directory, 'scripts/backup.sh')), false);
    assert.equal(await file(directory, ['scripts/restore.sh'], { dryRun: true }), 0);
  });

  for (const [title, paths, message] of [
    [
      'a typing error',
      ['scripts/bakcup.sh'],
      /^There is no file "scripts\/bakcup\.sh" of ours\. Did you mean "scripts\/backup\.sh"\?/,
    ],
    [
      'what these answers do not give',
      ['monitoring/prometheus/prometheus.yml'],
      /^monitoring\/prometheus\/prometheus\.yml is not written with these answers\.$/,
    ],
    ['a path that leads out', ['../Dockerfile'], /is no path below the project's directory/],
    ['all that cannot be taken, at once', ['x.y', '/etc/passwd'], /"x\.y"(?:.|\n)*"\/etc\/passwd"/],
  ] as const) {
    it(`refuses ${title}: exit code 2, nothing written`, async () => {
      const directory = scratch();
      mkdirSync(join(directory, '.git'));
      await assert.rejects(file(directory, paths, { yes: true }), ({ message: said, code }: Refusal) => {
        assert.match(said, message);
        return code === 2;
      });
      assert.equal(existsSync(join(directory, storedFile)), false);
    });
  }

  it('renders and proves the whole set first', async () => {
    const directory = await project();
    const broken = join(directory, '.comicpile/templates/docker-compose.prod.yml.ejs');
    mkdirSync(join(directory, '.comicpile/templates'), { recursive: true });
    writeFileSync(broken, 'services: {}\n');
    rmSync(join(directory, 'scripts/backup.sh'));
    await assert.rejects(file(directory, ['scripts/backup.sh'], { trust: true }), /break promises/);
    assert.equal(existsSync(join(directory, 'scripts/backup.sh')), false);
  });

  it('--list prints each path and its owner, as the answers give them', async () => {
    const directory = scratch();
    const listed = async (values: Record<string, unknown>) => {
      const door = silentDoor();
      assert.equal(await file(directory, [], { list: true, ...values }, door), 0);
      return door.said.map((line) => line.split(/ {2,}/));
    };
    const expected = (given = {}) => artifacts.filter(applies(stackOf(given))).map(({ to, owner }) => [to, owner]);
    assert.deepEqual((await listed({})).sort(), expected().sort());
    const monitoring = { monitoring: 'on' };
    assert.deepEqual((await listed(monitoring)).sort(), expected(monitoring).sort());
    assert.deepEqual(existsSync(join(directory, storedFile)), false, 'nothing is written');
  });
});
