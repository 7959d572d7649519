import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from '../fixture.ts';
import { commandsIn, project, spoilt } from './projects.ts';
import { programOf, toolbelt } from './toolbelt.ts';
import { must, runProgram } from './toolbox.ts';

// There is no macOS here: this is what its tools lack, by their manuals. Absent: flock, sha256sum, timeout, getent, realpath.
const same =
  'bash awk cat chgrp chmod chown cmp cp cut dirname env git gzip id ln mkdir mv od perl ps rm shasum sleep tee tr uniq';
const real = (name: string) => `exec '${programOf(name)}' "$@"`;
/** A tool that knows no long option, nor these. */
const lacks = (name: string, ...options: string[]) => `for word; do
  case $word in --) break ;; --* | ${options.map((option) => `'${option}'`).join(' | ') || "''"}) echo "${name}: illegal option -- $word" >&2; exit 64 ;; esac
done
${real(name)}`;
const macTools = () =>
  toolbelt(same, {
    base64: lacks('base64', '-w'),
    curl: 'exit 7',
    date: lacks('date', '-d', '-I', '-Iseconds'),
    // Nothing runs.
    docker: ':',
    find: lacks('find', '-printf', '-empty0').replace("'--* |'", ''),
    // -r and the like may follow the pattern; Perl's patterns are GNU's alone.
    grep: `for word; do case $word in -P | -*P*) echo 'grep: invalid option -- P' >&2; exit 2 ;; esac; done\n${real('grep')}`,
    head: lacks('head'),
    mktemp: lacks('mktemp', '-p'),
    openssl: `for word; do case $word in -noenc | -dateopt) echo "unknown option '$word'" >&2; exit 1 ;; esac; done\n${real('openssl')}`,
    paste: `[[ $# -gt 0 && (\${!#} != -* || \${!#} == -) ]] || exit 64\n${real('paste')}`,
    readlink: lacks('readlink', '-f', '-e'),
    sed: `[[ $1 != -i && $1 != --* ]] || exit 64\n${real('sed')}`,
    sort: lacks('sort', '-V', '-z'),
    stat: `[[ $1 == -f ]] || { echo "stat: illegal option -- $1" >&2; exit 64; }
[[ $3 != -- ]] || set -- "$1" "$2" "$4"
case $2 in %Lp) format=%a ;; %u | %g) format=$2 ;; %z) format=%s ;; %Su) format=%U ;; *) exit 64 ;; esac
exec '${programOf('stat')}' -c "$format" -- "$3"`,
    sync: '[[ $# -eq 0 ]] || exit 64',
    tail: lacks('tail'),
    tar: `for word; do case $word in --exclude=* | --null | --help) ;; --*) exit 64 ;; esac; done\n${real('tar')}`,
    uname: `case $1 in -s) echo Darwin ;; *) ${real('uname')} ;; esac`,
    // Its numbers have blanks before them.
    wc: `'${programOf('wc')}' "$@" | sed 's/^/       /'`,
    xargs: lacks('xargs', '-r', '-d'),
  });

describe('scripts with the tools of macOS', () => {
  let directory: string;
  let tools: string;
  before(async () => {
    tools = macTools();
    directory = await spoilt(() => undefined, 'secrets in the environment');
  });
  const script = (name: string, ...args: string[]) =>
    runProgram('env', ['-i', `PATH=${tools}`, `HOME=${scratch()}`, 'bash', `scripts/${name}`, ...args], {
      cwd: directory,
    });
  const works = async (name: string, ...args: string[]): Promise<string> => {
    const { exitCode, output } = await script(name, ...args);
    assert.equal(exitCode, 0, `${name} ${args.join(' ')}\n${output}`);
    assert.doesNotMatch(
      output,
      /illegal option|invalid option|unknown option|command not found/,
      `${name} ${args.join(' ')}`,
    );
    return output;
  };

  it('these stand-ins do refuse what only GNU has', async () => {
    for (const command of [
      'stat -c %a .',
      'date -d now',
      'sort -V',
      'readlink -f .',
      'sed -i s/a/b/ x',
      'sync .',
      'sha256sum x',
      'find . -printf %p',
    ]) {
      const { exitCode } = await runProgram('env', ['-i', `PATH=${tools}`, 'bash', '-c', command], { cwd: directory });
      assert.notEqual(exitCode, 0, command);
    }
  });

  it('every script says what it does, and refuses what it does not know with exit code 2', async () => {
    for (const name of commandsIn(directory)) {
      assert.match(await works(name, '--help'), /^Usage: scripts\//, name);
      const { exitCode, output } = await script(name, '--no-such-option');
      assert.deepEqual([exitCode, /\n {2}next: /.test(output)], [2, true], `${name}: ${output}`);
    }
  });

  it('generate-secrets.sh: --dry-run changes nothing; then .env.production, for its owner only', async () => {
    rmSync(join(directory, '.env.production'));
    assert.match(
      await works('generate-secrets.sh', '--dry-run'),
      /would make \.env\.production\n(?:would draw \w+\n?)+/,
    );
    assert.ok(!existsSync(join(directory, '.env.production')));
    await works('generate-secrets.sh');
    assert.equal(statSync(join(directory, '.env.production')).mode & 0o777, 0o600);
    assert.match(readFileSync(join(directory, '.env.production'), 'utf8'), /^DB_PASSWORD=[\w-]{43}$/m);
    assert.ok(!existsSync(join(directory, '.lock/by')));
  });

  it('certs.sh: --dry-run changes nothing; init, install, status', async () => {
    await works('certs.sh', 'init', '--dry-run');
    assert.ok(!existsSync(join(directory, 'ssl/fullchain.pem')));
    await works('certs.sh', 'init');
    assert.match(
      await works('certs.sh', 'install', 'ssl/fullchain.pem', 'ssl/privkey.pem', '--dry-run'),
      /would install .*29 days/,
    );
    assert.match(await works('certs.sh', 'status'), /days left {2}29/);
    await works('certs.sh', 'issue', '--production', '--dry-run');
  });

  it('certs.sh: a certificate of next year is refused', async () => {
    const folder = scratch();
    const config = [
      ...[
        '[ca]',
        'default_ca = x',
        '[x]',
        'database = index',
        'serial = serial',
        'new_certs_dir = .',
        'default_md = sha256',
      ],
      ...[
        'policy = p',
        'x509_extensions = e',
        '[p]',
        'commonName = supplied',
        '[e]',
        'subjectAltName = DNS:app.example.test',
      ],
      ...['[req]', 'distinguished_name = n', '[n]'],
    ];
    writeFileSync(join(folder, 'config'), `${config.join('\n')}\n`);
    writeFileSync(join(folder, 'index'), '');
    writeFileSync(join(folder, 'serial'), '01\n');
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'key'];
    await must('openssl', ['req', '-new', ...key, '-subj', '/CN=app', '-config', 'config', '-out', 'request'], {
      cwd: folder,
    });
    const year = new Date().getUTCFullYear();
    const dates = ['-startdate', `${year + 1}0101000000Z`, '-enddate', `${year + 2}0101000000Z`];
    const sign = ['ca', '-batch', '-config', 'config', '-selfsign', '-keyfile', 'key', '-in', 'request', '-notext'];
    await must('openssl', [...sign, ...dates, '-out', 'certificate'], { cwd: folder });
    const { exitCode, output } = await script('certs.sh', 'install', join(folder, 'certificate'), join(folder, 'key'));
    assert.deepEqual([exitCode, /is not valid yet/.test(output)], [1, true], output);
  });

  it('maintenance.sh: --dry-run changes nothing; on, off', async () => {
    const flag = join(directory, 'nginx/maintenance.flag');
    await works('maintenance.sh', 'on', '--dry-run');
    assert.ok(!existsSync(flag));
    await works('maintenance.sh', 'on');
    assert.equal(statSync(flag).mode & 0o777, 0o644);
    await works('maintenance.sh', 'off', '--dry-run');
    assert.ok(existsSync(flag));
    await works('maintenance.sh', 'off');
    assert.ok(!existsSync(flag));
  });

  it('rotate-secrets.sh --older-than: by rotation.log; --dry-run changes nothing', async () => {
    const before = readFileSync(join(directory, '.env.production'), 'utf8');
    const log = join(directory, 'rotation.log');
    const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().replace(/\.\d+/, '');
    writeFileSync(log, `${ago(91)} rotated DB_PASSWORD\n${ago(89)} rotated POSTGRES_PASSWORD SECRET_KEY\n`);
    const said = await works(
      'rotate-secrets.sh',
      '--older-than',
      '90d',
      '--dry-run',
      'DB_PASSWORD',
      'SECRET_KEY',
      'POSTGRES_PASSWORD',
    );
    assert.match(said, /new values: DB_PASSWORD$/m);
    assert.match(
      await works('rotate-secrets.sh', '--older-than', '92d', '--dry-run', 'DB_PASSWORD'),
      /nothing is older/,
    );
    assert.equal(readFileSync(join(directory, '.env.production'), 'utf8'), before);
    rmSync(log);
  });

  it('review-logs.sh: an archive and its checksum', async () => {
    const time = '20260131T235959Z';
    const folder = join(directory, 'incident', time);
    mkdirSync(join(folder, 'logs'), { recursive: true });
    writeFileSync(join(folder, 'logs/app.demo-app-1.log'), '2026-01-31T23:00:00.000000000Z ERROR something\n');
    const incident = join(directory, 'incident');
    const pack = `tar -czf ${time}.tar.gz ${time} && sha256sum ${time}.tar.gz >${time}.tar.gz.sha256`;
    await must('bash', ['-c', pack], { cwd: incident });
    assert.match(await works('review-logs.sh', `incident/${time}.tar.gz`, 'app'), /errors and warnings: 1/);
    writeFileSync(join(incident, `${time}.tar.gz`), 'changed');
    assert.match((await script('review-logs.sh', `incident/${time}.tar.gz`)).output, /does not fit its checksum/);
  });

  it('evidence.sh says that it needs Linux, and writes nothing', async () => {
    const { exitCode, output } = await script('evidence.sh', '--as', '20260101T000000Z');
    assert.deepEqual([exitCode, /on Linux/.test(output)], [1, true], output);
    assert.ok(!existsSync(join(directory, 'incident/20260101T000000Z.tar.gz')));
  });
});

describe('scripts', () => {
  // So none has to do without what bash adds; the recipes of ops.mk, which sh runs, are in make.test.ts.
  it('all say bash, none says sh', async () => {
    const where = await project('a new app');
    const { stdout } = await must('git', ['grep', '-hE', '^#!'], { cwd: where });
    assert.deepEqual([...new Set(stdout.split('\n'))], ['#!/usr/bin/env bash']);
  });
});
