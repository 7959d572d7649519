import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Production, production } from '../production.ts';
import { superuser } from '../psql.ts';
import { must } from '../run.ts';
import { ask, sendJson } from '../site.ts';

describe('scripts: restore.sh', () => {
  let here: Production;
  let dump: string;
  before(async () => {
    here = await production();
    await add('before the backup');
    dump = (await here.stack.mustScript('backup.sh')).stdout.trim();
    await add('after the backup');
  });

  const add = async (title: string): Promise<void> => {
    const { status, body } = await sendJson(here.site, '/api/comics', { title });
    assert.equal(status, 201, body);
  };
  const titles = async (): Promise<string[]> => {
    const { status, body } = await ask(here.site, '/api/comics?limit=100');
    assert.equal(status, 200, body);
    return (JSON.parse(body) as { title: string }[]).map(({ title }) => title);
  };
  const databases = () => superuser(here.stack, 'SELECT datname FROM pg_database ORDER BY 1');
  const appStartedAt = async () => (await here.stack.inspect('app')).State.StartedAt;

  it('--test restores into a scratch database, compares the rows and touches nothing', async () => {
    const [rows, names, started] = [await titles(), await databases(), await appStartedAt()];
    const { all } = await here.stack.mustScript('restore.sh', '--test', dump);
    assert.match(all, /every table has as many rows as the dump/);
    assert.deepEqual([await titles(), await databases(), await appStartedAt()], [rows, names, started]);
  });

  for (const [what, spoil] of [
    ['whose bytes changed', (dump: Buffer) => Buffer.concat([dump.subarray(0, -20), Buffer.alloc(20)])],
    ['that was cut short, with a checksum that fits', (dump: Buffer) => dump.subarray(0, dump.length - 200)],
    ['that is no dump, with a checksum that fits', () => Buffer.from('DROP TABLE comics;\n')],
  ] as const) {
    it(`a dump ${what} changes nothing`, async () => {
      const [rows, names, started] = [await titles(), await databases(), await appStartedAt()];
      const spoilt = join(here.stack.directory, 'backups/spoilt.dump');
      writeFileSync(spoilt, spoil(readFileSync(join(here.stack.directory, dump))));
      const sum = what.includes('fits') ? spoilt : join(here.stack.directory, dump);
      const { stdout } = await must('sha256sum', [sum]);
      writeFileSync(`${spoilt}.sha256`, `${stdout.split(' ')[0]}  spoilt.dump\n`);
      const { code, all } = await here.stack.script('restore.sh', 'backups/spoilt.dump', '--yes');
      assert.equal(code, 1, all);
      assert.deepEqual([await titles(), await databases(), await appStartedAt()], [rows, names, started]);
    });
  }

  it('asks nobody where nobody is, and so does nothing without --yes', async () => {
    const { code, stderr } = await here.stack.script('restore.sh', dump);
    assert.equal(code, 1);
    assert.match(stderr, /nobody can be asked here/);
    assert.ok((await titles()).includes('after the backup'));
  });

  it('brings back the rows of the dump; what came later is gone from the site, and kept beside it', async () => {
    await here.stack.mustScript('restore.sh', dump, '--yes');
    const rows = await titles();
    assert.ok(rows.includes('before the backup'));
    assert.ok(!rows.includes('after the backup'));
    const former =
      (await databases()).split('\n').find((name) => name.startsWith(`${here.roles.database}_before_`)) ?? '';
    const kept = await superuser(here.stack, "SELECT count(*) FROM comics WHERE title = 'after the backup'", former);
    assert.equal(kept, '1');
  });

  it('leaves a database on which the app can write and the next backup works', async () => {
    await add('after the restore');
    await here.stack.mustScript('backup.sh');
  });
});
