import assert from 'node:assert/strict';
import { type Fault, killed, withFault } from '../faults.ts';
import { outage, underLoad } from '../load.ts';
import { postgres18 } from '../postgres18/image.ts';
import { logIn } from '../psql.ts';
import { must } from '../run.ts';
import { secretValues } from '../secretValues.ts';
import { ask } from '../site.ts';
import { sleep } from '../sleep.ts';
import { Served } from './database.ts';

// The answer of the copy, without its first table.
const lossy = 'docker "$@" | sed 1d; exit 0';

describe('scripts: upgrade-postgres.sh', () => {
  let here: Served;
  let image: string;
  let formerImage: string;
  let formerVolume: string;
  before(async () => {
    [here, image] = await Promise.all([Served.start(), postgres18()]);
    formerImage = (await here.stack.compose('config', '--images', 'db')).stdout;
    formerVolume = await here.volume();
    await here.add('before the upgrade');
    // More than our migrations make: rows, a sequence that is ahead of them, and a role of the operator's.
    await here.sql(`
      INSERT INTO comics (title, issue) SELECT 'number ' || n, n FROM generate_series(1, 5000) n;
      SELECT nextval(pg_get_serial_sequence('comics', 'id')) FROM generate_series(1, 41);
      CREATE ROLE reader LOGIN PASSWORD 'a-password-of-the-operator' CONNECTION LIMIT 2;
      ALTER ROLE reader SET statement_timeout = '7s';
      GRANT CONNECT ON DATABASE ${here.database} TO reader;
      GRANT USAGE ON SCHEMA public TO reader;
      GRANT SELECT ON comics TO reader;
    `);
    // As the slot `logins` has it.
    here.stack.edit('db/conf/pg_hba.conf', (text) =>
      text.replace(/^(?=host )/m, `host "${here.database}" "reader" samenet scram-sha-256\n`),
    );
  });
  after(() => here?.stack.remove());

  const upgrade = (...args: string[]) => here.stack.script('upgrade-postgres.sh', ...args);
  const checksum = () => here.sql("SELECT count(*), md5(string_agg(c::text, '|' ORDER BY id)) FROM comics c");
  const onNext = (command: string): string => `docker compose *_next* ${command}*`;
  const swap = 'docker compose *docker-compose.prod.yml --env-file .env.production up *--no-deps db';
  const assertFormer = async (rows: string): Promise<void> => {
    await here.assertServes([formerVolume]);
    assert.deepEqual([await here.major(), await here.volume(), await checksum()], ['17', formerVolume, rows]);
  };

  it('lists every problem at once, and changes nothing: an image that is not there, or of the same major', async () => {
    const rows = await checksum();
    for (const [args, code, why] of [
      [['postgres:17-alpine', '--yes'], 0, /serves already/],
      [['comicpile/no-such-image:18', '--yes'], 1, /FAIL .*neither found nor pulled/],
      [[`${here.stack.project}:initial`, '--yes'], 1, /FAIL .*does not tell which PostgreSQL/],
      [['postgres:17', '--yes'], 1, /FAIL .*is PostgreSQL 17, and 17 runs/],
      [['--yes'], 2, /which IMAGE/],
      [[image], 2, /nobody can be asked here/],
    ] as const) {
      const outcome = await upgrade(...args);
      assert.equal(outcome.code, code, outcome.all);
      assert.match(outcome.stderr, why);
    }
    await assertFormer(rows);
  });

  it('--dry-run says what it would do', async () => {
    const env = here.stack.read('.env.production');
    const { stderr } = await here.stack.mustScript('upgrade-postgres.sh', image, '--dry-run');
    assert.match(stderr, /is PostgreSQL 17, .* is 18/);
    assert.match(stderr, new RegExp(`would keep the volume ${formerVolume}`));
    assert.equal(here.stack.read('.env.production'), env);
  });

  for (const { name, at, fault } of [
    { name: 'the new database does not start', at: onNext('up'), fault: 'exit 1' },
    { name: 'the restore fails', at: onNext('exec -T db pg_restore'), fault: 'exit 1' },
    { name: 'a row is missing in the copy', at: onNext('exec -T db psql *--field-separator'), fault: lossy },
    { name: 'the app does not start on the new database', at: 'docker compose *up *--no-deps app', fault: 'exit 1' },
  ] satisfies Fault[]) {
    it(`${name}: the former database serves again, and nothing of the new one is left`, async () => {
      const rows = await checksum();
      const { code, stderr } = await withFault(here.stack, { name, at, fault }, 'upgrade-postgres.sh', image, '--yes');
      assert.equal(code, 1, stderr);
      assert.match(stderr, /The former database serves, and the new volume is removed/);
      assert.match(here.stack.read('audit.log'), / upgrade failed [^\n]*\n$/);
      await assertFormer(rows);
    });
  }

  for (const [command, { name, at }] of [
    ['upgrade-postgres.sh', { name: 'while the new database is made', at: onNext('up') }],
    ['deploy.sh', { name: 'in the middle of the restore', at: onNext('exec -T db pg_restore') }],
  ] as const) {
    it(`killed (-9) ${name}: ${command} gets the site back, on the former database`, async () => {
      const rows = await checksum();
      const { code } = await withFault(here.stack, { name, at, fault: killed }, 'upgrade-postgres.sh', image, '--yes');
      assert.equal(code, -1, 'the script was not killed');
      await here.stack.mustScript(command, ...(command === 'deploy.sh' ? [] : ['--repair']));
      await assertFormer(rows);
    });
  }

  it('the same rows, roles and privileges on the new major; the site is closed for a moment, with a page', async () => {
    const rows = await checksum();
    // A newer major has more predefined roles.
    const authid = "SELECT rolname, rolpassword, rolconnlimit FROM pg_authid WHERE rolname !~ '^pg_' ORDER BY 1";
    const roles = await here.sql(authid);
    const work = () => here.stack.mustScript('upgrade-postgres.sh', image, '--yes');
    const { value, probes } = await underLoad(here.site, '/api/comics', work);
    const { kinds, text } = outage(probes);
    console.log(`      measured: ${text}; ${/The site was closed for \d+ seconds/.exec(value.stderr)?.[0]}`);
    assert.deepEqual(kinds, [503], text);
    assert.deepEqual([await here.major(), await checksum()], ['18', rows]);
    assert.equal(await here.sql(authid), roles);
    assert.equal(await here.sql("SELECT rolconfig FROM pg_roles WHERE rolname = 'reader'"), '{statement_timeout=7s}');
    await here.assertServes([formerVolume, here.stack.env('DB_VOLUME')].sort());
    assert.match(value.stderr, new RegExp(`docker volume rm ${formerVolume}\n`));
    assert.match(here.stack.read('audit.log'), / upgrade ok [^\n]*\n$/);
  });

  it('the app writes, past the highest number; it may not change the schema, and the operator’s role still reads', async () => {
    const last = Number(await here.sql("SELECT last_value FROM pg_sequences WHERE sequencename = 'comics_id_seq'"));
    await here.add('after the upgrade');
    assert.equal(await here.sql("SELECT id FROM comics WHERE title = 'after the upgrade'"), `${last + 1}`);
    const password = secretValues(here.stack).get('DB_PASSWORD') ?? '';
    const created = await logIn(here.stack, 'keeper', password, here.database, 'CREATE TABLE mine (id int)');
    assert.match(created.stderr, /permission denied for schema public/);
    const read = await logIn(
      here.stack,
      'reader',
      'a-password-of-the-operator',
      here.database,
      'SELECT count(*) > 5000 FROM comics',
    );
    assert.equal(read.stdout, 't', read.all);
    const wrote = await logIn(here.stack, 'reader', 'a-password-of-the-operator', here.database, 'DELETE FROM comics');
    assert.match(wrote.stderr, /permission denied for table comics/);
  });

  it('has the data on the named volume and nothing on an anonymous one; audit.sh and deploy.sh agree', async () => {
    const { Id } = await here.stack.inspect('db');
    const { stdout } = await must('docker', [
      'inspect',
      '--format',
      '{{range .Mounts}}{{println .Type .Name}}{{end}}',
      Id,
    ]);
    const volumes = stdout
      .split('\n')
      .filter((line) => line.startsWith('volume '))
      .sort();
    assert.deepEqual(
      volumes,
      [`volume ${here.stack.project}_db-archive`, `volume ${here.stack.env('DB_VOLUME')}`].sort(),
    );
    const check = await here.stack.script('audit.sh', '--live', '--allow-self-signed', '--only', 'db-*');
    assert.doesNotMatch(check.stdout, /^FAIL/m);
    await here.stack.mustScript('upgrade-postgres.sh', '--check');
    await here.stack.mustScript('deploy.sh', '--allow-restart');
    assert.deepEqual([await here.major(), (await ask(here.site, '/api/comics')).status], ['18', 200]);
  });

  it('the former volume still starts with the former image, and knows nothing of what came later', async () => {
    const sql =
      "SELECT count(*) FILTER (WHERE title = 'before the upgrade'), count(*) FILTER (WHERE title = 'after the upgrade') FROM comics";
    assert.equal(await here.sqlIn(formerVolume, formerImage, sql), '1|0');
  });

  it('--check, and so deploy.sh, refuses an image that would not start on the volume', async () => {
    const env = here.stack.read('.env.production');
    here.stack.edit('.env.production', (text) => text.replace(/^POSTGRES_IMAGE=.*/m, `POSTGRES_IMAGE=${formerImage}`));
    try {
      const { code, stderr } = await here.stack.script('deploy.sh');
      assert.equal(code, 1);
      assert.match(stderr, /is PostgreSQL 17, and the database in .* is of 18/);
    } finally {
      here.stack.edit('.env.production', () => env);
    }
    await here.add('after the refusal');
  });

  it('killed (-9) after the change-over: the new database was complete, and running the script again opens the site', async () => {
    const later = here.stack.env('DB_VOLUME');
    here.stack.edit('.env.production', (text) =>
      text
        .replace(/^POSTGRES_IMAGE=.*/m, `POSTGRES_IMAGE=${formerImage}`)
        .replace(/^DB_VOLUME=.*/m, `DB_VOLUME=${formerVolume}`),
    );
    await here.stack.compose('up', '-d', '--wait', '--no-deps', 'db');
    await must('docker', ['volume', 'rm', later]);
    const rows = await checksum();
    const { code } = await withFault(
      here.stack,
      { name: '', at: swap, fault: killed },
      'upgrade-postgres.sh',
      image,
      '--yes',
    );
    assert.equal(code, -1, 'the script was not killed');
    const { stderr } = await here.stack.mustScript('upgrade-postgres.sh', image, '--yes');
    assert.match(stderr, /was complete and in place: it stays/);
    assert.deepEqual([await here.major(), await checksum()], ['18', rows]);
    await here.assertServes([formerVolume, here.stack.env('DB_VOLUME')].sort());
  });

  it('with point-in-time recovery: it goes on by itself, and a time before the upgrade brings the former major back', async () => {
    here.stack.edit('.env.production', (text) =>
      text
        .replace(/^POSTGRES_IMAGE=.*/m, `POSTGRES_IMAGE=${formerImage}`)
        .replace(/^DB_VOLUME=.*/m, `DB_VOLUME=${formerVolume}`),
    );
    await here.stack.compose('up', '-d', '--wait', '--no-deps', 'db');
    await here.stack.mustScript('pitr.sh', 'on');
    // A base backup counts from the next second on.
    await sleep(1500);
    await here.add('on the former major');
    await here.stack.mustScript('upgrade-postgres.sh', image, '--yes');
    assert.match((await here.stack.mustScript('pitr.sh', 'status')).stdout, /^on, since /);
    await here.add('on the next major');
    const time = await here.sql(
      "SELECT to_char((created_at + interval '200 ms') AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') FROM comics WHERE title = 'on the former major'",
    );
    await here.stack.mustScript('pitr.sh', 'restore', '--to', time, '--yes');
    assert.equal(await here.major(), '17');
    const titles = await here.sql("SELECT title FROM comics WHERE title LIKE 'on the %'");
    assert.equal(titles, 'on the former major');
  });
});
