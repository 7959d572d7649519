import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from '../fixture.ts';
import { edit, spoilt } from './projects.ts';
import { fullPath, toolbelt } from './toolbelt.ts';
import { runProgram } from './toolbox.ts';

const start = Math.floor(Date.now() / 1000) * 1000 - 3_600_000;
/** As Docker writes it, that many milliseconds after the start. */
const at = (after: number): string => `${new Date(start + after).toISOString().slice(0, -1)}000000Z`;

/** A project, a Docker that has the logs that are put there, and the machine's tools with some that a test can spoil. */
class Machine {
  readonly logs = scratch();
  readonly #path: string;
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
    const docker = `
here=${this.logs}
case $1 in
  ps) [[ $* == *working_dir* ]] || ls "$here" | sed -n 's/\\.log$//p' ;;
  inspect) [[ $* == *Config.Env* ]] || { [[ -f $here/\${*: -1}.log ]] && echo "\${*: -1}" "stack-\${*: -1}-1"; } ;;
  logs)
    [[ ! -e $here/broken ]] || exit 1
    # From the first line that is as new on, each, as Docker does.
    awk -v since="$4" 'found || substr($0, 1, 30) >= since { found = 1; print }' "$here/$5.log" ;;
  *) : ;;
esac`;
    const sync = `[[ ! -e ${this.logs}/kill || $2 != *.log ]] || kill -KILL $PPID`;
    const df = `[[ -e ${this.logs}/full ]] && printf 'x\\nx 9 9 9000 9%% /\\n' || exec /bin/df "$@"`;
    const date = `[[ $1 != +%s ]] && exec /bin/date "$@" || cat ${this.logs}/clock`;
    this.#path = `${toolbelt('cat', { docker, sync, df, date, sleep: '' })}:${fullPath}`;
    writeFileSync(join(this.folder, '.taken'), `${at(0)}\n`);
    this.clock(0);
  }

  get folder(): string {
    return join(this.directory, 'monitoring/logs');
  }
  files(): readonly string[] {
    return readdirSync(this.folder)
      .filter((name) => name.endsWith('.log'))
      .sort();
  }
  lines(): readonly string[] {
    const texts = this.files().map((name) => readFileSync(join(this.folder, name), 'utf8'));
    return texts.join('').split('\n').filter(Boolean);
  }
  write(service: string, lines: readonly string[]): void {
    writeFileSync(join(this.logs, `${service}.log`), lines.map((line) => `${line}\n`).join(''), { flag: 'a' });
  }
  /** It is so many seconds after the start; a run takes what is there a second later. */
  clock(seconds: number): void {
    writeFileSync(join(this.logs, 'clock'), `${start / 1000 + seconds}\n`);
  }
  spoil(what: 'broken' | 'kill' | 'full', text?: string): void {
    if (text === undefined) rmSync(join(this.logs, what));
    else writeFileSync(join(this.logs, what), text);
  }
  ship() {
    return runProgram('env', [`PATH=${this.#path}`, 'scripts/monitoring.sh', 'ship'], { cwd: this.directory });
  }
  async mustShip(): Promise<void> {
    const { exitCode, output } = await this.ship();
    assert.equal(exitCode, 0, output);
  }
}

const machine = async (): Promise<Machine> =>
  new Machine(
    await spoilt(
      (directory) =>
        edit(directory, 'scripts/monitoring.sh', (text) =>
          text.replace(/^RUN_BYTES=\d+/m, 'RUN_BYTES=150000').replace(/^ALL_BYTES=\d+/m, 'ALL_BYTES=400000'),
        ),
      'monitoring, secrets as files, alerts to Slack',
    ),
  );

describe('scripts/monitoring.sh ship', () => {
  it('each line once, in the order of their times, whole, without the secrets; none of the shipper itself', async () => {
    const here = await machine();
    const secret = readFileSync(join(here.directory, 'secrets/db_password'), 'utf8').trim();
    mkdirSync(join(here.directory, 'monitoring/loki'), { recursive: true });
    writeFileSync(join(here.directory, 'monitoring/loki/loki_login'), 'Basic b25lOnR3bw==');
    here.write('app', [
      `${at(0)} of the run before`,
      `${at(30)} third`,
      `${at(20)} second`,
      'a complaint of docker logs',
    ]);
    here.write('nginx', [
      `${at(10)} first`,
      `${at(40)} ${secret}, {"a":"${secret}"} and Basic b25lOnR3bw==`,
      `${at(45)} `,
    ]);
    // Docker hands out a long line in parts.
    here.write('app', [`${at(50)} long ${secret.slice(0, 9)}${at(50)} ${secret.slice(9)} end`]);
    here.write('app', [`${at(60)} ${'x'.repeat(70_000)}`]);
    here.write('log-shipper', [`${at(5)} Loki is away`]);
    await here.mustShip();
    const [first, second, third, fourth, fifth, sixth, ...others] = here.lines();
    assert.deepEqual(others, []);
    assert.equal(first, `${at(10)} nginx stack-nginx-1 first`);
    assert.equal(second, `${at(20)} app stack-app-1 second`);
    assert.equal(third, `${at(30)} app stack-app-1 third`);
    assert.equal(fourth, `${at(40)} nginx stack-nginx-1 [DB_PASSWORD], {"a":"[DB_PASSWORD]"} and [LOKI_LOGIN]`);
    assert.equal(fifth, `${at(50)} app stack-app-1 long [DB_PASSWORD] end`);
    assert.match(sixth ?? '', /x \[cut\]$/);
    assert.equal(sixth?.length, 65_536 + ' [cut]'.length);
    assert.equal(statSync(join(here.folder, here.files()[0] ?? '')).mode & 0o777, 0o640);
    await here.mustShip();
    assert.equal(here.lines().length, 6);
  });

  it('a run that is killed while it writes is finished by the next one; one that cannot read takes nothing', async () => {
    const here = await machine();
    const numbers = (from: number, to: number, after: number) =>
      Array.from({ length: to - from }, (_, index) => `${at(after + index + 1)} line ${from + index}`);
    const got = () => here.lines().map((line) => Number(line.split(' ').at(-1)));
    here.write('app', numbers(0, 100, 0));
    await here.mustShip();
    here.clock(5);
    here.write('app', numbers(100, 300, 2000));
    here.spoil('kill', '');
    assert.notEqual((await here.ship()).exitCode, 0);
    here.spoil('kill');
    // Killed even earlier: not all of it is written.
    const file = join(here.folder, here.files()[0] ?? '');
    truncateSync(file, statSync(file).size - 3333);
    here.clock(20);
    here.write('app', numbers(300, 310, 10_000));
    here.spoil('broken', '');
    assert.match((await here.ship()).output, /a log cannot be read; nothing was taken/);
    assert.deepEqual(got().length, 300);
    here.spoil('broken');
    await here.mustShip();
    assert.deepEqual(
      got(),
      Array.from({ length: 310 }, (_, index) => index),
    );
  });

  it('takes no more than fits, loses none while the files do, then the oldest; stops before the disk is full', async () => {
    const here = await machine();
    const text = 'y'.repeat(1000);
    here.write(
      'app',
      Array.from({ length: 300 }, (_, index) => `${at(index + 1)} ${text} ${index}`),
    );
    await here.mustShip();
    assert.ok(here.lines().length > 130 && here.lines().length < 160, `${here.lines().length}`);
    await here.mustShip();
    await here.mustShip();
    assert.deepEqual(
      here.lines().map((line) => line.split(' ').at(-1)),
      Array.from({ length: 300 }, (_, index) => `${index}`),
    );
    here.write(
      'app',
      Array.from({ length: 900 }, (_, index) => `${at(2000 + index)} ${text} ${300 + index}`),
    );
    here.clock(10);
    for (let run = 0; run < 8; run += 1) await here.mustShip();
    const left = here.lines().map((line) => Number(line.split(' ').at(-1)));
    assert.equal(left.at(-1), 1199);
    assert.ok((left[0] ?? 0) > 300, `${left[0]}`);
    assert.equal(left.length, 1199 - (left[0] ?? 0) + 1);
    const size = here.files().reduce((all, name) => all + statSync(join(here.folder, name)).size, 0);
    assert.ok(size <= 400_000 + 2 * 152_000, `${size}`);
    here.clock(30);
    here.spoil('full', '');
    here.write('app', [`${at(20_000)} one more`]);
    assert.match((await here.ship()).output, /less than 512 MiB are free: no line is taken/);
    here.spoil('full');
    await here.mustShip();
    assert.match(here.lines().at(-1) ?? '', /one more$/);
  });
});
