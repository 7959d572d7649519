import assert from 'node:assert/strict';
import { join } from 'node:path';
import { images } from '../../../src/policy/images.ts';
import type { Deployment } from '../deployment.ts';
import { requireImages } from '../engine.ts';
import { folderOf, freshName, generate } from '../generated.ts';
import { Server } from './server.ts';

describe('timers.sh: backup and drill, in their sandbox, against the running database', () => {
  const name = freshName();
  let server: Server;
  let stack: Deployment;
  let project: string;

  before(async () => {
    const directory = folderOf(name);
    [server, stack] = await Promise.all([Server.boot(), generate(name, directory, ['--secrets', 'env'])]);
    await requireImages([images('3.13').postgres]);
    await server.letDeployUseDocker();
    project = join(server.volume, 'my comics');
    await server.put(directory, project);
    const compose = ['docker', 'compose', '-f', 'docker-compose.prod.yml', '--env-file', '.env.production'];
    await server.must([...compose, 'up', '-d', '--wait', 'db'], project);
    await server.must(['scripts/timers.sh', 'install'], project);
  });
  after(async () => {
    stack?.remove();
    await server?.try(['scripts/firewall.sh', 'remove'], project);
    await server?.remove();
  });

  const start = async (job: string): Promise<{ code: number; log: string }> => {
    const { code } = await server.try(['systemctl', 'start', `${name}-${job}.service`]);
    return { code, log: await server.news(`${name}-${job}.service`) };
  };

  it('without a backup, the daily look fails', async () => {
    const { code, log } = await start('backups');
    assert.notEqual(code, 0);
    assert.match(log, /^backup +FAIL +never went well/m);
  });

  it('backup and drill do their work as deploy, and then it does not', async () => {
    for (const job of ['backup', 'drill', 'backups']) {
      const { code, log } = await start(job);
      assert.equal(code, 0, log);
    }
    const { stdout } = await server.must(['sh', '-c', 'stat -c "%U %a %n" backups/*'], project);
    const lines = stdout.split('\n');
    assert.equal(lines.length, 6, stdout);
    for (const line of lines) assert.match(line, /^deploy 600 backups\//);
    const status = await server.try(['scripts/timers.sh', 'status'], project);
    assert.equal(status.code, 0, status.all);
  });

  it('a failure is a failed unit, and a line to look for in the journal', async () => {
    await stack.compose('stop', 'db');
    const { code, log } = await start('backup');
    assert.notEqual(code, 0);
    assert.match(log, new RegExp(`^comicpile-backup FAILED app=${name} step=preflight$`, 'm'));
    assert.match((await server.try(['scripts/timers.sh', 'status'], project)).stdout, /^backup +FAIL +exit-code/m);
    assert.match((await start('backups')).log, /^backup +FAIL +at /m);
  });
});
