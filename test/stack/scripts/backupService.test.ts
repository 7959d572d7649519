import assert from 'node:assert/strict';
import { chownSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment } from '../deployment.ts';
import { requireImages } from '../engine.ts';
import { eventually } from '../eventually.ts';
import { folderOf, freshName, generate } from '../generated.ts';
import { must, type Outcome } from '../run.ts';
import { secretValues } from '../secretValues.ts';
import { BackupSets } from './backupSets.ts';

// Not root and not the user of any image: nothing works by chance.
const owner = 1234;
const service = 'backups';

describe('the service `backups`: dumps and drills without systemd, cron and the Docker engine', () => {
  let stack: Deployment;
  let sets: BackupSets;
  before(async () => {
    const name = freshName();
    stack = await generate(name, folderOf(name), ['--db-user', 'keeper']);
    sets = new BackupSets(stack, name.replaceAll('-', '_'));
    await requireImages(await stack.images());
    mkdirSync(join(stack.directory, 'backups'), { mode: 0o700 });
    // As a deploy does it. The service itself may not write there.
    await stack.mustScript('generate-secrets.sh');
    await must('chown', ['-R', `${owner}:${owner}`, stack.directory]);
    await stack.compose('up', '-d', '--wait', 'db');
  });
  after(() => stack?.remove());

  const compose = (...args: string[]): Promise<Outcome> => stack.tryCompose(['--profile', service, ...args]);
  const inside = (...command: string[]): Promise<Outcome> => compose('exec', '-T', service, ...command);
  const is = (state: string): Promise<string> =>
    eventually(`the service is ${state}`, 90, async () =>
      (await stack.inspect(service)).State.Health?.Status === state ? state : undefined,
    );

  it('says which user it must be, when it may not write', async () => {
    const { code, all } = await compose('up', '-d', '--wait', '--wait-timeout', '20', service);
    assert.notEqual(code, 0, all);
    const { all: logs } = await compose('logs', '--no-color', service);
    assert.match(logs, /may not write to backups\/[\s\S]*BACKUPS_USER=1234:1234 in \.env\.production/);
    assert.deepEqual(sets.dumps(), []);
  });

  it('is healthy when a dump and a drill went well; the files belong to the owner of the project', async () => {
    stack.edit('.env.production', (text) => `${text}BACKUPS_USER=${owner}:${owner}\n`);
    chownSync(join(stack.directory, '.env.production'), owner, owner);
    const { code, all } = await compose('up', '-d', '--wait', service);
    assert.equal(code, 0, `${all}\n${(await compose('logs', service)).all}`);
    await is('healthy');
    assert.equal(sets.dumps().length, 1);
    for (const file of readdirSync(join(stack.directory, 'backups'))) {
      const { uid, mode } = statSync(join(stack.directory, 'backups', file));
      assert.deepEqual([uid, mode & 0o777], [owner, 0o600], file);
    }
    assert.match(sets.read('status'), /^backup ok [\s\S]*^drill ok /m);
  });

  it('the scripts of the host take what it made', async () => {
    await stack.mustScript('backup.sh', '--status');
    await stack.mustScript('restore.sh', '--test');
  });

  it('has no capability, no way out, no key of the certificate; its secrets are in no environment', async () => {
    const { Config, HostConfig, NetworkSettings } = await stack.inspect(service);
    assert.equal(HostConfig.ReadonlyRootfs, true);
    assert.deepEqual(Object.keys(NetworkSettings.Networks), [`${stack.project}_backend`]);
    const status = await inside('cat', '/proc/1/status');
    assert.match(status.stdout, /^CapEff:\t0+$/m);
    assert.equal((await inside('ls', 'ssl')).stdout, '');
    assert.notEqual((await inside('touch', 'scripts/lib.sh.new')).code, 0);
    for (const value of secretValues(stack).values()) assert.ok(!Config.Env.some((entry) => entry.includes(value)));
  });

  it('a new password is no reason to start it anew', async () => {
    await stack.mustScript('rotate-secrets.sh', 'POSTGRES_PASSWORD');
    const { code, all } = await inside('scripts/backup.sh');
    assert.equal(code, 0, all);
    assert.equal(sets.dumps().length, 2);
  });

  it('a failure makes it unhealthy, with the line to look for; nothing old is deleted', async () => {
    await stack.compose('stop', 'db');
    const { code, all } = await inside('scripts/backup.sh');
    assert.equal(code, 1);
    assert.match(all, new RegExp(`^comicpile-backup FAILED app=${stack.project} step=preflight$`, 'm'));
    await is('unhealthy');
    assert.equal(sets.dumps().length, 2);
  });

  it('refuses what it could only do in the clear, or not at all', async () => {
    stack.edit('.env.production', (text) => `${text}BACKUP_AGE_RECIPIENT=age1something\n`);
    const { code, all } = await inside('scripts/backup.sh', '--every', '60');
    assert.equal(code, 1);
    assert.match(all, /BACKUP_AGE_RECIPIENT is set; this container has no such tool[\s\S]*timers\.sh install/);
  });
});
