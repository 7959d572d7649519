import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { scratch } from '../fixture.ts';
import { commit, edit, put, spoilt } from './projects.ts';
import { describeTool } from './promise.ts';
import { sarifResults } from './sarif.ts';
import { putAccessKey } from './secretLike.ts';
import { fullPath, programOf } from './toolbelt.ts';
import { must, type Result, runProgram } from './toolbox.ts';
import { vulnerableLock } from './vulnerableLock.ts';

/**
 * A database of trivy (bbolt) in which each zlib of Debian 13 and each jinja2 has a vulnerability, HIGH: the real one cannot be had
 * everywhere. Gzip and base64 of what trivy-db's layout is: `debian 13`/zlib and `pip::Test`/jinja2, `data-source`, `vulnerability`.
 */
const database = `H4sIAAAAAAACA+3dTU8TQRgAYD4Vo0a8aOKp2YMnkK8Y6caDiaiQEKOCvRhNFrrCklKadiFgw+9S7/4GD578A/wG3U2XAk2Ikigh5HmS6fSd2Z
1OJ+nhnUzbvr6OoaI++HHjYCB/MtqJr/SddLWoR4p6oKh/fv76fe3L7GYfAAAAcOH0/yH/H+y5fqDn+sP7b83vvb73cPG+FQUAAICL5zCfH7UU
AAAAcGkN9uwDAAAAAJfPUDf/75zkzx9Hi/blrHyqJSun3TvQPf3fuedmVu5m5Wnl2fj0ZLk8Pjk5OdUOnie7cbUSN1vJVj0Ig3JYLgf7Vh4AAA
DOz/Ap+X/+u39pVjaS+kY0fZYdgEc9OwDT7eBVlK6ud/cAWkH4LiiXg/djQWW7Vo+b0UotPt73OO+0QwAAAAD/zJVuJj/Uzf+fZOV6Vr4V8a+s
XCsy/Dwe6T8Z3+7vZP53sroapdF4a2u7uRqfvmlw9GWDUjF0WMRLRTyblWq8kkT10tRMO1iYC8KgEwdjwctoM87i5biVZtHbN4tZsJ6mjVY4MR
HvRpuNWvwgzTv3G0kjDPPriiHW1lvRmQbozmGo5010Rx7u6dgptjSSWpLu/e0S5Kv3oYjbx+KekxTLSVrLJ/5xq1mKSmln+nNxa7WZNNLO6YoT
XUvxTtzMppG1zy+8mM9aKnG9utU8am8H9Z1qEM7s7/ds2fzPl/KpAwAAOH+H/+c3WmSkh3npoKUBAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
AAAAAAAAAAAOAS+Q0szE7wAAABAA==`;
const metadata = {
  Version: 2,
  NextUpdate: '2099-01-01T00:00:00Z',
  UpdatedAt: '2026-01-01T00:00:00Z',
  DownloadedAt: '2026-01-01T00:00:00Z',
};

const images: string[] = [];
const build = async (name: string, dockerfile: string, fill: (folder: string) => void = () => {}): Promise<string> => {
  const image = `comicpile-test-scan-${name}`;
  const folder = scratch();
  fill(folder);
  writeFileSync(join(folder, 'Dockerfile'), dockerfile);
  await must('docker', ['build', '--quiet', '--tag', image, folder]);
  images.push(image);
  return image;
};

/** The real programs, as the images of their makers have them. */
const trivy = (): Promise<string> =>
  build(
    'trivy',
    `FROM debian:trixie-slim
COPY db /db
RUN printf '#!/bin/sh\\ncase "$*" in *--download-db-only*) mkdir -p /cache/db && cp /db/* /cache/db/ ;; *) exec trivy "$@" ;; esac\\n' >/entry && chmod 755 /entry && chmod -R a+rX /db
COPY trivy /usr/local/bin/trivy
ENTRYPOINT ["/entry"]
`,
    (folder) => {
      mkdirSync(join(folder, 'db'));
      writeFileSync(join(folder, 'db/trivy.db'), gunzipSync(Buffer.from(database, 'base64')));
      writeFileSync(join(folder, 'db/metadata.json'), JSON.stringify(metadata));
      copyFileSync(programOf('trivy'), join(folder, 'trivy'));
    },
  );
const gitleaks = (): Promise<string> =>
  build(
    'gitleaks',
    `FROM debian:trixie-slim
RUN apt-get update && apt-get install --yes --no-install-recommends git && rm -rf /var/lib/apt/lists/*
COPY gitleaks /usr/local/bin/gitleaks
ENTRYPOINT ["gitleaks"]
`,
    (folder) => copyFileSync(programOf('gitleaks'), join(folder, 'gitleaks')),
  );

/** A scanner that somebody has taken over: it says what it can get hold of, and floods whoever listens. */
const hostile = (): Promise<string> =>
  build(
    'hostile',
    `FROM debian:trixie-slim
COPY entry /entry
RUN chmod 755 /entry
ENTRYPOINT ["/entry"]
`,
    (folder) =>
      writeFileSync(
        join(folder, 'entry'),
        `#!/bin/sh
[ "$(id -u)" != 0 ] || echo 'GOT root' >&2
[ ! -S /var/run/docker.sock ] || echo 'GOT the socket' >&2
grep -q '^CapBnd:.*[1-9a-f]' /proc/self/status && echo 'GOT capabilities' >&2
touch /shown/x /x /usr/x 2>/dev/null && echo 'GOT a place to write to' >&2
grep -rlE '^(DB|POSTGRES)_PASSWORD=[A-Za-z0-9_-]{40,}$' /shown 2>/dev/null | sed 's/^/GOT secrets in /' >&2
ls /shown/tree/.git /shown/history.git/hooks 2>/dev/null | sed 's/^/GOT of git /' >&2
interfaces=$(ls /sys/class/net)
if [ -d /shown ]; then
  [ "$interfaces" = lo ] || echo "GOT a network beside the sources: $interfaces" >&2
  touch /cache/x 2>/dev/null && echo 'GOT the database' >&2
  echo 'SAW the sources' >&2
else
  echo 'SAW only a network' >&2
fi
printf '\\033[2J'
`,
      ),
  );

type Scanners = { readonly trivy?: string; readonly gitleaks?: string };
/** scripts/scan.sh of the project, with these images in place of those that it pins. */
const scan = (directory: string, images: Scanners, ...args: string[]): Promise<Result> => {
  edit(directory, 'scripts/scan.sh', (text) =>
    text
      .replace(/(?<==)aquasec\/trivy:\S+/, images.trivy ?? 'nothing')
      .replace(/(?<=in_container )ghcr\.io\/gitleaks\S+/, images.gitleaks ?? 'nothing'),
  );
  return runProgram('env', [`PATH=${fullPath}`, 'bash', 'scripts/scan.sh', '--containers', ...args], {
    cwd: directory,
  });
};

describe('scripts/scan.sh --containers', () => {
  after(() => {
    for (const image of images) void runProgram('docker', ['image', 'rm', '--force', image]);
    return runProgram('docker', ['volume', 'rm', '--force', 'comic-pile-trivy']);
  });

  describeTool('docker', () => {
    it('shows a scanner that was taken over neither the socket, a secret nor a network, and lets it write nowhere', async () => {
      const directory = await spoilt((folder) => put(folder, 'uv.lock', vulnerableLock));
      const image = await hostile();
      const { exitCode, output } = await scan(
        directory,
        { trivy: image, gitleaks: image },
        '--image',
        'debian:trixie-slim',
        '--skip',
        'base',
      );
      assert.equal(exitCode, 1, output);
      assert.deepEqual(output.match(/^GOT.*$/gm), null, output);
      assert.match(output, /SAW only a network/);
      assert.ok((output.match(/SAW the sources/g) ?? []).length >= 5, output);
      assert.ok(!output.includes('\u001b'), 'the terminal was touched');
    });
  });

  describeTool('trivy', () => {
    it('finds what is wrong in an image and in the lock, from an archive and a copy', async () => {
      const directory = await spoilt((folder) => put(folder, 'uv.lock', vulnerableLock));
      const { exitCode, output } = await scan(
        directory,
        { trivy: await trivy() },
        '--image',
        'debian:trixie-slim',
        '--skip',
        'base',
        '--skip',
        'secrets',
      );
      assert.equal(exitCode, 1, output);
      const report = (name: string) => readFileSync(join(directory, 'scan-results', name), 'utf8');
      assert.ok(report('image.json').includes('CVE-2099-0001'));
      assert.ok(report('dependencies.json').includes('CVE-2099-0002'));
      assert.deepEqual(
        ['image', 'dependencies'].map((name) => sarifResults(report(`${name}.sarif`))),
        [1, 1],
      );
      assert.match(report('sbom.cdx.json'), /pkg:deb\/debian\/zlib1g/);
      assert.match(output, /zlib1g/);
    });

    it('an accepted finding of .trivyignore is none, which is said; trivy.yaml of the project is not read', async () => {
      const directory = await spoilt((folder) => {
        put(folder, 'uv.lock', vulnerableLock);
        put(folder, '.trivyignore', 'CVE-2099-0002\n');
        put(folder, 'trivy.yaml', 'severity: [LOW]\nexit-code: 7\n');
      });
      const { exitCode, output } = await scan(
        directory,
        { trivy: await trivy() },
        ...['image', 'base', 'secrets'].flatMap((name) => ['--skip', name]),
      );
      assert.equal(exitCode, 0, output);
      assert.match(output, /left out: what \.trivyignore of this project says/);
    });
  });

  describeTool('gitleaks', () => {
    it('finds a key in the tree and in a history that no branch has', async () => {
      const directory = await spoilt(putAccessKey);
      await must('git', ['checkout', '--quiet', '--detach'], { cwd: directory });
      put(directory, 'app/other.py', readFileSync(join(directory, 'app/storage.py'), 'utf8'));
      await commit(directory);
      await must('git', ['branch', '--force', 'main', 'HEAD~2'], { cwd: directory });
      const { exitCode, output } = await scan(
        directory,
        { gitleaks: await gitleaks() },
        ...['image', 'base', 'dependencies'].flatMap((name) => ['--skip', name]),
      );
      assert.equal(exitCode, 1, output);
      assert.match(output, /File: app\/other\.py/);
      const results = ['secrets-tree', 'secrets-history'].map((name) =>
        sarifResults(readFileSync(join(directory, 'scan-results', `${name}.sarif`), 'utf8')),
      );
      assert.deepEqual(results, [2, 2], output);
    });
  });
});
