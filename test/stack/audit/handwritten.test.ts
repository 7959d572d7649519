import assert from 'node:assert/strict';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/base/packageRoot.ts';
import { freshName } from '../generated.ts';
import { publishedCommand } from '../published.ts';
import { must, run } from '../run.ts';
import { workshop } from '../scratch.ts';

/** Weaknesses of the system that was written by hand (test/handwritten), and the check that finds each. */
const weaknesses: Readonly<Record<string, readonly string[]>> = {
  'W1 rate_limit_zone is no directive': ['edge-valid', 'edge-limit-zones'],
  'W3 resolve without a zone': ['edge-resolve'],
  'W4 http2 in the listen line': ['edge-http2'],
  'W5 add_header in a location': ['edge-headers-kept'],
  'W6 nginx says that it is healthy': ['edge-health'],
  'W7 the redirect repeats the Host': ['edge-redirect', 'edge-unknown'],
  'W8 the version of nginx': ['edge-version'],
  'W9 503 for a limit': ['edge-limit-status'],
  'W10 X-Forwarded-For is appended to': ['edge-forwarded'],
  'W11 a cache without effect, Connection upgrade': ['edge-cache', 'edge-upgrade'],
  'W12 no timeouts, no limit_conn, no CSP': [
    'edge-timeouts',
    'edge-app-timeouts',
    'edge-connections',
    'edge-csp',
    'edge-permissions',
    'edge-tickets',
  ],
  'W13 one zone, no place for challenges': ['edge-limit-all', 'edge-limit-login', 'edge-acme'],
  'W14 variables that may be empty': ['compose-required'],
  'W16 no container is hardened': [
    'svc-read-only',
    'svc-capabilities',
    'svc-no-new-privileges',
    'svc-memory',
    'svc-cpus',
    'svc-pids',
    'svc-logs',
  ],
  'W17 names, order, versions, one network, the superuser': [
    'svc-names',
    'svc-order',
    'svc-version',
    'svc-db-internal',
    'svc-nginx-apart',
    'svc-superuser',
  ],
  'W18 development on all interfaces, workers with reload': ['dev-loopback', 'dev-reload'],
  'W19 COPY . . and a thin .dockerignore': ['image-copies', 'build-context'],
  'W20 uv run at the start, uv:latest': ['image-installer', 'image-version', 'image-stages'],
  'W21 no HEALTHCHECK, no proxy headers': ['image-health', 'image-proxy', 'svc-health'],
  'W22 the code is the app’s, which has a shell': ['image-code-owner', 'image-login'],
  'W23 .gitignore has no line for certificates': ['git-ignores'],
  'W24 dumps and settings in the history': ['git-history-files'],
  'W25 and W26 a backup of error messages': ['scripts-strict', 'scripts-backup'],
  'W27 a restore that goes on': ['scripts-restore'],
  'W28 and W29 a rollback that drops the schema': ['scripts-rollback', 'scripts-compose'],
  'W32 backups that anyone may read': ['scripts-backup-closed'],
  'W33 CI without a scan, actions by tag': ['ci', 'ci-pinned', 'updates'],
  'W34 the API describes itself to everyone': ['edge-docs'],
  'W35 ticks that nothing checks': ['security-md'],
};

describe('audit: a deployment that was written by hand', () => {
  let directory: string;
  let stdout: string;
  let code: number;
  before(async () => {
    directory = join(workshop, `handwritten-${freshName()}`);
    mkdirSync(directory);
    cpSync(join(packageRoot(), 'test/handwritten'), directory, { recursive: true });
    writeFileSync(join(directory, 'db_export.json'), '{"users": []}\n');
    writeFileSync(join(directory, '.env.backup'), 'SECRET_KEY=placeholder\n');
    const git = 'git -c user.name=a -c user.email=a@example.test';
    await must(
      'bash',
      [
        '-euc',
        `git init --quiet; git add --all --force; ${git} commit --quiet -m one; git rm --quiet db_export.json; ${git} commit --quiet -m two`,
      ],
      { cwd: directory },
    );
    ({ stdout, code } = await run(await publishedCommand(), ['audit', '--json'], { cwd: directory }));
  });

  it('has 30 findings and more, and the exit code says so', () => {
    const { counts } = JSON.parse(stdout) as { counts: Readonly<Record<string, number>> };
    assert.equal(code, 1);
    console.log(`      ${counts.FAIL} findings`);
    assert.ok((counts.FAIL ?? 0) >= 30, JSON.stringify(counts));
  });

  for (const [weakness, ids] of Object.entries(weaknesses)) {
    it(weakness, () => {
      const { checks } = JSON.parse(stdout) as { checks: readonly { id: string; verdict: string }[] };
      const found = new Set(checks.filter(({ verdict }) => verdict === 'FAIL').map(({ id }) => id));
      assert.deepEqual(
        ids.filter((id) => !found.has(id)),
        [],
      );
    });
  }

  it('writes nothing into the project, and refuses --live', async () => {
    assert.equal((await must('git', ['status', '--porcelain'], { cwd: directory })).stdout, '');
    const live = await run(await publishedCommand(), ['audit', '--live'], { cwd: directory });
    assert.equal(live.code, 2);
    assert.match(live.stderr, /has no \.comicpile\/lock\.json/);
  });
});
