import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { eventually } from '../eventually.ts';
import { must } from '../run.ts';
import { secretsIn, secretValues } from '../secretValues.ts';
import { skip } from '../skip.ts';
import { type Monitored, monitored } from './monitored.ts';

/** Lines on both outputs, and a long one, which Docker keeps in parts, with a secret where the first part ends. */
const program = `
import sys, time
name, count, pause, secret = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.stdin.readline().strip()
for number in range(count):
    print(f"{name} line {number} end", file=sys.stderr if number % 3 else sys.stdout, flush=True)
    time.sleep(pause)
print("x" * 16370 + secret + "y" * 20000, flush=True)`;

describe('monitoring: the logs', () => {
  let here: Monitored;
  before(async function () {
    this.timeout(600_000);
    here = await monitored();
  });
  beforeEach(() => here.begin());

  const nameOf = (service: string) => `${here.stack.project}-${service}-1`;
  /** A container of the project that says so many lines, and ends. */
  const talk = async (service: string, count: number, pause = 0): Promise<void> => {
    const labels = [`project=${here.stack.project}`, `service=${service}`, 'oneoff=False'];
    await must(
      'docker',
      [
        ...['run', '--interactive', '--name', nameOf(service), '--network', 'none', '--read-only'],
        ...labels.flatMap((label) => ['--label', `com.docker.compose.${label}`]),
        ...['python:3.13-slim', 'python', '-c', program, service, `${count}`, `${pause}`],
      ],
      { input: `${here.stack.env('DB_PASSWORD')}\n` },
    );
  };
  const ship = () => here.stack.mustScript('monitoring.sh', 'ship');
  const taken = (): string =>
    readdirSync(`${here.stack.directory}/monitoring/logs`)
      .filter((name) => name.endsWith('.log'))
      .sort()
      .map((name) => here.stack.read(`monitoring/logs/${name}`))
      .join('');
  /** The numbers of the lines of a container. Docker reads its two outputs side by side: the order is not that of the prints. */
  const numbers = (text: string, service: string): readonly number[] =>
    [...text.matchAll(new RegExp(`\\b${service} line (\\d+) end`, 'g'))]
      .map(([, number]) => Number(number))
      .sort((one, other) => one - other);
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);
  after(async () => {
    for (const service of ['talker', 'whisperer', 'caller'])
      await must('docker', ['rm', '--force', nameOf(service)]).catch(() => undefined);
  });

  it('each line is taken once, while containers come and go and two runs meet; no secret is', async () => {
    await Promise.all([talk('talker', 3000), talk('whisperer', 60, 0.1), ship(), ship()]);
    await ship();
    // What was taken stays, and is not taken again.
    await must('docker', ['rm', nameOf('whisperer')]);
    await ship();
    const text = taken();
    assert.deepEqual(numbers(text, 'talker'), upTo(3000));
    assert.deepEqual(numbers(text, 'whisperer'), upTo(60));
    assert.match(text, / talker \S+-talker-1 x{16370}\[DB_PASSWORD\]y{20000}\n/);
    assert.deepEqual(secretsIn(text, secretValues(here.stack)), []);
    // The services of the stack themselves.
    assert.match(text, /Z nginx \S+ \{/);
    const { stdout } = await must('sh', ['-c', 'stat -c "%a %g" monitoring/logs/*.log | sort -u'], {
      cwd: here.stack.directory,
    });
    assert.equal(stdout.trim(), '640 10010');
  });

  it('LogShippingFails: Loki is away, and the shipper is killed meanwhile; all lines arrive, once', async function () {
    if (here.noShipper !== undefined) skip(this, here.noShipper.split(':').slice(0, 2).join(':'));
    await here.sink.become('refuse');
    await talk('caller', 2500);
    await ship();
    await here.firing('LogShippingFails', { job: 'log-shipper' });
    await here.stack.compose('restart', 'log-shipper');
    await here.sink.become('accept');
    await eventually('all lines at the sink', 60, async () =>
      numbers(await here.sink.logs(), 'caller').length >= 2500 ? true : undefined,
    );
    const logs = await here.sink.logs();
    assert.deepEqual(numbers(logs, 'caller'), upTo(2500));
    assert.match(logs, /service\.namespace/);
    assert.deepEqual(secretsIn(logs, secretValues(here.stack)), []);
    await here.resolved('LogShippingFails', { job: 'log-shipper' });
  });
});
