import assert from 'node:assert/strict';
import { eventually } from '../eventually.ts';
import { folderOf, freshName, generate } from '../generated.ts';
import { type Outcome, run } from '../run.ts';
import { Server, serverImage } from './server.ts';

// In a home, with what systemd, cron and a shell take for their own.
const home = '/home/deploy/my comics $HOME';
const units = '/etc/systemd/system';
const jobs = ['renew', 'backup', 'drill', 'backups', 'certificate', 'audit', 'firewall'];

describe('timers.sh', () => {
  const name = freshName();
  const names = jobs.flatMap((job) => [`${name}-${job}.service`, `${name}-${job}.timer`]);
  let server: Server;
  let project: string;

  before(async () => {
    project = folderOf(name);
    const [booted] = await Promise.all([Server.boot(), generate(name, project)]);
    server = booted;
    await server.put(project, home);
    await server.must(['scripts/certs.sh', 'init'], home);
    // It is due every hour, perhaps while this runs, and there is no database here.
    await server.replaceJob(`${name}-backup.service`, 'true');
  });
  after(async () => {
    await server?.try(['scripts/firewall.sh', 'remove'], home);
    await server?.remove();
  });

  const timers = (...args: string[]): Promise<Outcome> => server.try(['scripts/timers.sh', ...args], home);
  const refuses = async (outcome: Promise<Outcome>, why: RegExp): Promise<void> => {
    const { code, stderr } = await outcome;
    assert.equal(code, 1, stderr);
    assert.match(stderr, why);
    assert.match(stderr, /^ {2}next: /m);
  };
  const ours = async (): Promise<string[]> =>
    (await server.must(['ls', '-A', units])).stdout.split('\n').filter((file) => file.includes(name));
  const property = async (unit: string, what: string): Promise<string> =>
    (await server.must(['systemctl', 'show', '--value', '--property', what, unit])).stdout;

  it('install wants root, and an owner who reaches Docker and reads the secrets; nothing is written before', async () => {
    await refuses(server.as('deploy', ['scripts/timers.sh', 'install'], home), /install needs root/);
    await refuses(timers('install'), /deploy, whom this project belongs to, cannot talk to the Docker engine/);
    await server.letDeployUseDocker();
    await server.must(['chown', 'root', '.env.production'], home);
    await refuses(timers('install'), /deploy, whom this project belongs to, may not read \.env\.production/);
    await server.must(['chown', 'deploy', '.env.production'], home);
    assert.deepEqual(await ours(), []);
  });

  it('status says that nothing is installed', () => refuses(timers('status'), /not all is well/));

  it('--dry-run shows the units to anybody and writes nothing', async () => {
    const { code, stdout } = await server.as('deploy', ['scripts/timers.sh', 'install', '--dry-run'], home);
    assert.equal(code, 0);
    for (const unit of names) assert.match(stdout, new RegExp(`^── ${units}/${unit}$`, 'm'));
    assert.deepEqual(await ours(), []);
  });

  it('a unit of somebody else is never overwritten, a masked one neither, and nothing else is written then', async () => {
    const file = `${units}/${name}-certificate.timer`;
    await server.must(['sh', '-c', `echo '[Timer]' > ${file}`]);
    await refuses(timers('install'), /is not from this script, so it stays as it is/);
    assert.equal(await server.read(file), '[Timer]');
    assert.deepEqual(await ours(), [`${name}-certificate.timer`]);
    await server.must(['ln', '-sf', '/dev/null', file]);
    await refuses(timers('install'), /is not from this script/);
    await server.must(['rm', file]);
  });

  it('install: systemd accepts the units as they are meant, and the timers run', async () => {
    const { code, stderr } = await timers('install');
    assert.equal(code, 0, stderr);
    assert.deepEqual((await ours()).sort(), [...names].sort());
    const verified = await server.must(['systemd-analyze', 'verify', ...names.map((unit) => `${units}/${unit}`)]);
    assert.equal(verified.all, '');
    for (const job of jobs) {
      const service = `${name}-${job}.service`;
      assert.equal(await property(service, 'WorkingDirectory'), home);
      const [writes, user] = job === 'firewall' ? ['/run', 'root'] : [`"${home.replace('$', '\\$')}"`, 'deploy'];
      assert.equal(await property(service, 'ReadWritePaths'), writes);
      assert.equal(await property(service, 'User'), user);
      assert.equal(await property(`${name}-${job}.timer`, 'UnitFileState'), 'enabled');
      assert.equal(await property(`${name}-${job}.timer`, 'ActiveState'), 'active');
    }
    assert.equal(await property(`${name}-renew.timer`, 'Persistent'), 'yes');
    assert.equal(await property(`${name}-renew.timer`, 'RandomizedDelayUSec'), '1h');
  });

  it('a second install changes nothing and says so', async () => {
    const times = async () => (await server.must(['stat', '-c', '%n %i %z', ...names], units)).stdout;
    const before = await times();
    const { code, stderr } = await timers('install');
    assert.equal(code, 0);
    assert.match(stderr, /^nothing to change/);
    assert.equal(await times(), before);
  });

  it('the firewall job puts the rules there at once, and those who may not see them are told that root has', async () => {
    const rules = await eventually('the rules are there', 30, async () => {
      const { code, stdout } = await server.try(['scripts/firewall.sh', 'status'], home);
      return code === 0 ? `rules ${stdout}` : undefined;
    });
    assert.ok(rules);
    const told = await server.as('deploy', ['scripts/firewall.sh', 'status'], home);
    assert.equal(told.code, 0, told.stderr);
    assert.match(told.stderr, /the rules are there, as root has found/);
    await server.must(['touch', '--date', '20 minutes ago', `/run/${name}.firewall`]);
    assert.equal((await server.as('deploy', ['scripts/firewall.sh', 'status'], home)).code, 1);
    await server.must(['sh', '-c', `echo '#' >>/run/${name}.firewall`]);
    assert.equal((await server.as('deploy', ['scripts/firewall.sh', 'status'], home)).code, 1);
    await server.must(['scripts/firewall.sh', 'remove'], home);
    await server.must(['systemctl', 'start', `${name}-firewall.service`]);
    assert.equal((await server.try(['scripts/firewall.sh', 'status'], home)).code, 0);
  });

  it('the certificate job really runs certs.sh status, and its failure is a failed unit', async () => {
    const service = `${name}-certificate.service`;
    await server.must(['systemctl', 'start', service]);
    assert.match(await server.news(service), /^key +fits$/m);
    const well = await timers('status');
    assert.equal(well.code, 0, well.all);
    assert.match(well.stdout, /^certificate +ok .*\d:\d\d/m);
    assert.match(well.stdout, /^renew +ok +has not run yet$/m);

    await server.must(['mv', 'ssl/fullchain.pem', 'away.pem'], home);
    assert.notEqual((await server.try(['systemctl', 'start', service])).code, 0);
    assert.match(await server.news(service), /no readable ssl\/fullchain\.pem/);
    assert.match((await server.must(['systemctl', '--failed', '--no-pager'])).stdout, new RegExp(service));
    const ill = await timers('status');
    assert.equal(ill.code, 1);
    assert.match(ill.stdout, /^certificate +FAIL +exit-code/m);
    await server.must(['mv', 'away.pem', 'ssl/fullchain.pem'], home);
    await server.must(['systemctl', 'start', service]);
    assert.equal((await timers('status')).code, 0);
  });

  it('a job waits while another script of the project is at work', async () => {
    const service = `${name}-certificate.service`;
    await server.must(['sh', '-c', 'flock .lock/scripts sleep 3 >/dev/null 2>&1 & sleep 0.3'], home);
    await server.must(['systemctl', 'start', '--no-block', service]);
    await server.must(['sleep', '1']);
    assert.equal(await property(service, 'ActiveState'), 'activating');
    assert.match((await timers('status')).stdout, /^certificate +ok +running now$/m);
    await server.must(['systemctl', 'start', service]);
    assert.equal(await property(service, 'Result'), 'success');
  });

  it('install mends what was changed, and takes away jobs that have left the table', async () => {
    await server.must(['sh', '-c', `sed 's/03,15/04,16/' -i ${name}-renew.timer`], units);
    await server.must(
      ['sh', '-c', `for end in service timer; do cp ${name}-renew.$end ${name}-former.$end; done`],
      units,
    );
    await server.must(['systemctl', 'enable', '--now', `${name}-former.timer`]);
    await server.must(['systemctl', 'stop', `${name}-certificate.timer`]);
    assert.equal((await timers('status')).code, 1);
    const { code, stderr } = await timers('install');
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^changed: /);
    assert.deepEqual((await ours()).sort(), [...names].sort());
    assert.match(await property(`${name}-renew.timer`, 'TimersCalendar'), /03,15:17:00/);
    assert.match(await property(`${name}-renew.timer`, 'NextElapseUSecRealtime'), / (?:03|04|15|16):/);
    assert.equal(await property(`${name}-former.timer`, 'ActiveState'), 'inactive');
    assert.equal((await timers('status')).code, 0);
  });

  it('another copy of the project neither takes the timers over nor removes them, until the first one is gone', async () => {
    const moved = '/srv/moved';
    await server.must(['cp', '-a', home, moved]);
    const there = (...args: string[]) => server.try(['scripts/timers.sh', ...args], moved);
    await refuses(there('install'), /belongs to \/home\/deploy\/my comics/);
    assert.match((await there('remove')).stderr, /^nothing to remove/);
    assert.equal((await there('status')).code, 1);
    assert.equal((await timers('status')).code, 0);
    await server.must(['mv', home, `${home}-`]);
    const { code, stderr } = await there('install');
    assert.equal(code, 0, stderr);
    assert.equal(await property(`${name}-renew.service`, 'WorkingDirectory'), moved);
    await server.must(['mv', `${home}-`, home]);
    assert.equal((await there('remove')).code, 0);
  });

  it('remove takes away our own units and leaves those of others; a second one does nothing', async () => {
    assert.equal((await timers('install')).code, 0);
    const alarm = `${units}/${name}-.service.d/alarm.conf`;
    const foreign = `${units}/${name}-other.service`;
    await server.must(['sh', '-c', `mkdir -p ${name}-.service.d && touch ${alarm} ${foreign}`], units);
    assert.deepEqual((await timers('remove', '--dry-run')).stdout.split('\n').sort(), [...names].sort());
    assert.equal((await timers('remove')).code, 0);
    assert.deepEqual((await ours()).sort(), [`${name}-.service.d`, `${name}-other.service`]);
    for (const job of jobs) assert.equal(await property(`${name}-${job}.timer`, 'ActiveState'), 'inactive');
    assert.equal((await server.must(['find', units, '-xtype', 'l'])).stdout, '');
    const again = await timers('remove');
    assert.equal(again.code, 0);
    assert.match(again.stderr, /^nothing to remove/);
  });

  it('paths that a unit cannot hold, and those that do not last, are refused', async () => {
    for (const [path, why] of [
      ["/srv/it's", /a character that cannot stand in a unit/],
      ['/srv/back\\slash', /a character that cannot stand in a unit/],
      ['/srv/two\nlines', /a character that cannot stand in a unit/],
      ['/tmp/comics', /\/tmp\/comics does not last/],
    ] as const) {
      await server.must(['cp', '-a', home, path]);
      await refuses(server.try(['scripts/timers.sh', 'install'], path), why);
    }
    assert.deepEqual(
      (await ours()).filter((file) => file.endsWith('.timer')),
      [],
    );
  });

  it('without systemd: the lines for cron, which find the project too', async () => {
    const mount = `type=bind,source=${project},target=/srv/my 50% comics`;
    const plain = ['run', '--rm', '--mount', mount, '--workdir=/srv/my 50% comics', await serverImage()];
    const { code, stderr } = await run('docker', [...plain, 'scripts/timers.sh', 'install']);
    assert.equal(code, 1);
    assert.match(stderr, /systemd does not run on this machine/);
    const line = stderr.split('\n').find((text) => text.includes('certs.sh status'));
    assert.match(line ?? '', /^5 7 \* \* \* {2}\S+ {2}cd '/);
    // What cron hands to sh; a bare % would end the command.
    const command = (line ?? '').replace(/^.*? {2}\S+ {2}/, '');
    assert.doesNotMatch(command, /(?<!\\)%/);
    const ran = await run('docker', [...plain, 'sh', '-c', `cd / && ${command.replaceAll('\\%', '%')}`]);
    assert.match(ran.stderr, /certs\.sh: no readable ssl\/fullchain\.pem/);
    assert.equal((await run('docker', [...plain, 'scripts/timers.sh', 'install', '--dry-run'])).code, 0);
  });
});
