import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { draw, secretHolders } from '../../../src/model/secrets.ts';
import { ArgvWitness } from '../argvWitness.ts';
import type { Deployment } from '../deployment.ts';
import { inspected } from '../inspected.ts';
import { production } from '../production.ts';
import { superuser } from '../psql.ts';
import { must } from '../run.ts';
import { workshop } from '../scratch.ts';
import { heldValues } from '../secretValues.ts';
import { sleep } from '../sleep.ts';

const holders: ReadonlyMap<string, readonly string[]> = secretHolders(false);

/** Every file below a directory, but for those of git, which have their own way to be read. */
const filesIn = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((path) => !/^\.git(\/|$)/.test(path) && statSync(join(directory, path)).isFile())
    .sort();

/** What `look` gives, over and over until the result is asked for. */
const meanwhile = (look: () => Promise<string>) => {
  const seen = new Set<string>();
  let stopped = false;
  const done = (async () => {
    while (!stopped) {
      seen.add(await look());
      await sleep(300);
    }
  })();
  return async (): Promise<string> => {
    stopped = true;
    await done;
    return [...seen].join('\n');
  };
};

describe('scripts: where a secret is found while they work, and after', () => {
  let stack: Deployment;
  /** Each value that there is or was, with the names that it had. */
  const known = new Map<string, Set<string>>();
  const remember = () => {
    for (const [name, value] of heldValues(stack)) known.set(value, (known.get(value) ?? new Set()).add(name));
  };
  /** Names of the values in a text that a service may not have, now or as it was started; by no name: may nobody have. */
  const strays = (text: string, service = ''): string[] =>
    [...known]
      .filter(
        ([value, names]) => text.includes(value) && ![...names].some((name) => holders.get(name)?.includes(service)),
      )
      .map(([, names]) => [...names].join(' or '));

  // What we put into every place ourselves: a search that does not find it there would find no secret either.
  const planted = `planted-${draw(24)}`;
  const places: Record<string, string> = {};
  let filesBefore: readonly string[];
  let temporary: string;
  const compose = 'docker compose -f docker-compose.prod.yml --env-file .env.production';
  const scripts = [
    'deploy.sh --allow-restart',
    'rotate-secrets.sh all',
    'backup.sh',
    'restore.sh --test "$(ls backups/*.dump | tail -n 1)"',
    'certs.sh status',
    'generate-secrets.sh',
    'rollback.sh list',
    'audit.sh --live --allow-self-signed',
  ];

  before(async () => {
    ({ stack } = await production());
    await stack.guard();
    remember();
    const folder = join(workshop, 'leaks');
    temporary = join(folder, 'tmp');
    mkdirSync(temporary, { recursive: true });
    filesBefore = filesIn(stack.directory);
    const since = String(Math.floor(Date.now() / 1000));

    const witness = new ArgvWitness(folder);
    witness.start();
    const top = meanwhile(async () => (await stack.tryCompose(['top'])).all);
    // Containers that are replaced take their logs along, and the engine keeps its last 256 events only.
    const follow = (command: string) => {
      const [docker = '', ...args] = command.split(' ');
      return execa(docker, args, { cwd: stack.directory, all: true, reject: false, stdin: 'ignore' });
    };
    const logs = follow(`${compose} logs --follow --no-color --since ${since}`);
    const project = `label=com.docker.compose.project=${stack.project}`;
    const events = follow(`docker events --since ${since} --filter ${project} --format json`);

    // As a user types them, in a shell that keeps a history.
    const history = join(folder, 'history');
    const lines = [
      `echo ${planted}; env true ${planted}`,
      `${compose} exec -T db sh -c 'sleep 2; :' ${planted} </dev/null`,
      ...scripts.map((script) => `./scripts/${script} </dev/null; echo "ended with $?: ${script.split(' ')[0]}"`),
    ];
    const { all: output } = await execa('bash', ['--norc', '-i'], {
      cwd: stack.directory,
      env: { PATH: `${witness.path}:${process.env.PATH}`, HISTFILE: history, TMPDIR: temporary },
      input: `${lines.join('\n')}\n`,
      all: true,
      reject: false,
      timeout: 280_000,
    });
    remember();
    await superuser(stack, `ALTER ROLE "nobody" PASSWORD '${planted}'`).catch(() => undefined);
    await sleep(1000);

    logs.kill();
    events.kill();
    const { recorded, sampled, looks } = await witness.stop();
    Object.assign(places, {
      'what they print': output,
      'the arguments of every program that they run': recorded,
      'the process list of the host': sampled,
      'docker compose top': await top(),
      'docker events': (await events).all,
      'the history of the shell': readFileSync(history, 'utf8'),
      'the logs, of removed containers too': (await logs).all + (await stack.compose('logs', '--no-color')).all,
    });
    console.log(`      ${looks} looks at /proc, ${recorded.split('\0').length} arguments recorded`);
  });

  it('all of them did their work', () => {
    const ends = places['what they print']?.match(/^ended with .*$/gm) ?? [];
    assert.deepEqual(
      ends,
      scripts.map((script) => `ended with 0: ${script.split(' ')[0]}`),
      strays(places['what they print'] ?? '').length === 0 ? places['what they print'] : 'the output has secrets',
    );
    for (const seen of [
      /\bpg_dump --format/,
      /\bpg_dumpall\0/,
      /\bpg_restore\0/,
      /^openssl\0rand\0|\0openssl\0rand\0/,
    ]) {
      assert.ok(seen.test(places['the arguments of every program that they run'] ?? ''), String(seen));
    }
    const logged = new Set(places['the logs, of removed containers too']?.match(/^app-\d+/gm));
    assert.ok(logged.size >= 4, `logs of ${[...logged].join(', ')} only`);
    assert.ok(known.size >= 8, 'the rotation gave new values, and the former ones are searched for too');
  });

  for (const place of [
    'what they print',
    'the arguments of every program that they run',
    'the process list of the host',
    'docker compose top',
    'docker events',
    'the history of the shell',
    'the logs, of removed containers too',
  ]) {
    it(`none in ${place}`, () => {
      assert.ok(places[place]?.includes(planted), 'what was put there is not found');
      assert.deepEqual(strays(places[place] ?? ''), []);
    });
  }

  it('docker inspect of everything on the engine: in a container whose service may have it, nowhere else', async () => {
    const volume = `${stack.project}_planted`;
    await must('docker', ['volume', 'create', '--label', `planted=${planted}`, volume]);
    try {
      const everything = await inspected(stack.project);
      assert.ok(everything.get(`volume ${volume}`)?.includes(planted));
      for (const service of ['nginx', 'app', 'db']) assert.ok(everything.has(service), service);
      const found = [...everything].map(([name, text]) => [name, strays(text, name)] as const);
      assert.deepEqual(
        found.filter(([, names]) => names.length > 0),
        [],
      );
    } finally {
      await must('docker', ['volume', 'rm', volume]);
    }
  });

  it('docker compose config: each service has its own of the table, and no other', async () => {
    const { stdout } = await stack.compose('--profile', '*', 'config', '--format', 'json');
    const { services, ...rest } = JSON.parse(stdout) as { services: Record<string, unknown> };
    assert.deepEqual(Object.keys(services).sort(), ['app', 'backups', 'certbot', 'db', 'migrate', 'nginx']);
    const now = heldValues(stack);
    for (const [service, text] of Object.entries(services).map(([name, one]) => [name, JSON.stringify(one)] as const)) {
      const has = [...now].filter(([, value]) => text.includes(value)).map(([name]) => name);
      const may = [...now.keys()].filter((name) => holders.get(name)?.includes(service));
      assert.deepEqual(has, may, service);
      assert.deepEqual(strays(text, service), [], service);
    }
    assert.deepEqual(strays(JSON.stringify(rest)), []);
  });

  it('the environments of the processes in the containers, and their temporary files', async () => {
    const now = heldValues(stack);
    for (const service of ['nginx', 'app', 'db']) {
      const read = 'cat /proc/[0-9]*/environ 2>/dev/null; find /tmp /run -type f -exec cat {} + 2>/dev/null; true';
      const { stdout } = await stack.inside(service, ['sh', '-c', read]);
      assert.match(stdout, /PATH=/);
      assert.deepEqual(strays(stdout, service), [], service);
      // A database does not start anew for a rotation: its container has the values of its start.
      if (service !== 'app') continue;
      const has = [...now].filter(([, value]) => stdout.includes(value)).map(([name]) => name);
      assert.deepEqual(
        has,
        [...now.keys()].filter((name) => holders.get(name)?.includes(service)),
      );
    }
  });

  it('the files of the project: .env.production, which has those of now and no other', () => {
    writeFileSync(join(stack.directory, 'planted.txt'), planted);
    try {
      const texts = filesIn(stack.directory).map((path) => [path, readFileSync(join(stack.directory, path))] as const);
      const holding = (value: string) => texts.filter(([, text]) => text.includes(value)).map(([path]) => path);
      assert.deepEqual(holding(planted), ['planted.txt']);
      const now = new Set(heldValues(stack).values());
      for (const [value, names] of known) {
        assert.deepEqual(holding(value), now.has(value) ? ['.env.production'] : [], [...names].join(' or '));
      }
    } finally {
      rmSync(join(stack.directory, 'planted.txt'));
    }
  });

  it('git: no commit has one, nor any object that was ever added', async () => {
    const objects = async () => {
      const git = (...args: string[]) => must('git', args, { cwd: stack.directory });
      return (
        (await git('log', '--all', '-p')).stdout + (await git('cat-file', '--batch-all-objects', '--batch')).stdout
      );
    };
    await must('git', ['hash-object', '-w', '--stdin'], { cwd: stack.directory, input: planted });
    const text = await objects();
    assert.ok(text.includes(planted));
    assert.deepEqual(strays(text), []);
  });

  it('the history and the labels of every release', async () => {
    const { stdout } = await must('docker', ['image', 'ls', '--format', '{{.Tag}}', stack.project]);
    for (const tag of stdout.split('\n')) {
      assert.deepEqual(strays((await must('docker', ['history', '--no-trunc', `${stack.project}:${tag}`])).all), []);
    }
  });

  it('no temporary file is left behind, here or in $TMPDIR', () => {
    assert.deepEqual(readdirSync(temporary), []);
    const left = filesIn(stack.directory).filter((path) => !filesBefore.includes(path));
    assert.deepEqual(
      left.filter(
        (path) =>
          !/^(?:(?:rotation|audit)\.log|\.lock\/(?:scripts|by|engine)|releases\/(?:live|\d{8}T\d{6}Z(?:-[0-9a-f]+)?)\/.*|secrets\/backup_key|backups\/(?:status|[^/]+\.(?:dump|manifest|globals\.sql|sha256|hmac)))$/.test(
            path,
          ),
      ),
      [],
    );
  });

  it('an ALTER ROLE that fails leaves no password in the log of the database, nor on the terminal', async () => {
    const since = new Date().toISOString();
    await superuser(stack, 'ALTER ROLE postgres SET default_transaction_read_only = on');
    try {
      const { code, all } = await stack.script('rotate-secrets.sh', 'POSTGRES_PASSWORD');
      assert.equal(code, 1);
      assert.ok(/cannot execute ALTER ROLE in a read-only transaction/.test(all), 'it failed for another reason');
      assert.ok(!/PASSWORD '/.test(all), 'the terminal has a password');
      assert.deepEqual(strays(all), []);
    } finally {
      await superuser(stack, 'BEGIN READ WRITE; ALTER ROLE postgres RESET default_transaction_read_only; COMMIT');
    }
    const log = async () => (await stack.compose('logs', '--no-color', '--since', since, 'db')).all;
    assert.ok(/ERROR: {2}cannot execute ALTER ROLE/.test(await log()), 'the failure is not in the log');
    assert.ok(
      !/ALTER ROLE .*PASSWORD|(?<![\w-])[A-Za-z0-9_-]{43}(?![\w-])/.test(await log()),
      'the log has a password',
    );
    // The same statement without the care that the script takes is in the log.
    await superuser(stack, `ALTER ROLE "nobody" PASSWORD '${draw(32)}'`).catch(() => undefined);
    assert.ok(/ALTER ROLE .*PASSWORD '[A-Za-z0-9_-]{43}'/.test(await log()), 'a careless statement is not in the log');
    await stack.mustScript('rotate-secrets.sh', '--repair');
  });
});
