import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describeIn, folderOf } from '../cases/languages.ts';

const isRoot = process.getuid?.() === 0;
const stranger = { uid: 12345, gid: 12345 };

/** A project that all may read, as checkouts are. */
const project = (): string => {
  const directory = folderOf('scripts/lib.sh');
  for (const path of ['', 'scripts']) chmodSync(join(directory, path), 0o755);
  chmodSync(join(directory, 'scripts/lib.sh'), 0o644);
  return directory;
};
const locking = '. scripts/lib.sh; lock; echo locked';
const run = (cwd: string, line = locking, more: object = {}) => {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', line], { cwd, encoding: 'utf8', ...more });
  return { code: status, out: stdout, err: stderr };
};
/** Runs this while somebody else, who may be another user, holds what he can. */
const whileHeld = async <T>(cwd: string, command: string, who: object, body: () => T): Promise<T> => {
  const holder = spawn('bash', ['-c', `${command} & echo; wait`], {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    ...who,
  });
  await once(holder.stdout, 'data');
  spawnSync('sleep', ['0.5']);
  try {
    return body();
  } finally {
    if (holder.pid !== undefined) process.kill(-holder.pid, 'SIGKILL');
  }
};
const modes = (directory: string): readonly number[] =>
  ['.lock', '.lock/scripts'].map((path) => statSync(join(directory, path)).mode & 0o777);

describeIn('bash', 'the lock of the scripts', () => {
  it('is in a folder for the owner alone; who has it is said while he has it', () => {
    const directory = project();
    const { code, out } = run(directory, '. scripts/lib.sh; lock; cat .lock/by');
    assert.deepEqual([code, modes(directory)], [0, [0o700, 0o600]]);
    assert.match(out, /^bash of \S+ since \S+, process \d+\n$/);
    assert.ok(!existsSync(join(directory, '.lock/by')));
  });

  it('that is held by another script is exit code 75, at once or after the time that was given', async () => {
    const directory = project();
    assert.equal(run(directory).code, 0);
    await whileHeld(directory, 'flock .lock/scripts sleep 30', {}, () => {
      const { code, err } = run(directory);
      assert.deepEqual([code, /another script of this project is at work/.test(err)], [75, true]);
      const began = Date.now();
      assert.equal(run(directory, locking, { env: { ...process.env, COMICPILE_LOCK_WAIT: '2' } }).code, 75);
      assert.ok(Date.now() - began >= 2000);
    });
    assert.equal(run(directory).code, 0);
  });

  it('is not what any user of this machine could hold', async function () {
    // It takes two users.
    if (!isRoot) this.skip();
    const directory = project();
    assert.equal(run(directory).code, 0);
    const held = 'for file in scripts/lib.sh scripts .lock/scripts .lock .; do flock "$file" sleep 30 & done; :';
    await whileHeld(directory, held, stranger, () =>
      assert.deepEqual(run(directory), { code: 0, out: 'locked\n', err: '' }),
    );
  });

  it('that root takes in another’s project stays usable for him, and the other way round', function () {
    if (!isRoot) this.skip();
    const directory = project();
    for (const path of ['', 'scripts', 'scripts/lib.sh']) chownSync(join(directory, path), stranger.uid, stranger.gid);
    for (const who of [{}, stranger, {}, stranger])
      assert.deepEqual(run(directory, locking, who), { code: 0, out: 'locked\n', err: '' });
    for (const path of ['.lock', '.lock/scripts']) assert.equal(statSync(join(directory, path)).uid, stranger.uid);
  });

  it('works where new folders get the group of the one that they are in', () => {
    const directory = project();
    chmodSync(directory, 0o2755);
    for (let turn = 0; turn < 2; turn += 1) assert.deepEqual(run(directory), { code: 0, out: 'locked\n', err: '' });
  });

  it('takes the place of the file that said who is at work', () => {
    const directory = project();
    writeFileSync(join(directory, '.lock'), 'deploy.sh of me\n');
    assert.equal(run(directory).code, 0);
    assert.deepEqual(modes(directory), [0o700, 0o600]);
  });

  for (const [what, lay] of [
    ['the folder is a link', (directory: string) => symlinkSync('elsewhere', join(directory, '.lock'))],
    [
      'the file is a link',
      (directory: string) => {
        mkdirSync(join(directory, '.lock'), { mode: 0o700 });
        symlinkSync('../elsewhere/file', join(directory, '.lock/scripts'));
      },
    ],
    ['others may look into the folder', (directory: string) => mkdirSync(join(directory, '.lock'), { mode: 0o755 })],
  ] as const)
    it(`is refused where ${what}, and nothing is written there`, () => {
      const directory = project();
      mkdirSync(join(directory, 'elsewhere'), { mode: 0o755 });
      writeFileSync(join(directory, 'elsewhere/file'), 'theirs', { mode: 0o644 });
      lay(directory);
      const { code, err } = run(directory);
      assert.equal(code, 1);
      assert.match(err, /^bash: \.lock\/scripts cannot be opened\n {2}next: /);
      assert.equal(readFileSync(join(directory, 'elsewhere/file'), 'utf8'), 'theirs');
      assert.deepEqual(
        ['elsewhere', 'elsewhere/file'].map((path) => lstatSync(join(directory, path)).mode & 0o777),
        [0o755, 0o644],
      );
    });

  it('in the service `backups`, which cannot make it, is taken where it is there', () => {
    const directory = project();
    const inside = { env: { ...process.env, COMICPILE_BESIDE_DB: 'yes' } };
    assert.equal(run(directory, locking, inside).code, 0);
    assert.ok(!existsSync(join(directory, '.lock')));
    assert.equal(run(directory).code, 0);
    assert.equal(run(directory, `${locking}; COMICPILE_LOCKED= bash -c '${locking}'`, inside).code, 75);
  });
});
