import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/paths.ts';
import { builtImage } from '../builtImage.ts';
import type { Deployment } from '../deployment.ts';
import { eventually } from '../eventually.ts';
import { folderOf, freshName, generate } from '../generated.ts';
import { must, type Outcome, run } from '../run.ts';

const context = join(packageRoot(), 'test', 'stack', 'timers', 'image');
// Blanks and percent signs mean something to systemd, and so does a dollar.
const place = '/srv/my app, 100% $HOME';

describe('timers.sh on a machine with systemd', () => {
  let stack: Deployment;
  let machine: string;
  const on = (...command: string[]): Promise<Outcome> => run('docker', ['exec', machine, ...command]);
  const timers = (...args: string[]): Promise<Outcome> => on(`${place}/scripts/timers.sh`, ...args);
  const unit = (name: string) => `${stack.project}-${name}`;

  before(async () => {
    const image = await builtImage({
      name: 'comicpile-test-systemd',
      context,
      base: 'debian:trixie-slim',
      args: { BASE: 'debian:trixie-slim' },
    });
    const name = freshName();
    const parent = folderOf(freshName());
    const directory = join(parent, place.replace('/srv/', ''));
    mkdirSync(directory);
    stack = await generate(name, directory);
    await stack.mustScript('certs.sh', 'init');
    machine = `${name}-machine`;
    // It is a whole machine: init wants its own cgroups.
    const options = ['--detach', '--privileged', '--tmpfs', '/run', '--tmpfs', '/tmp', '--name', machine];
    await must('docker', ['run', ...options, '--volume', `${parent}:/srv`, image]);
    await eventually('systemd is up', 60, async () =>
      /running|degraded/.test((await on('systemctl', 'is-system-running')).stdout) ? true : undefined,
    );
  });
  after(async () => {
    await run('docker', ['rm', '--force', '--volumes', machine]);
    stack?.remove();
  });

  it('without systemd: says so, with lines for cron; the units are shown all the same', async () => {
    const { code, stderr } = await stack.script('timers.sh', 'install');
    // A developer's own machine may run systemd, and then only root may.
    if (!/only root may write/.test(stderr)) {
      assert.equal(code, 1);
      assert.match(
        stderr,
        /^ {2}17 4,16 \* \* \* {2}\S+ {2}cd .*my\\ app\\,\\ 100\\%.* && \.\/scripts\/certs\.sh renew$/m,
      );
      assert.match(stderr, /systemd does not run on this machine/);
    }
    assert.match((await stack.mustScript('timers.sh', 'install', '--dry-run')).stdout, /OnCalendar=/);
  });

  it('status fails before, and names what is missing', async () => {
    const { code, stdout } = await timers('status');
    assert.equal(code, 1);
    assert.match(stdout, new RegExp(`^${unit('renew')} +not installed$`, 'm'));
  });

  it('does not overwrite a unit of somebody else', async () => {
    const path = `/etc/systemd/system/${unit('renew')}.timer`;
    await on('sh', '-c', `echo mine >"$1"`, '-', path);
    const { code, stderr } = await timers('install');
    assert.equal(code, 1);
    assert.match(stderr, /renew\.timer exists and is not from this script/);
    assert.equal((await on('cat', path)).stdout, 'mine');
    assert.notEqual((await on('test', '-e', `/etc/systemd/system/${unit('certificate')}.timer`)).code, 0);
    await on('rm', path);
  });

  it('install: systemd accepts the units and runs them, and a second time changes nothing', async () => {
    const { code, all } = await timers('install');
    assert.equal(code, 0, all);
    for (const name of ['renew', 'certificate']) {
      const files = [`/etc/systemd/system/${unit(name)}.service`, `/etc/systemd/system/${unit(name)}.timer`];
      const { code: verdict, all: words } = await on('systemd-analyze', 'verify', ...files);
      assert.deepEqual([verdict, words], [0, '']);
      assert.equal((await on('systemctl', 'is-active', `${unit(name)}.timer`)).stdout, 'active');
      assert.equal((await on('systemctl', 'is-enabled', `${unit(name)}.timer`)).stdout, 'enabled');
    }
    assert.match((await timers('install')).stderr, /all of it is installed already/);
    assert.equal((await timers('status')).code, 0);
  });

  it('the job runs the script, in the directory, by its owner', async () => {
    const { code, all } = await on('systemctl', 'start', `${unit('certificate')}.service`);
    assert.equal(code, 0, all);
    const { stdout } = await on(
      'journalctl',
      '--no-pager',
      '--output',
      'cat',
      '--unit',
      `${unit('certificate')}.service`,
    );
    assert.match(stdout, /^days left {2}(?:29|30)$/m);
    const { stdout: owner } = await on(
      'systemctl',
      'show',
      '--property',
      'User',
      '--value',
      `${unit('certificate')}.service`,
    );
    assert.equal(owner, (await on('stat', '-c', '%U', place)).stdout);
  });

  it('a certificate that does not fit is a failed unit, and status says so', async () => {
    const key = join(stack.directory, 'ssl/privkey.pem');
    const good = stack.read('ssl/privkey.pem');
    const { stdout: other } = await must('openssl', [
      'genpkey',
      '-algorithm',
      'EC',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
    ]);
    writeFileSync(key, other);
    assert.notEqual((await on('systemctl', 'start', `${unit('certificate')}.service`)).code, 0);
    const { code, stdout } = await timers('status');
    assert.equal(code, 1);
    assert.match(stdout, new RegExp(`^${unit('certificate')} .*last exit-code$`, 'm'));
    writeFileSync(key, good);
    chmodSync(key, 0o640);
  });

  it('remove: nothing of it is left', async () => {
    assert.equal((await timers('remove')).code, 0);
    assert.equal((await on('sh', '-c', `ls /etc/systemd/system | grep -c '^${stack.project}'`)).stdout, '0');
    assert.match((await timers('remove')).stderr, /there was nothing to remove/);
  });
});
