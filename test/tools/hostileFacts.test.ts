import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { scratch } from '../fixture.ts';
import { project, put, spoilt } from './projects.ts';
import { describeTool } from './promise.ts';
import { fullPath } from './toolbelt.ts';
import { must, runProgram, whereIs } from './toolbox.ts';

/** A source of chance that a failure can be repeated with: what it was started with is in the title (mulberry32). */
const chance = (seed: number) => {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (bound: number): number => Math.floor(next() * bound);
  const one = <Value>(of: readonly Value[]): Value => of[below(of.length)] as Value;
  return { below, one };
};

const canary = join(scratch(), 'ran');
const id = 'a'.repeat(64);
/** What code that was taken over would like to be computed, shown or taken for the end of a line. */
const pieces = [
  `a[$(touch ${canary})]`,
  `$(touch ${canary})`,
  `\`touch ${canary}\``,
  `'; import os; os.system('touch ${canary}') #`,
  '\u001b[2J\u001b]0;owned\u0007\u009b31m',
  '\u202ekcul doog\u2066\u200f',
  'a\u2028Uid:\t0\u0085ok\u000bok\u000cok\u001cok',
  '\r\nHTTP/2 200\r\nStrict-Transport-Security: x\r\n',
  '9'.repeat(5000),
  '-1',
  '0x10',
  '1e999',
  '²',
  '٣',
  '\u0000\u0001\u007f',
  '\t\t\n\t\n',
  '<script>alert(1)</script>]]>&"\ufffe\uffff',
  '"}],"x":[{"',
  'yes',
  'ok',
  'Uid:\t0\t0\t0\t0',
  `{"id":"${id}","name":"/x","service":null,"user":5,"host":{"CapDrop":3},"state":{"Running":true},"network":[],"mounts":5,"restarts":"9"}`,
  `${'['.repeat(20_000)}`,
  `${'{"a":'.repeat(5000)}1`,
  '(([ -~]|\n)+)+',
  `${'a '.repeat(30_000)}!`,
  `FROM ${'\\\n'.repeat(2000)}`,
  'include *; '.repeat(2000),
];
const names = [
  ...[
    'containers.jsonl',
    `proc/${id}`,
    'db',
    'db.rc',
    'pools',
    'hashes',
    'hashes.rc',
    'networks',
    'images',
    'images.rc',
    'engine',
  ],
  ...[
    'security-options',
    'published',
    'published.rc',
    'log-sizes',
    'volume-created',
    'backups-service',
    'host',
    'disk',
    'socket',
  ],
  ...[
    'addresses',
    'dns',
    'timers',
    'timers.rc',
    'pitr',
    'cert',
    'cert-status',
    'cert-status.err',
    'cert-missing-names',
    'releases',
  ],
  ...[
    'deploys',
    'audit-lines',
    'backup-newest',
    'backup-status',
    'rotation.log',
    'modes',
    'env',
    'env-app',
    'settings',
    'weak-secrets',
  ],
  ...[
    'secrets-in-files',
    'secrets-in-files.rc',
    'secrets-in-dev',
    'git',
    'git-ignored',
    'git-tracked',
    'git-tracked.rc',
    'git-history',
  ],
  ...[
    'git-history.rc',
    'git-values',
    'git-values.rc',
    'build-context',
    'digests',
    'scans',
    'scan/image.sarif',
    'unread',
    'unread-below',
  ],
  ...[
    'compose.json',
    'compose-dev.json',
    'compose-valid',
    'compose-valid.rc',
    'nginx-test.rc',
    'nginx-test.err',
    'edge',
    'dockerfile',
  ],
  ...['health', 'closed', 'git', 'docs', 'http', 'forged', 'old-tls', 'burst', 'security-txt'].map(
    (name) => `probe/${name}`,
  ),
  ...['health.rc', 'health.err', 'old-tls.rc', 'weak-ciphers.rc'].map((name) => `probe/${name}`),
  ...[
    'Dockerfile',
    'docker-compose.prod.yml',
    'SECURITY.md',
    'nginx/nginx.conf',
    'scripts/backup.sh',
    '.comicpile/lock.json',
  ].map((path) => `tree/${path}`),
  ...[
    '.github/workflows/a.yml',
    '.gitlab-ci.yml',
    'renovate.json',
    'SECURITY-REVIEWS.md',
    '.comicpile/images.json',
  ].map((path) => `tree/${path}`),
  ...['workflows', 'scripts', 'own'],
];

/** A folder of facts that nobody honest has collected. */
const hostileFacts = (seed: number): string => {
  const { below, one } = chance(seed);
  const folder = scratch();
  const write = (name: string, text: string | Buffer): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  for (const name of names) {
    if (below(10) === 0) continue;
    const parts = Array.from({ length: 1 + below(6) }, () => one(pieces));
    const noise = Buffer.from(Array.from({ length: below(200) }, () => below(256)));
    const keyed = parts.map(
      (part) => `${one(['role', 'days', 'bits', 'limit', 'connections', 'mode', 'APP_TAG', 'names'])}\t${part}`,
    );
    write(
      name,
      one<string | Buffer>([parts.join(''), parts.join('\n'), keyed.join('\n'), noise, '', `${below(300)}\n`]),
    );
  }
  write('now', '1800000000\n');
  write('live', '');
  write(
    'expected',
    'app\tx\nproduction\tdocker-compose.prod.yml\ndockerfile\tDockerfile\nnginx\tnginx/nginx.conf\nsecurity\tSECURITY.md\nnames\ta.example\noverlap\t2\n',
  );
  return folder;
};

const formats = ['text', 'json', 'sarif', 'junit', 'html'] as const;

describeTool('python', () => {
  describe('the judge of the audit, of facts that were made to deceive it', () => {
    const first = randomInt(1_000_000);
    for (const seed of Array.from({ length: 15 }, (_, index) => first + index)) {
      it(`comes to an end, runs nothing and shows nothing that acts (seed ${seed})`, async () => {
        const folder = hostileFacts(seed);
        const format = formats[seed % formats.length] ?? 'text';
        const program = join(await project('a new app'), 'scripts/audit');
        const command = 'tar -C "$1" -cf - . | (cd / && exec "$2" -I -B "$3" --format "$4")';
        const python = whereIs('python')[0] ?? 'python3';
        const { exitCode, output } = await runProgram('bash', [
          '-o',
          'pipefail',
          '-c',
          command,
          '-',
          folder,
          python,
          program,
          format,
        ]);
        assert.equal(exitCode, 1, output.slice(-2000));
        assert.ok(!existsSync(canary));
        assert.doesNotMatch(output, /[^\P{C}\n]/u);
        assert.doesNotMatch(output, /Traceback/);
        if (format === 'json' || format === 'sarif') JSON.parse(output);
        if (format === 'html') assert.doesNotMatch(output, /<script>alert/);
        if (format === 'junit') {
          const parse = 'import sys, xml.dom.minidom as m; m.parseString(sys.stdin.buffer.read())';
          await must('python', ['-c', parse], { input: output });
        }
        rmSync(folder, { recursive: true });
      });
    }

    it('says that a check took too long, and goes on', async () => {
      const folder = scratch();
      // Patterns of the checks on a text of hand-made length.
      for (const path of ['scripts/backup.sh', '.github/workflows/a.yml', 'Dockerfile', 'SECURITY.md']) {
        put(folder, `tree/${path}`, `${'permissions: '.repeat(20_000)}\n${'| ✅ |'.repeat(50_000)}`);
      }
      put(folder, 'now', '1800000000\n');
      put(folder, 'expected', 'security\tSECURITY.md\ndockerfile\tDockerfile\n');
      put(folder, 'scripts', '');
      const program = join(await project('a new app'), 'scripts/audit');
      const command = `tar -C "$1" -cf - . | "$2" -I -B -c 'import sys; sys.path.insert(0, sys.argv[1]); sys.argv = ["x", "--format", "json"]; import __main__ as here; import runpy
import check
check.check("slow", "it ends", "a test", "")(lambda facts: __import__("re").match(r"(a|a)*b", "a" * 60))
module = runpy.run_path(sys.path[0] + "/__main__.py", run_name="judge")
module["judged"].__globals__["LONGEST"] = 1
sys.exit(module["main"]())' "$3"`;
      const python = whereIs('python')[0] ?? 'python3';
      const { output } = await runProgram('bash', ['-c', command, '-', folder, python, program]);
      const { checks } = JSON.parse(output) as { checks: { id: string; verdict: string; evidence: string }[] };
      const slow = checks.find((each) => each.id === 'slow');
      assert.equal(slow?.verdict, 'FAIL');
      assert.match(slow.evidence, /TimeoutError: it took more than 1 seconds/);
    });
  });
});

/** Where scripts/audit.sh reads, without --live. */
const places = [
  ...[
    'docker-compose.prod.yml',
    'docker-compose.yml',
    'Dockerfile',
    'SECURITY.md',
    'SECURITY-REVIEWS.md',
    '.dockerignore',
    '.gitignore',
  ],
  ...[
    '.pre-commit-config.yaml',
    '.gitlab-ci.yml',
    '.comicpile/images.json',
    'nginx/nginx.conf',
    'scripts/other.sh',
    'renovate.json',
  ],
  ...['rotation.log', 'audit.log', 'backups/status', '.audit-baseline', '.env.app', 'scan-results/image.sarif'],
  ...[
    'ssl/fullchain.pem',
    'ssl/privkey.pem',
    'secrets/db_password',
    '.github/workflows/security.yml',
    'db/init/10-roles.sh',
  ],
];
const kinds: Readonly<Record<string, string>> = {
  'named pipes': 'rm -rf -- "$1"; mkfifo -- "$1"',
  'links to /dev/zero': 'rm -rf -- "$1"; ln -s /dev/zero "$1"',
  'links to a file elsewhere': 'rm -rf -- "$1"; ln -s "$2" "$1"',
  folders: 'rm -rf -- "$1"; mkdir -- "$1"',
  'files of 20 GiB': 'rm -rf -- "$1"; truncate -s 20G -- "$1"',
  'random bytes': 'rm -rf -- "$1"; head -c 20000 /dev/urandom >"$1"',
  'words that bash would compute': 'rm -rf -- "$1"; printf "%s\\t%s\\n" "$3" "$3" "$3 $3 $3" >"$1"',
};

describeTool('git', () => {
  describe('scripts/audit.sh, where it reads', () => {
    for (const [kind, make] of Object.entries(kinds)) {
      it(`comes to an end with ${kind}, runs nothing, and shows nothing of elsewhere`, async () => {
        const elsewhere = join(scratch(), 'elsewhere');
        writeFileSync(elsewhere, 'AKIA-a-key-of-somebody-else\n');
        const directory = await spoilt(() => undefined);
        for (const place of places) {
          mkdirSync(dirname(join(directory, place)), { recursive: true });
          await runProgram('bash', ['-c', make, '-', join(directory, place), elsewhere, `a[$(touch ${canary})]`]);
        }
        const { output, exitCode } = await runProgram(
          'env',
          [`PATH=${fullPath}`, 'bash', 'scripts/audit.sh', '--json'],
          { cwd: directory },
        );
        assert.ok(!existsSync(canary));
        assert.ok(!output.includes('somebody-else'), output);
        assert.ok(!output.includes('it took too long'), output);
        // .audit-baseline that makes no sense is exit code 2, and nothing is judged.
        assert.ok(exitCode === 1 || exitCode === 2, output);
      });
    }
  });
});
