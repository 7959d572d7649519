import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Seen, told, whileWriting } from '../client.ts';
import { nginxPids } from '../nginxPids.ts';
import { superuser } from '../psql.ts';
import { assertKept, assertSound, type Rotated, rotated } from '../rotation/stack.ts';
import { run } from '../run.ts';
import { ask } from '../site.ts';
import { addMigration, retitle } from './release.ts';

/** DEPLOYS=20 takes a quarter of an hour; CI has fewer. */
const deploys = Number(process.env.DEPLOYS ?? 2);

describe(`deploys: ${deploys} in a row, half with a migration, under a client that writes and reads`, () => {
  let here: Rotated;
  let seen: Seen;
  let workers: readonly string[];
  const titles: (string | undefined)[] = [];
  let earlier: number;
  const log = () =>
    here.stack
      .read('audit.log')
      .split('\n')
      .filter((line) => line.includes(' deploy ok '));

  before(async () => {
    here = await rotated();
    // Its first one mounts what is kept, and so makes nginx and the database anew.
    await here.stack.mustScript('deploy.sh', '--allow-restart');
    earlier = log().length;
    workers = await nginxPids(here.stack);
  });

  it('all of them end well, and the new version answers', async function () {
    // One took 53 seconds on two busy cores: a minute was no margin.
    this.timeout(deploys * 120_000);
    ({ seen } = await whileWriting(here.site, async () => {
      for (let turn = 1; turn <= deploys; turn += 1) {
        retitle(here.stack, `release ${turn}`);
        if (turn % 2 === 0) addMigration(here.stack, 1 + turn / 2);
        await here.stack.mustScript('deploy.sh');
        titles.push(/<title>(.*)<\/title>/.exec((await ask(here.site, '/')).body)?.[1]);
      }
    }));
    console.log(`      measured: ${told(seen)}`);
    assert.deepEqual(
      titles,
      titles.map((_, index) => `release ${index + 1}`),
    );
  });

  it('no request failed, and every row that was acknowledged is there', async () => {
    assert.ok(seen.requests > deploys * 200, told(seen));
    assert.equal(seen.failures.length, 0, told(seen));
    await assertKept(here, seen);
    await assertSound(here);
  });

  it('nginx was not reloaded, as no file of its own has changed', async () => {
    assert.deepEqual(await nginxPids(here.stack), workers);
  });

  it('a changed file is loaded, once, and so is its former state after a reload by hand', async () => {
    const reload = async (): Promise<boolean> => {
      const before = await nginxPids(here.stack);
      const sourced = ['-c', '. scripts/lib.sh; reload_nginx if-changed'];
      const { code, all } = await run('bash', sourced, { cwd: here.stack.directory });
      assert.equal(code, 0, all);
      const after = await nginxPids(here.stack);
      return after.join() !== before.join();
    };
    const conf = 'releases/live/nginx/nginx.conf';
    const text = here.stack.read(conf);
    here.stack.edit(conf, (now) => `${now}# another line\n`);
    assert.deepEqual([await reload(), await reload()], [true, false]);
    here.stack.edit(conf, (now) => `${now}# and another\n`);
    await here.stack.inside('nginx', ['nginx', '-s', 'reload']);
    here.stack.edit(conf, (now) => now.replace('# and another\n', ''));
    assert.deepEqual([await reload(), await reload()], [true, false]);
    writeFileSync(join(here.stack.directory, conf), text);
    assert.deepEqual([await reload(), await reload()], [true, false]);
  });

  it('the migrations ran, each once', async () => {
    const columns = "SELECT count(*) FROM information_schema.columns WHERE column_name LIKE 'note_%'";
    assert.equal(await superuser(here.stack, columns, here.database), String(Math.floor(deploys / 2)));
  });

  it('audit.log says who deployed what, when, and from which image; nobody else reads it', async () => {
    const lines = log().slice(earlier);
    assert.equal(lines.length, deploys);
    for (const line of lines)
      assert.match(
        line,
        /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ deploy ok by=\S+@\S+ release=\d{8}T\d{6}Z revision=none image=sha256:[0-9a-f]{64} dump=backups\/\S+ former=\S+ configuration=[0-9a-f]{64} migration=\d{4}$/,
      );
    const { stdout } = await here.stack.compose('images', '--format', 'json', 'app');
    const image = /image=sha256:([0-9a-f]{12})/.exec(lines.at(-1) ?? '')?.[1] ?? 'none';
    assert.ok(stdout.includes(image), stdout);
  });

  it('--keep says how many releases stay', async () => {
    retitle(here.stack, 'the last one');
    await here.stack.mustScript('deploy.sh', '--keep', '2');
    const { stdout } = await here.stack.mustScript('rollback.sh', 'list');
    assert.equal(stdout.split('\n').filter((line) => /\d{8}T/.test(line)).length, 2);
  });
});
