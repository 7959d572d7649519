import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { scratch } from '../fixture.ts';
import { edit, project, put, type SetName, setNames, spoilt } from './projects.ts';
import { describeTool, finds, findsNothing, type Look, lookAtOne } from './promise.ts';
import { findings, must, run, runProgram } from './toolbox.ts';

const workflow = '.github/workflows/security.yml';
const onGitLab: SetName = 'pipelines on GitHub and GitLab';

describeTool('zizmor', () => {
  // The persona that reports most, and no look at the network: the commits were compared with their tags by hand.
  const look: Look = (cwd) =>
    findings(run('zizmor', ['--offline', '--persona=auditor', '--no-progress', '--strict-collection', '.'], { cwd }));
  findsNothing(look);
  finds(
    'an action that is pinned by its tag',
    (directory) => edit(directory, workflow, (text) => text.replace(/(actions\/checkout)@\S+/, '$1@v7')),
    look,
    /unpinned-uses/,
  );
  finds(
    'what others can write, in a script',
    (directory) =>
      edit(directory, workflow, (text) => text.replace('run: scripts/scan.sh', 'run: echo ${{ github.head_ref }} &&')),
    look,
    /template-injection/,
  );
  finds(
    'permissions for all jobs',
    (directory) => edit(directory, workflow, (text) => text.replace(/^permissions: \{\}/m, 'permissions: write-all')),
    look,
    /excessive-permissions/,
  );
});

describeTool('actionlint', () => {
  const look: Look = async (cwd) =>
    existsSync(join(cwd, '.github/workflows')) ? findings(run('actionlint', ['-no-color'], { cwd })) : '';
  findsNothing(look);
  finds(
    'a word of a shell that is not quoted',
    (directory) =>
      edit(directory, workflow, (text) =>
        text.replace('test -s "$RUNNER_TEMP/checklist.md"', 'test -s $RUNNER_TEMP/x'),
      ),
    look,
    /SC2086/,
  );
  finds(
    'a context that does not exist',
    (directory) => edit(directory, workflow, (text) => text.replace('github.event.schedule ==', 'github.evnt ==')),
    look,
    /"evnt"/,
  );
});

describeTool('checkov', () => {
  const check = async (cwd: string) =>
    JSON.parse(
      (
        await run(
          'checkov',
          ['--directory', '.', '--framework', 'github_actions', 'gitlab_ci', '--skip-download', '--output', 'json'],
          { cwd },
        )
      ).stdout,
    ) as unknown;
  type Report = { readonly results: { readonly failed_checks: readonly { readonly check_id: string }[] } };
  const look: Look = async (cwd) => {
    const said = await check(cwd);
    const reports = (Array.isArray(said) ? said : [said]) as Report[];
    // A file that it cannot read it leaves out, and has nothing against it.
    assert.ok(Array.isArray(said) ? said.length > 0 : 'results' in (said as object), 'checkov has looked at nothing');
    return reports.flatMap(({ results }) => results.failed_checks.map(({ check_id: id }) => id)).join(' ');
  };
  findsNothing(look, ['a new app', onGitLab]);
  finds(
    'permissions for all jobs',
    (directory) => edit(directory, workflow, (text) => text.replace(/^permissions: \{\}/m, 'permissions: write-all')),
    look,
    /CKV2_GHA_1/,
  );
});

/** Each file with the schema of whom it is for. */
const schemas: readonly (readonly [path: string, schema: string, ...options: string[]])[] = [
  [workflow, 'vendor.github-workflows'],
  ['.github/dependabot.yml', 'vendor.dependabot'],
  ['.gitlab-ci.yml', 'vendor.gitlab-ci', '--data-transform', 'gitlab-ci'],
  ['.gitlab/ci/security.yml', 'vendor.gitlab-ci', '--data-transform', 'gitlab-ci'],
  ['renovate.json', 'vendor.renovate'],
];

describeTool('check-jsonschema', () => {
  const looks = schemas.map(([path, schema, ...options]) => {
    const command = ['--builtin-schema', schema, ...options, path];
    return { path, look: lookAtOne(path, (cwd) => findings(run('check-jsonschema', command, { cwd }))) };
  });
  const look: Look = async (cwd) => {
    const files = looks.filter(({ path }) => existsSync(join(cwd, path)));
    return (await Promise.all(files.map((each) => each.look(cwd)))).join('\n').trim();
  };
  findsNothing(look);
  for (const [path] of schemas) {
    it(`finds a key that nobody knows, in ${path}`, async () => {
      const name: SetName = path === 'renovate.json' ? 'pipelines on GitLab, files with other names' : onGitLab;
      const directory = await spoilt(
        // Each in a place where no key of the user's own may be.
        (folder) =>
          edit(folder, path, (text) =>
            path === 'renovate.json'
              ? text.replace('"minimumReleaseAge": "7 days"', '"minimumReleaseAge": 7')
              : path.endsWith('dependabot.yml')
                ? text.replace(/interval: weekly/, 'interval: sometimes')
                : path === workflow
                  ? text.replace(/timeout-minutes: 10/, 'timeout-minute: 10')
                  : text.replace(/^( +- )local:/m, '$1nowhere:').replace(/timeout: 10 minutes/, 'timeout: [10]'),
          ),
        name,
      );
      assert.notEqual(await look(directory), '');
    });
  }
});

type Workflow = {
  readonly jobs: Readonly<
    Record<string, { readonly steps: readonly { readonly name?: string; readonly run?: string }[] }>
  >;
};

/** Runs one step of the workflow as its runner does: bash, in a checkout, with these programs before those of the machine. */
const runStep = async (
  directory: string,
  job: string,
  name: string,
  programs: Readonly<Record<string, string>> = {},
) => {
  const { jobs } = load(readFileSync(join(directory, workflow), 'utf8')) as Workflow;
  const { run: script = '' } = jobs[job]?.steps.find((step) => step.name === name) ?? assert.fail(`no step ${name}`);
  const temporary = scratch();
  for (const [program, text] of Object.entries(programs)) {
    writeFileSync(join(temporary, program), `#!/bin/bash\n${text}\n`);
    chmodSync(join(temporary, program), 0o755);
  }
  const env = [`RUNNER_TEMP=${temporary}`, `PATH=${temporary}:${process.env.PATH}`, `GITHUB_SHA=${'0'.repeat(40)}`];
  const { exitCode, output } = await runProgram(
    'env',
    [...env, 'bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', script],
    {
      cwd: directory,
    },
  );
  return { exitCode, output, temporary };
};

describe('pipelines', () => {
  it('the review opens one issue, with the checklist of SECURITY.md', async () => {
    const directory = await project('a new app');
    const step = 'open an issue with the checklist';
    const { exitCode, output, temporary } = await runStep(directory, 'review', step, {
      gh: `printf '%s\\n' "$@" >>"$RUNNER_TEMP/asked"`,
    });
    assert.equal(exitCode, 0, output);
    const asked = readFileSync(join(temporary, 'asked'), 'utf8').trim().split('\n');
    assert.deepEqual([asked.slice(0, 3), asked.length], [['issue', 'create', '--title'], 6]);
    const checklist = readFileSync(asked.at(-1) ?? '', 'utf8');
    assert.match(checklist, /^## Quarterly review\n/);
    assert.ok((checklist.match(/^- \[ \] /gm) ?? []).length >= 10);
    assert.equal(checklist.match(/^## /gm)?.length, 1);
  });
  it('the review fails where there is no checklist, and opens nothing', async () => {
    const directory = await spoilt((folder) =>
      edit(folder, 'SECURITY.md', (text) => text.replace('## Quarterly review', '## Later')),
    );
    const { exitCode, temporary } = await runStep(directory, 'review', 'open an issue with the checklist', {
      gh: 'touch "$RUNNER_TEMP/asked"',
    });
    assert.deepEqual([exitCode, existsSync(join(temporary, 'asked'))], [1, false]);
  });
  // As upload-sarif tells them apart: by the tool and the id.
  it('no two reports of a tool have one name', async () => {
    const directory = await spoilt((folder) => {
      for (const name of ['image', 'base-a', 'secrets-tree']) {
        put(folder, `scan-results/${name}.sarif`, JSON.stringify({ runs: [{ tool: { driver: { name: 'Trivy' } } }] }));
      }
    });
    const { exitCode, output } = await runStep(directory, 'scan', 'give each report a name of its own');
    assert.equal(exitCode, 0, output);
    const ids = ['image', 'base-a', 'secrets-tree'].map((name) => {
      const report = JSON.parse(readFileSync(join(directory, `scan-results/${name}.sarif`), 'utf8')) as {
        readonly runs: readonly { readonly automationDetails: { readonly id: string } }[];
      };
      return report.runs[0]?.automationDetails.id;
    });
    assert.deepEqual(ids, [
      'scan-results/image.sarif/',
      'scan-results/base-a.sarif/',
      'scan-results/secrets-tree.sarif/',
    ]);
  });
  for (const name of setNames) {
    it(`every file is there that they name, in ${name}`, async () => {
      const directory = await project(name);
      const { stdout } = await must('git', ['ls-files'], { cwd: directory });
      const paths = new Set(stdout.split('\n'));
      assert.ok(paths.has('SECURITY-REVIEWS.md') && paths.has('.pre-commit-config.yaml'));
      assert.equal(paths.has('.gitlab/ci/security.yml'), paths.has('.gitlab-ci.yml'));
      assert.ok(paths.has('.github/dependabot.yml') !== paths.has('renovate.json'));
      assert.ok(paths.has(workflow) || paths.has('.gitlab/ci/security.yml'));
    });
  }
});
