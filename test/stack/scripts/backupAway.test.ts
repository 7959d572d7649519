import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment } from '../deployment.ts';
import { withFault } from '../faults.ts';
import { folderOf, freshName } from '../generated.ts';
import { type Production, production } from '../production.ts';
import { superuser } from '../psql.ts';
import { must, type Outcome, run } from '../run.ts';
import { needTool } from '../tool.ts';
import { BackupSets } from './backupSets.ts';

/** PATH with all that is on it, but one command. */
const pathWithout = (command: string): string => {
  const folder = folderOf(freshName());
  const folders = (process.env.PATH ?? '').split(':').reverse();
  const commands = new Map<string, string>();
  for (const place of folders) {
    try {
      for (const name of readdirSync(place)) commands.set(name, join(place, name));
    } catch {
      // A place that is not there.
    }
  }
  commands.delete(command);
  for (const [name, path] of commands) symlinkSync(path, join(folder, name));
  return folder;
};

describe('scripts: backup.sh, encrypted and off this machine', () => {
  let stack: Deployment;
  let roles: Production['roles'];
  let sets: BackupSets;
  let folder: string;
  let identity: string;
  let settings: string;
  before(async () => {
    ({ stack, roles } = await production());
    sets = new BackupSets(stack, roles.database);
    folder = folderOf(freshName());
    identity = join(folder, 'key.txt');
    settings = stack.read('.env.production');
  });
  const set = (...lines: string[]): void =>
    writeFileSync(join(stack.directory, '.env.production'), `${settings}${lines.map((line) => `${line}\n`).join('')}`);
  afterEach(() => set());

  const without = (command: string, script: string, ...args: string[]): Promise<Outcome> =>
    run('env', [`PATH=${pathWithout(command)}`, `./scripts/${script}`, ...args], { cwd: stack.directory });
  /** The start of each file: pg_dump's own says PGDMP. */
  const plain = (): string[] => sets.files().filter((file) => sets.read(file).startsWith('PGDMP'));

  describe('age', () => {
    let recipient: string;
    let before_: readonly string[];
    before(async function () {
      await needTool(this, 'age');
      const { stderr } = await must('age-keygen', ['-o', identity]);
      recipient = `BACKUP_AGE_RECIPIENT=${stderr.replace('Public key: ', '')}`;
    });
    beforeEach(() => {
      before_ = plain();
    });
    afterEach(() => assert.deepEqual(plain(), before_, 'a dump in clear text'));

    it('writes an encrypted dump, which only the key opens; the drill takes it', async () => {
      set(recipient);
      const { stdout } = await stack.mustScript('backup.sh', '--no-prune');
      assert.match(stdout, /\.dump\.age$/);
      assert.match(sets.read(stdout.slice('backups/'.length)), /^age-encryption\.org/);
      const closed = await stack.script('restore.sh', '--test', stdout);
      assert.equal(closed.code, 1);
      assert.match(closed.stderr, /is encrypted[\s\S]*next: .*--identity/);
      await must('age-keygen', ['-o', join(folder, 'other.txt')]);
      const other = await stack.script('restore.sh', '--test', stdout, '--identity', join(folder, 'other.txt'));
      assert.equal(other.code, 1, other.all);
      const open = await stack.mustScript('restore.sh', '--test', stdout, '--identity', identity);
      assert.match(open.stderr, /every table has as many rows as the dump/);
      set(recipient, `BACKUP_AGE_IDENTITY=${identity}`);
      assert.match((await stack.mustScript('restore.sh', '--test')).stderr, /every table has as many rows/);
    });

    it('an ssh key beside it opens it too; a key that is none stops before anything is written', async () => {
      const ssh = join(folder, 'ssh');
      await must('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'me at home', '-f', ssh]);
      set(`${recipient},${readFileSync(`${ssh}.pub`, 'utf8').trim()}`);
      const { stdout } = await stack.mustScript('backup.sh', '--no-prune');
      await stack.mustScript('restore.sh', '--test', stdout, '--identity', ssh);
      const files = sets.files();
      set('BACKUP_AGE_RECIPIENT=age1nothing');
      const { code, stderr } = await stack.script('backup.sh');
      assert.equal(code, 1);
      assert.match(stderr, /age takes no key from BACKUP_AGE_RECIPIENT; nothing was written/);
      assert.deepEqual(sets.files(), files);
    });

    it('without age: an error that says how to get it, and nothing is written', async () => {
      set(recipient);
      const files = sets.files();
      const { code, stderr } = await without('age', 'backup.sh');
      assert.equal(code, 1);
      assert.match(stderr, /age is not installed; nothing was written\n {2}next: apt install age/);
      assert.deepEqual(sets.files(), files);
    });

    it('killed (-9) in the middle: what is there is encrypted', async () => {
      set(recipient);
      await superuser(
        stack,
        'CREATE TABLE bulk AS SELECT md5(n::text) FROM generate_series(1, 1000000) n',
        roles.database,
      );
      const fault = '{ sleep 2; kill -KILL 0; } &';
      await withFault(stack, { name: '', at: 'docker exec * bash -c *', fault }, 'backup.sh');
      await superuser(stack, 'DROP TABLE bulk', roles.database);
      const part = sets.files().filter((file) => /^\.part-\w+$/.test(file));
      assert.equal(part.length, 1);
      assert.match(sets.read(part[0] ?? ''), /^age-encryption\.org/);
    });
  });

  describe('rclone', () => {
    before(async function () {
      await needTool(this, 'rclone');
    });

    it('copies each backup, whole, and compares', async () => {
      const place = join(folder, 'remote');
      mkdirSync(place);
      set(`BACKUP_RCLONE_REMOTE=${place}`);
      const { stdout, stderr } = await stack.mustScript('backup.sh', '--no-prune');
      assert.match(stderr, /copied to .* and compared/);
      const stem = stdout.slice('backups/'.length).replace(/\.dump$/, '');
      const away = readdirSync(place).sort();
      assert.deepEqual(
        away,
        ['dump', 'globals.sql', 'hmac', 'manifest', 'sha256'].map((kind) => `${stem}.${kind}`),
      );
      await must('sha256sum', ['--check', `${stem}.sha256`], { cwd: place });
    });

    it('a place that is not there, or no rclone: the backup stays here, the exit code is 1, and status says so', async () => {
      writeFileSync(join(folder, 'file'), '');
      set(`BACKUP_RCLONE_REMOTE=${join(folder, 'file', 'inside')}`);
      for (const attempt of [
        () => stack.script('backup.sh', '--no-prune'),
        () => without('rclone', 'backup.sh', '--no-prune'),
      ]) {
        const { code, stdout, stderr } = await attempt();
        assert.equal(code, 1, stderr);
        assert.match(stderr, /^comicpile-backup FAILED app=\S+ step=off-site$/m);
        assert.ok(sets.dumps().includes(stdout.slice('backups/'.length)), stderr);
        assert.match((await stack.script('backup.sh', '--status')).stdout, /^backup +FAIL +at \S+: off-site/m);
      }
      // A deploy asks for no copy, and does not hide that the last one failed.
      await stack.mustScript('backup.sh', '--no-prune', '--local');
      assert.match((await stack.script('backup.sh', '--status')).stdout, /^backup +FAIL +at \S+: off-site/m);
    });
  });

  describe('restic', () => {
    before(async function () {
      await needTool(this, 'restic');
    });

    it('copies each backup into the repository; one that is not there is said', async () => {
      const repository = join(folder, 'restic');
      const password = join(folder, 'restic-password');
      writeFileSync(password, 'a password of the repository', { mode: 0o600 });
      set(`BACKUP_RESTIC_REPOSITORY=${repository}`, `BACKUP_RESTIC_PASSWORD_FILE=${password}`);
      const none = await stack.script('backup.sh', '--no-prune');
      assert.equal(none.code, 1);
      assert.match(none.stderr, /restic could not copy; .* stays here\n {2}next: .*restic init/);
      const restic = (...args: string[]) => must('restic', ['--no-cache', '-r', repository, '-p', password, ...args]);
      await restic('init');
      const { stdout } = await stack.mustScript('backup.sh', '--no-prune');
      const { stdout: held } = await restic('dump', 'latest', `/${stdout.replace(/dump$/, 'sha256')}`);
      assert.equal(`${held}\n`, stack.read(stdout.replace(/dump$/, 'sha256')));
    });
  });
});
