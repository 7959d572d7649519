import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from '../fixture.ts';
import { withAdvisories } from './advisories.ts';
import { commit, put, spoilt } from './projects.ts';
import { describeTool } from './promise.ts';
import { sarifProblems, sarifResults } from './sarif.ts';
import { putAccessKey } from './secretLike.ts';
import { fullPath, toolbelt } from './toolbelt.ts';
import { runProgram, type Tool, whereIs } from './toolbox.ts';
import { vulnerableLock } from './vulnerableLock.ts';

const basics =
  'bash awk cat chmod chown cp cut dirname find git grep head id mkdir mktemp mv rm sed sha256sum sort stat tail tar tr uname';

/** A PATH with what every machine has and, of the scanners, these alone: the real ones by name, stand-ins as their text. */
const path = async (real: readonly Tool[], standIns: Readonly<Record<string, string>> = {}): Promise<string> => {
  const scanners = real.map((tool) => [tool, `PATH='${fullPath}' exec '${whereIs(tool)[0]}' "$@"`] as const);
  return toolbelt(basics, { ...Object.fromEntries(scanners), ...standIns });
};

type Scan = { readonly code: number; readonly output: string; readonly report: (name: string) => string };
const scan = async (directory: string, tools: string, ...args: string[]): Promise<Scan> => {
  const command = ['-i', `PATH=${tools}`, `HOME=${scratch()}`, 'bash', 'scripts/scan.sh', ...args];
  const { exitCode, output } = await runProgram('env', command, { cwd: directory });
  return { code: exitCode, output, report: (name) => readFileSync(join(directory, 'scan-results', name), 'utf8') };
};
/** Only that class; the others are left out by name. */
const only = (one: string): string[] =>
  ['image', 'base', 'dependencies', 'secrets'].filter((name) => name !== one).flatMap((name) => ['--skip', name]);

const withLock = (directory: string) => {
  const pyproject =
    '[project]\nname = "comicpile"\nversion = "0.1.0"\nrequires-python = ">=3.11"\ndependencies = ["jinja2"]\n';
  put(directory, 'pyproject.toml', pyproject);
  put(directory, 'uv.lock', vulnerableLock);
};

describe('scripts/scan.sh', () => {
  let project: string;
  before(async () => {
    project = await spoilt(withLock);
  });

  it('a missing scanner is an error that says how to get one, and a skip only by name', async () => {
    const nothing = await path([]);
    const { code, output } = await scan(project, nothing);
    assert.equal(code, 1, output);
    for (const [name, way] of [
      ['image', /docker is not installed/],
      ['base', /neither trivy, grype nor docker scout is installed: install trivy \(https:/],
      ['dependencies', /nothing that can read uv\.lock is installed: install trivy .*uv tool install pip-audit/],
      ['secrets', /gitleaks is not installed: https:/],
    ] as const) {
      assert.match(output, way);
      assert.match(output, new RegExp(`^FAIL {2}${name}$`, 'm'));
    }
    const skipped = await scan(project, nothing, '--skip', 'image', ...only('image'));
    assert.equal(skipped.code, 0, skipped.output);
    assert.equal(skipped.output.match(/^skip {2}\w+ \(asked for\)$/gm)?.length, 4);
  });

  it('arguments that make no sense are exit code 2', async () => {
    const nothing = await path([]);
    for (const args of [['--skip', 'all'], ['--image'], ['--image', '-x'], ['--output'], ['everything']]) {
      assert.equal((await scan(project, nothing, ...args)).code, 2, args.join(' '));
    }
  });

  it('git takes no report, and no build gets one', async () => {
    const ignored = await runProgram('git', ['check-ignore', 'scan-results/secrets-tree.json'], { cwd: project });
    assert.equal(ignored.exitCode, 0);
    assert.match(readFileSync(join(project, '.dockerignore'), 'utf8'), /^scan-results$/m);
  });

  describeTool('gitleaks', () => {
    it('finds nothing in what we emit; the reports of the tree and of the history can be uploaded', async () => {
      const { code, output, report } = await scan(project, await path(['gitleaks']), ...only('secrets'));
      assert.equal(code, 0, output);
      for (const name of ['secrets-tree', 'secrets-history']) {
        assert.deepEqual(sarifProblems(report(`${name}.sarif`)), []);
        assert.equal(sarifResults(report(`${name}.sarif`)), 0);
        assert.deepEqual(JSON.parse(report(`${name}.json`)), []);
      }
    });

    it('finds a key in the tree, and one in the history alone; no report has the key', async () => {
      const directory = await spoilt(putAccessKey);
      const key = /"(.*)"/.exec(readFileSync(join(directory, 'app/storage.py'), 'utf8'))?.[1] ?? '';
      rmSync(join(directory, 'app/storage.py'));
      await commit(directory);
      const tools = await path(['gitleaks']);
      const history = await scan(directory, tools, ...only('secrets'));
      const found = (result: Scan) =>
        ['secrets-tree', 'secrets-history'].map((name) => {
          assert.deepEqual(sarifProblems(result.report(`${name}.sarif`)), []);
          assert.equal(
            (JSON.parse(result.report(`${name}.json`)) as unknown[]).length,
            sarifResults(result.report(`${name}.sarif`)),
          );
          return sarifResults(result.report(`${name}.sarif`));
        });
      assert.deepEqual([history.code, found(history)], [1, [0, 1]], history.output);
      putAccessKey(directory);
      const tree = await scan(directory, tools, ...only('secrets'));
      assert.deepEqual([tree.code, found(tree)], [1, [1, 1]], tree.output);
      assert.match(tree.output, /app\/storage\.py/);
      const results = join(directory, 'scan-results');
      for (const text of [
        tree.output,
        ...readdirSync(results).map((name) => readFileSync(join(results, name), 'utf8')),
      ]) {
        assert.ok(!text.includes(key.slice(4)), 'a report has the key');
      }
    });
  });

  describeTool('uv', () => {
    // uv itself is the real one; only the service that it asks is ours.
    const audit = (address: string) =>
      path([], {
        uv: `export PATH='${fullPath}' UV_HTTP_RETRIES=0
[[ $1 != audit || $2 == --help ]] || set -- "$@" --service-url '${address}'
exec '${whereIs('uv')[0]}' "$@"`,
      }).then((tools) => scan(project, tools, ...only('dependencies')));

    it('uv audit: a package with an advisory is a finding, in both reports', async () => {
      const { code, output, report } = await withAdvisories(true, audit);
      assert.equal(code, 1, output);
      assert.match(output, /jinja2 2\.10 has 1 known vulnerability/);
      assert.deepEqual(sarifProblems(report('dependencies.sarif')), []);
      assert.equal(sarifResults(report('dependencies.sarif')), 1);
      assert.match(report('dependencies.json'), /PYSEC-2019-217/);
    });

    it('uv audit: none is a pass, and a service that does not answer is not', async () => {
      const { code, output, report } = await withAdvisories(false, audit);
      assert.deepEqual([code, sarifResults(report('dependencies.sarif'))], [0, 0], output);
      const away = await audit('http://127.0.0.1:9/');
      assert.equal(away.code, 1, away.output);
    });

    it('a uv that cannot audit gives the locked versions, with their hashes, to pip-audit', async () => {
      const seen = join(scratch(), 'seen');
      const tools = await path([], {
        uv: `[[ $1 != audit ]] || exit 2; PATH='${fullPath}' exec '${whereIs('uv')[0]}' "$@"`,
        'pip-audit': `echo "$*" >>'${seen}'; while [[ $# -gt 0 ]]; do case $1 in --requirement) cat "$2" >>'${seen}' ;; --output) echo '{}' >"$2" ;; esac; shift; done`,
      });
      const { code, output, report } = await scan(project, tools, ...only('dependencies'));
      assert.equal(code, 0, output);
      assert.match(readFileSync(seen, 'utf8'), /^--strict .*--disable-pip .*--require-hashes --format json/m);
      assert.match(readFileSync(seen, 'utf8'), /^jinja2==2\.10[\s\S]*--hash=sha256:0{64}/m);
      assert.equal(report('dependencies.json'), '{}\n');
    });
  });

  // The database of vulnerabilities cannot be had everywhere: what would be found with it is given, the rest is trivy's own.
  describeTool('trivy', () => {
    const result = (vulnerabilities: readonly object[], kind = 'lang-pkgs') =>
      JSON.stringify({
        SchemaVersion: 2,
        ArtifactName: 'uv.lock',
        ArtifactType: 'filesystem',
        Results: [{ Target: 'uv.lock', Class: kind, Type: 'uv', Vulnerabilities: vulnerabilities }],
      });
    const finding = {
      VulnerabilityID: 'CVE-2019-10906',
      PkgName: 'jinja2',
      InstalledVersion: '2.10',
      FixedVersion: '2.10.1',
      Severity: 'HIGH',
      Title: 'a way out of the sandbox',
      PrimaryURL: 'https://avd.example.test/cve-2019-10906',
    };
    const trivy = (text: string, code: number, docker = '') =>
      path([], {
        trivy: `[[ $1 != convert ]] || PATH='${fullPath}' exec '${whereIs('trivy')[0]}' "$@"
echo "$*" >>'${join(project, 'scan-results', 'calls.log')}'
printf '%s' '${text}'; exit ${code}`,
        ...(docker === '' ? {} : { docker }),
      });

    it('makes both reports of one scan', async () => {
      const { code, output, report } = await scan(project, await trivy(result([finding]), 1), ...only('dependencies'));
      assert.equal(code, 1, output);
      assert.match(output, /CVE-2019-10906/);
      assert.deepEqual(sarifProblems(report('dependencies.sarif')), []);
      assert.equal(sarifResults(report('dependencies.sarif')), 1);
      assert.match(report('dependencies.json'), /CVE-2019-10906/);
      assert.match(report('calls.log'), /^fs lock\/uv\.lock .*--severity HIGH,CRITICAL --exit-code 1/m);
      const clean = await scan(project, await trivy(result([]), 0), ...only('dependencies'));
      assert.equal(clean.code, 0, clean.output);
      assert.equal(sarifResults(clean.report('dependencies.sarif')), 0);
    });

    it('one that fails, or that does not know the lock file, is no pass, and leaves no report of before', async () => {
      const failed = await scan(project, await trivy('', 1), ...only('dependencies'));
      assert.equal(failed.code, 1, failed.output);
      assert.ok(!existsSync(join(project, 'scan-results/dependencies.sarif')));
      const unknown = await scan(project, await trivy(result([], 'none'), 0), ...only('dependencies'));
      assert.deepEqual([unknown.code, /does not know uv\.lock/.test(unknown.output)], [1, true], unknown.output);
    });

    it('base: a report for each image that something is built on', async () => {
      const { code, output } = await scan(project, await trivy(result([]), 0), ...only('base'), '--ignore-unfixed');
      assert.equal(code, 0, output);
      const reports = readdirSync(join(project, 'scan-results')).filter((name) => /^base-.*\.sarif$/.test(name));
      for (const image of [/python/, /nginx/, /postgres/, /uv/])
        assert.ok(
          reports.some((name) => image.test(name)),
          String(image),
        );
      assert.match(output, /left out: what no update mends yet/);
    });
  });

  it('grype, where there is no trivy: from HIGH on, both reports; a lock file that it does not know is no pass', async () => {
    const calls = join(scratch(), 'calls');
    const grype = (packages: string, code: number) =>
      path([], {
        grype: `echo "$*" >>'${calls}'; while [[ $# -gt 0 ]]; do case $1 in cyclonedx-json=*) echo '${packages}' >"\${1#*=}" ;; *=*) echo '{}' >"\${1#*=}" ;; esac; shift; done; exit ${code}`,
      });
    const clean = await scan(project, await grype('"purl": "pkg:pypi/jinja2@2.10"', 0), ...only('dependencies'));
    assert.deepEqual([clean.code, clean.report('dependencies.sarif')], [0, '{}\n'], clean.output);
    assert.match(readFileSync(calls, 'utf8'), /^dir:lock .*--fail-on high .*--output sarif=\S+dependencies\.sarif/m);
    assert.equal(
      (await scan(project, await grype('"purl": "pkg:pypi/jinja2@2.10"', 2), ...only('dependencies'))).code,
      1,
    );
    const unknown = await scan(project, await grype('{}', 0), ...only('dependencies'));
    assert.deepEqual([unknown.code, /does not know uv\.lock/.test(unknown.output)], [1, true], unknown.output);
  });

  it('docker scout, where there is neither: the image of the release', async () => {
    const docker = (code: number) =>
      path([], {
        docker: `case "$1 $2" in 'scout cves') while [[ $# -gt 0 ]]; do [[ $1 != --output ]] || echo '{}' >"$2"; shift; done; exit ${code} ;; esac`,
      });
    const args = [...only('image'), '--image', 'comicpile:1'];
    const clean = await scan(project, await docker(0), ...args);
    assert.deepEqual([clean.code, clean.report('image.sarif')], [0, '{}\n'], clean.output);
    assert.equal((await scan(project, await docker(2), ...args)).code, 1);
  });
});
