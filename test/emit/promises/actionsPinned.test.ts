import assert from 'node:assert/strict';
import { actionsPinned } from '../../../src/emit/promises/actionsPinned.ts';
import { spoil } from '../../fixture.ts';
import { allows, breaks, isKeptByOurs, offencesOf, rendered } from './broken.ts';

describe('promise actionsPinned', () => {
  isKeptByOurs(actionsPinned);
  breaks(actionsPinned, [
    {
      to: '.github/workflows/security.yml',
      edit: (text) => text.replace(/actions\/checkout@\S+/, 'actions/checkout@v7'),
      offence: '.github/workflows/security.yml uses actions/checkout@v7, which is no commit',
    },
    {
      to: '.github/workflows/security.yml',
      edit: (text) => text.replace(/@sha256:\S+/, ''),
      offence: '.github/workflows/security.yml runs hadolint/hadolint:v2.14.0-debian, which is no digest',
    },
    {
      to: '.github/workflows/security.yml',
      edit: (text) => text.replace(/^permissions: \{\}$/m, 'permissions: write-all'),
      offence: '.github/workflows/security.yml does not begin with no permissions',
    },
  ]);

  const to = '.github/workflows/security.yml';
  const job = (body: string) => (text: string) => `${text}\n  more:\n    runs-on: ubuntu-24.04\n    ${body}\n`;
  const digest = `sha256:${'0'.repeat(64)}`;
  const commit = '0'.repeat(40);
  breaks(actionsPinned, [
    ...(
      [
        ['steps: [{uses: a/b@v1}]', 'a/b@v1'],
        ['steps: [{"us\\x65s": "a/b@v1"}]', 'a/b@v1'],
        ['steps:\n      - uses: >-\n          a/b@v1', 'a/b@v1'],
        ['steps:\n      - uses: a/b@v1 # @0123456789012345678901234567890123456789', 'a/b@v1'],
        [`steps: [{uses: "a/b@${commit.slice(1)}"}]`, `a/b@${commit.slice(1)}`],
        ['steps: [{<<: {uses: a/b@v1}}]', 'a/b@v1'],
        ['uses: a/b/.github/workflows/c.yml@main', 'a/b/.github/workflows/c.yml@main'],
        ['steps: [{uses: [a]}]', 'a'],
      ] as const
    ).map(([body, uses]) => ({ to, edit: job(body), offence: `${to} uses ${uses}, which is no commit` })),
    ...(
      [
        ['steps: [{uses: "docker://a/b:1"}]', 'a/b:1'],
        ['container: a/b:1', 'a/b:1'],
        ['container: {image: a/b:1}', 'a/b:1'],
        ['services: {x: {image: a/b:1}}', 'a/b:1'],
        ['services: {x: "a/b:1"}', 'a/b:1'],
        [`container: a/b:1@${digest.slice(0, -1)}`, `a/b:1@${digest.slice(0, -1)}`],
        ['steps: [{run: "docker run --rm a/b:1 x"}]', 'a/b:1'],
        ['steps:\n      - run: |\n          docker run --rm \\\n            "a/b:1"', 'a/b:1'],
        ['steps: [{run: "docker pull a/b:1"}]', 'a/b:1'],
      ] as const
    ).map(([body, image]) => ({ to, edit: job(body), offence: `${to} runs ${image}, which is no digest` })),
    ...[
      'permissions:',
      'permissions: read-all',
      'permissions: {contents: write}',
      '# permissions: {}',
      'env: {A: "permissions: {}"}',
    ].map((line) => ({
      to,
      edit: (text: string) => text.replace(/^permissions: \{\}$/m, line),
      offence: `${to} does not begin with no permissions`,
    })),
    ...['permissions: write-all', 'permissions: "read-all"', 'permissions: {contents: admin}', 'permissions:'].map(
      (body) => ({
        to,
        edit: job(body),
        offence: `${to} gives the job more permissions without naming each`,
      }),
    ),
  ]);
  allows(
    actionsPinned,
    [
      `steps: [{uses: "a/b@${commit}"}]`,
      `steps: [{uses: "docker://a/b@${digest}"}]`,
      `container: a/b:1@${digest}`,
      'steps: [{run: "docker push ghcr.io/a/b:1"}]',
      'steps: [{run: "docker build --tag a/b:1 ."}]',
      'permissions: {contents: read, issues: write}',
    ].map((body) => ({ what: body, to, edit: job(body) })),
  );

  const gitlab = '.gitlab/ci/security.yml';
  const given = { ci: 'gitlab' } as const;
  it('looks at the pipelines of GitLab too', () => {
    const { files, stack } = rendered(given);
    assert.deepEqual(offencesOf(actionsPinned, { files, stack }), []);
    const spoilt = spoil(files, gitlab, (text) => text.replaceAll(/@sha256:[0-9a-f]{64}/g, ''));
    assert.deepEqual(
      offencesOf(actionsPinned, { files: spoilt, stack }).map((offence) => / runs (\S+),/.exec(offence)?.[1]),
      ['hadolint/hadolint:v2.14.0-debian', 'docker:28.5.2-cli', 'docker:28.5.2-dind', 'node:24.18.0-bookworm-slim'],
    );
  });
  breaks(actionsPinned, [
    ...[
      'more: {image: "x:1"}',
      'image: x:1',
      'default: {image: {name: x:1}}',
      'default: {services: [{name: "x:1"}]}',
      '.hidden: {services: ["x:1"]}',
      'services: ["x:1"]',
      'more: {"im\\x61ge": x:1}',
      'more: {<<: {image: x:1}}',
    ].map((line) => ({
      to: gitlab,
      given,
      edit: (text: string) => `${text}\n${line}\n`,
      offence: `${gitlab} runs x:1, which is no digest`,
    })),
    ...(
      [
        ['include: https://a.example/b.yml', 'https://a.example/b.yml'],
        ['include: [{remote: "https://a.example/b.yml"}]', 'https://a.example/b.yml'],
        ['include: {project: a/b, file: c.yml, ref: main}', 'a/b'],
        ['include: {component: a.example/b/c@1.0}', 'a.example/b/c@1.0'],
        ['more: {trigger: {include: [{project: a/b, file: c.yml}]}}', 'a/b'],
      ] as const
    ).map(([line, what]) => ({
      to: gitlab,
      given,
      edit: (text: string) => `${text}\n${line}\n`,
      offence: `${gitlab} uses ${what}, which is no commit`,
    })),
  ]);
  allows(
    actionsPinned,
    [
      'include: [{local: a.yml}]',
      'include: {template: Jobs/SAST.gitlab-ci.yml}',
      `include: {project: a/b, file: c.yml, ref: ${commit}}`,
      'more: {script: [!reference [.security, script]]}',
    ].map((line) => ({
      what: line,
      to: gitlab,
      given,
      edit: (text: string) => `${text}\n${line}\n`,
    })),
  );
});
