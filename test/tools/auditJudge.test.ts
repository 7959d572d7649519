import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../src/base/packageRoot.ts';
import { engines } from '../../src/policy/engines.ts';
import { scratch } from '../fixture.ts';
import { fileSeeds } from '../stack/audit/fileSeeds.ts';
import { liveSeeds } from '../stack/audit/liveSeeds.ts';
import { project } from './projects.ts';
import { describeTool } from './promise.ts';
import { must, type Result, runProgram, whereIs } from './toolbox.ts';

type Facts = Readonly<Record<string, string>>;

/** The judge of scripts/audit.sh on facts that no collector has seen: each is a file of the tar that it reads. */
const judge = async (facts: Facts, ...flags: string[]): Promise<Result> => {
  const folder = scratch();
  const all: Facts = {
    now: '1800000000\n',
    expected: 'app\tcomics\nnames\tapp.example.com\nsecrets\tSECRET_KEY\n',
    ...facts,
  };
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const program = join(await project('a new app'), 'scripts/audit');
  const script = 'tar -C "$1" -cf - . | "$2" -I -B "$3" "${@:4}"';
  const python = whereIs('python')[0] ?? assert.fail('python is missing');
  return runProgram(whereIs('bash')[0] ?? 'bash', [
    '-o',
    'pipefail',
    '-c',
    script,
    '-',
    folder,
    python,
    program,
    ...flags,
  ]);
};

type Checked = { readonly id: string; readonly verdict: string; readonly evidence: string };
const checksOf = ({ stdout }: Result): readonly Checked[] => (JSON.parse(stdout) as { checks: Checked[] }).checks;

const container = (more: object): string =>
  `${JSON.stringify({ id: 'a'.repeat(64), name: '/db', service: 'db', hash: '', user: '70', image: 'postgres', host: {}, state: { Running: true }, network: {}, mounts: [], restarts: 0, ...more })}\n`;

/** Faults of a machine that cannot be made on the one that tests: what the collector would have found there. */
const seeds: Readonly<Record<string, readonly [facts: Facts, evidence: RegExp]>> = {
  'cert-there': [{ live: '' }, /missing/],
  'run-logs': [
    { live: '', 'containers.jsonl': container({ host: { LogConfig: { Type: 'json-file', Config: {} } } }) },
    /db: it grows/,
  ],
  'files-read': [{ unread: 'nginx\n', 'unread-below': './scripts/pipe\n' }, /^nginx; scripts\/pipe$/],
  'host-userns': [
    {
      live: '',
      'containers.jsonl': container({ host: { UsernsMode: 'host' } }),
      'security-options': '["name=seccomp,profile=builtin","name=userns"]\n',
    },
    /db is left out/,
  ],
  pitr: [{ live: '', pitr: 'on\narchive FAIL nothing for 3 hours\n' }, /archive FAIL/],
  timers: [
    { live: '', 'timers.rc': '1', timers: 'backup        FAIL  exit-code\nrenew         ok    today\n' },
    /^backup +FAIL/,
  ],
  'host-logs': [{ live: '', 'log-sizes': 'abc\t204800\n' }, /abc: 200 MiB/],
  'host-updates': [{ live: '', host: 'reboot\tyes\n' }, /reboot is due/],
  'host-firewall': [{ live: '', host: 'firewall\toff\n' }, /ufw is installed, and off/],
  'host-docker': [{ live: '', socket: 'mode\t666\ntcp\t2375\n' }, /mode 666; the engine listens on port 2375/],
  'host-engine': [{ live: '', engine: '20.10.24 Docker Engine - Community\n' }, /20\.10\.24/],
  'out-security-txt': [
    {
      live: '',
      expected: 'security-txt\tyes\n',
      'probe/health': 'HTTP/2 200\r\n',
      'probe/security-txt': 'Contact: mailto:a@example.com\nExpires: 2026-01-01T00:00:00Z\n',
    },
    /expired at 2026-01-01/,
  ],
};

describeTool('python', () => {
  describe('the judge of the audit', () => {
    for (const [id, [facts, evidence]] of Object.entries(seeds)) {
      it(`${id} finds its fault`, async () => {
        const found = checksOf(await judge(facts, '--format', 'json', '--only', id));
        assert.equal(found[0]?.verdict, 'FAIL');
        assert.match(found[0].evidence, evidence);
      });
    }

    it('has a fault for every check, in one of the three suites', async () => {
      const { stdout } = await judge({}, '--format', 'list');
      const known = stdout
        .split('\n')
        .map((line) => line.split(' ')[0] ?? '')
        .filter(Boolean);
      const seeded = new Set([
        ...Object.keys(seeds),
        ...[...Object.values(fileSeeds), ...Object.values(liveSeeds)].flatMap((set) => set.map(({ id }) => id)),
      ]);
      assert.deepEqual(
        known.filter((id) => !seeded.has(id)),
        [],
      );
      assert.deepEqual(
        [...seeded].filter((id) => !known.includes(id)),
        [],
      );
      const documented = /runs: (\d+) checks/.exec(readFileSync(join(packageRoot(), 'docs/audit.md'), 'utf8'))?.[1];
      assert.equal(Number(documented), known.length);
    });

    for (const [engine, verdict] of [
      [`${engines.leastEngine}.5+dfsg1 \n`, 'ok'],
      ['26.0.2+dfsg1 \n', 'FAIL'],
      ['26.1.5 Docker Engine - Community\n', 'FAIL'],
      [`${engines.vendorEngine}.0.1 Docker Engine - Community\n`, 'ok'],
      ['29.10.0 Docker Engine - Community\n', 'ok'],
      ['master-dockerproject\n', 'FAIL'],
    ] as const)
      it(`says ${verdict} of the engine ${engine.trim()}`, async () => {
        const [found] = checksOf(await judge({ live: '', engine }, '--format', 'json', '--only', 'host-engine'));
        assert.equal(found?.verdict, verdict);
      });

    it('does not say that a container runs with other settings where Compose reads none', async () => {
      const facts = {
        live: '',
        'hashes.rc': '0',
        hashes: `app ${'1'.repeat(64)}\n`,
        'containers.jsonl': container({ name: '/app', service: 'app', hash: '2'.repeat(64) }),
      };
      const of = async (more: Facts) =>
        checksOf(await judge({ ...facts, ...more }, '--format', 'json', '--only', 'run-current'))[0]?.verdict;
      assert.equal(await of({}), 'skip');
      assert.equal(await of({ 'compose.json': '{"services":{"app":{}}}' }), 'FAIL');
    });

    it('skips the schema where the app makes its own tables', async () => {
      const [found] = checksOf(
        await judge({ live: '', db: 'schema\tskip it makes its own\n' }, '--format', 'json', '--only', 'db-schema'),
      );
      assert.deepEqual([found?.verdict, found?.evidence], ['skip', 'it makes its own']);
    });

    it('believes no part of what the engine told, where it stopped before its end', async () => {
      const [found] = checksOf(
        await judge(
          {
            live: '',
            'containers.jsonl': container({}),
            'containers.jsonl.rc': '1',
            'containers.jsonl.err': 'no such container',
          },
          ...['--format', 'json', '--only', 'run-restarts'],
        ),
      );
      assert.deepEqual(
        [found?.verdict, /docker inspect failed: no such container/.test(found?.evidence ?? '')],
        ['FAIL', true],
      );
    });

    it('counts a check that stumbles as broken', async () => {
      const [found] = checksOf(
        await judge({ live: '', engine: '28.0.0', 'compose.json': '{' }, '--format', 'json', '--only', 'svc-user'),
      );
      assert.equal(found?.verdict, 'FAIL');
      assert.match(found.evidence, /could not be judged/);
    });

    const old: Facts = { live: '', engine: '20.10.24 Docker Engine - Community\n' };
    it('accepts what .audit-baseline names, until the end of that day', async () => {
      const today = await judge(
        { ...old, baseline: '# why\nhost-engine 2027-01-15 the vendor patches it\n' },
        '--format',
        'json',
        '--only',
        'host-engine',
      );
      assert.deepEqual([today.exitCode, checksOf(today)[0]?.verdict], [0, 'accepted']);
      assert.match(checksOf(today)[0]?.evidence ?? '', /until 2027-01-15: the vendor patches it/);
      const over = await judge(
        { ...old, baseline: 'host-engine 2027-01-14 the vendor patches it\n' },
        '--format',
        'json',
        '--only',
        'host-engine',
      );
      assert.deepEqual([over.exitCode, checksOf(over)[0]?.verdict], [1, 'FAIL']);
    });

    it('refuses a baseline that makes no sense, with every line of it', async () => {
      const { exitCode, output } = await judge(
        { baseline: 'nothing 2027-01-01 x\nhost-engine soon x\nhost-disk 2027-01-01\n' },
        '--format',
        'text',
      );
      assert.equal(exitCode, 2);
      assert.match(output, /:1: there is no check nothing[\s\S]*:2: soon is no day[\s\S]*:3: no reason/);
    });

    it('says which entries of the baseline nothing needs any more', async () => {
      const { stdout } = await judge(
        { live: '', engine: '28.0.0 Docker Engine - Community\n', baseline: 'host-engine 2027-02-01 old\n' },
        '--format',
        'text',
        '--only',
        'host-engine',
      );
      assert.match(stdout, /host-engine, which is kept: take the line out/);
    });

    // What a header or a log said is somebody else's text.
    const hostile: Facts = { live: '', engine: '<script>alert(1)</script>&\u001b[2J]]>"\n' };
    it('lets nothing of what it has seen act on a terminal, in HTML or in XML', async () => {
      const text = await judge(hostile, '--format', 'text', '--only', 'host-engine');
      assert.ok(!text.stdout.includes('\u001b'));
      const html = await judge(hostile, '--format', 'html', '--only', 'host-engine');
      assert.doesNotMatch(html.stdout, /<script/);
      assert.match(html.stdout, /&lt;script&gt;/);
      const xml = join(scratch(), 'audit.xml');
      writeFileSync(xml, (await judge(hostile, '--format', 'junit', '--only', 'host-engine')).stdout);
      await must('python', [
        '-c',
        'import sys, xml.dom.minidom as m; assert m.parse(sys.argv[1]).getElementsByTagName("failure")',
        xml,
      ]);
    });

    it('compiles with the syntax of Python 3.8', async () => {
      const folder = join(await project('a new app'), 'scripts/audit');
      const check = 'import ast, sys; [ast.parse(open(f).read(), f, feature_version=(3, 8)) for f in sys.argv[1:]]';
      const modules = readdirSync(folder).filter((name) => name.endsWith('.py'));
      assert.ok(modules.length > 10);
      await must('python', ['-c', check, ...modules.map((name) => join(folder, name))]);
      for (const name of modules) assert.ok(readFileSync(join(folder, name), 'utf8').startsWith('"""'), name);
    });
  });
});
