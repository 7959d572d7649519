import assert from 'node:assert/strict';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from '../fixture.ts';
import { project } from './projects.ts';
import { fullPath } from './toolbelt.ts';
import { runProgram } from './toolbox.ts';

type Line = Readonly<Record<string, string>>;
const usual: Line = {
  time: '2026-01-31T12:00:00+00:00',
  request_id: 'a1',
  remote_addr: '203.0.113.7',
  host: 'app.example.test',
  method: 'GET',
  uri: '/',
  status: '200',
  rate_zone: 'api',
  limit_req_status: 'PASSED',
  limit_conn_status: 'PASSED',
  user_agent: 'x',
};
/** As nginx writes it: bytes from 128 on as they came. */
const line = (given: Line): string => JSON.stringify({ ...usual, ...given });

const probes = [
  ...['/.env', '/.git/config', '/shop/.env.bak', '/.aws/credentials', '/wp-login.php', '/wp-admin/', '/xmlrpc.php'],
  ...['/phpMyAdmin/', '/cgi-bin/luci', '/index.php', '/a/shell.jsp', '/actuator/health', '/HNAP1', '/boaform/admin'],
  ...[
    '/backup.zip',
    '/db.sql',
    '/static/../../etc/passwd',
    '/x/..%2f..%2fetc/shadow',
    '/%2e%2e/%2E%2E/x',
    '/a/%252e%252e/b',
  ],
  ...['/?x', '/%3Cscript%3E', '/$%7Bjndi:ldap'].slice(1),
];
const ordinary = [
  ...['/', '/api/comics/1', '/health', '/static/site.css', '/assets/app.1a2b3c4d.js', '/docs', '/users/me', '/login'],
  ...[
    '/.well-known/security.txt',
    '/a..b',
    '/a...b/c',
    '/wiki/environment',
    '/gitlab',
    '/download/report.zip',
    '/phone',
  ],
];

const log = [
  line({}),
  line({ request_id: 'b2', status: '404', uri: '/none' }),
  line({ status: '429', limit_req_status: 'REJECTED', remote_addr: '198.51.100.9', rate_zone: 'auth', uri: '/login' }),
  line({ status: '503', limit_conn_status: 'REJECTED', remote_addr: '198.51.100.9' }),
  // A client that writes fields of his own.
  line({ status: '500', uri: '/x","status":"200","remote_addr":"127.0.0.1' }),
  '2026/01/31 12:00:00 [error] 7#7: no request',
  '{"remote_addr":',
  line({ uri: '/colours', user_agent: '\u009b2J\u009d0;x\u0007\u202eé' }),
].join('\n');

const awks = ['mawk', 'gawk', 'original-awk', 'busybox'].flatMap((name) =>
  fullPath
    .split(':')
    .map((folder) => join(folder, name))
    .filter((path) => existsSync(path))
    .slice(0, 1)
    .map((path) => (name === 'busybox' ? `${path} awk` : path)),
);

describe('scripts/logs.sh', () => {
  let cwd: string;
  before(async () => {
    cwd = await project('a new app');
  });
  const logs = (args: readonly string[], input: string, awk?: string) => {
    const folder = scratch();
    if (awk !== undefined) {
      writeFileSync(join(folder, 'awk'), `#!/bin/sh\nexec ${awk} "$@"\n`);
      chmodSync(join(folder, 'awk'), 0o755);
    }
    return runProgram('env', [`PATH=${folder}:${fullPath}`, 'scripts/logs.sh', '--file', '-', ...args], { cwd, input });
  };
  const urisOf = async (input: string, ...args: string[]) =>
    (await logs(args, `${input}\n`)).stdout
      .split('\n')
      .filter(Boolean)
      .map((text) => (JSON.parse(text) as Line).uri);

  it('takes only what fits all that was asked for', async () => {
    assert.deepEqual(await urisOf(log, '--status', '404'), ['/none']);
    assert.deepEqual(await urisOf(log, '--status', '5xx', '--client', '198.51.100.9'), ['/']);
    assert.deepEqual(await urisOf(log, '--limited'), ['/login', '/']);
    assert.deepEqual(await urisOf(log, '--zone', 'auth'), ['/login']);
    assert.deepEqual(await urisOf(log, '--id', 'b2'), ['/none']);
    assert.deepEqual(await urisOf(log, '--path', 'olour'), ['/colours']);
    assert.deepEqual(await urisOf(log, '--path', '.*'), []);
  });

  it('a client cannot write a field of his own', async () => {
    assert.deepEqual(await urisOf(log, '--client', '127.0.0.1'), []);
    assert.equal((await urisOf(log, '--status', '500')).length, 1);
  });

  it('prints nothing that a terminal takes for a command', async () => {
    const { stdout } = await logs(['--path', '/colours'], `${log}\n`);
    assert.match(stdout, /"uri":"\/colours"/);
    assert.doesNotMatch(stdout, /[^\n\x20-\x7e]/);
  });

  for (const path of probes) {
    it(`only scanners ask for ${path}`, async () => {
      assert.deepEqual(await urisOf(line({ uri: path }), '--suspicious'), [path]);
    });
  }
  it('nothing else is suspicious', async () => {
    assert.deepEqual(await urisOf(ordinary.map((uri) => line({ uri })).join('\n'), '--suspicious'), []);
  });

  it('every awk of this machine says the same', async () => {
    const all = [log, ...probes.map((uri) => line({ uri }))].join('\n');
    const [first, ...others] = await Promise.all(
      awks.flatMap((awk) =>
        [['summary'], ['--suspicious']].map(async (args) => [args.join(), (await logs(args, `${all}\n`, awk)).stdout]),
      ),
    );
    assert.ok(first !== undefined && first[1] !== '', 'there is no awk here');
    for (const [args, said] of others) if (args === first[0]) assert.equal(said, first[1]);
  });

  it('arguments that make no sense are exit code 2', async () => {
    for (const args of [['--status', '42'], ['--status'], ['--since', '1h'], ['--follow'], ['--color'], ['all']]) {
      assert.equal((await logs(args, '')).exitCode, 2, args.join(' '));
    }
  });
});
