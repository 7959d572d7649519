import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestsFile, readDigests } from '../../../src/policy/digests.ts';
import { scratch, silentDoor } from '../../fixture.ts';
import { generateIn } from '../../generateIn.ts';
import { comicpile } from '../../inProcess.ts';
import { Project } from '../../userProject.ts';

const digestOf = (letter: string) => `sha256:${letter.repeat(64)}`;

/** A `docker` that answers for a registry: each tag has one digest, and what is said of one image in particular. */
const withRegistry = (project: Project) => {
  const folder = scratch();
  const asked = join(folder, 'asked');
  const told = async (
    answer: string,
    ...[words, values]: [words?: string, values?: Record<string, string | boolean>]
  ) => {
    writeFileSync(
      join(folder, 'docker'),
      `#!/bin/sh
printf '%s\\n' "$*" >>'${asked}'
[ "$1 $2 $3 $5 $6" = 'buildx imagetools inspect --format {{json .Manifest}}' ] || exit 64
case $4 in
  ${answer}
  *) printf '{"mediaType":"application/vnd.oci.image.index.v1+json","digest":"${digestOf('a')}","size":1}\\n' ;;
esac
`,
    );
    chmodSync(join(folder, 'docker'), 0o755);
    const { PATH } = process.env;
    process.env.PATH = `${folder}:/usr/bin:/bin`;
    try {
      return await comicpile(project.directory, words, values);
    } finally {
      process.env.PATH = PATH;
    }
  };
  return { comicpile: told, asked: () => readFileSync(asked, 'utf8').trim().split('\n') };
};

const generated = async (): Promise<Project> => {
  const project = new Project();
  assert.equal(await generateIn(project.directory, silentDoor(), { domain: 'app.example.test' }), 0);
  project.git('init', '--quiet');
  project.commit();
  return project;
};
const down = "*nginx*) echo 'ERROR: dial tcp: connection refused' >&2; exit 1 ;;";

describe('comicpile images', () => {
  it('update pins every image that a file prints by the digest of its registry, and check finds nothing', async () => {
    const project = await generated();
    const registry = withRegistry(project);
    assert.equal((await registry.comicpile('', 'images list')).code, 1);
    const { code, stdout, stderr } = await registry.comicpile('', 'images update');
    assert.equal(code, 0, stdout + stderr);
    const refs = Object.keys(readDigests(project.directory));
    assert.deepEqual(
      refs.toSorted(),
      registry
        .asked()
        .map((line) => line.split(' ')[3])
        .toSorted(),
    );
    assert.ok(refs.includes('python:3.13-slim') && refs.includes('postgres:17-alpine'));
    // An app without workers has no queue.
    assert.ok(!refs.some((ref) => ref.startsWith('valkey')));
    const printed = ['Dockerfile', 'docker-compose.yml', 'docker-compose.prod.yml'].map((path) => project.read(path));
    for (const ref of refs)
      assert.ok(
        printed.some((text) => text.includes(`${ref}@${digestOf('a')}`)),
        ref,
      );
    for (const text of printed)
      assert.doesNotMatch(text, /^(?:FROM (?!build\b)|\s+image: )(?!\$\{APP|.*@sha256:|comicpile-)\S+/m);
    assert.equal((await registry.comicpile('', 'check')).code, 0);
    const list = await registry.comicpile('', 'images list');
    assert.deepEqual([list.code, /python:3\.13-slim +sha256:aaaa/.test(list.stdout)], [0, true]);
    project.commit();
    // A generation and an update keep them.
    assert.match((await registry.comicpile('', '', { yes: true })).stdout, /Nothing to change/);
    assert.match((await registry.comicpile('', 'update')).stdout, /Nothing to update/);
  });

  it('writes nothing where one registry is down, and says which', async () => {
    const project = await generated();
    const registry = withRegistry(project);
    const before = project.tree();
    const { code, stderr } = await registry.comicpile(down, 'images update');
    assert.equal(code, 1);
    assert.match(
      stderr,
      /nothing was written[\s\S]*nginxinc\/nginx-unprivileged:1\.30-alpine: ERROR: dial tcp: connection refused/,
    );
    assert.doesNotMatch(stderr, /python/);
    assert.deepEqual(project.tree(), before);
  });

  for (const [what, answer, said] of [
    ['no digest', "*uv*) echo '{}' ;;", /uv:0\.13: the registry told no digest/],
    ['no JSON', "*uv*) echo 'sha256:1' ;;", /uv:0\.13: the registry told no digest/],
    ['what is none', `*uv*) echo '{"digest":"sha256:$(id)"}' ;;`, /uv:0\.13: the registry told no digest/],
    ['a terminal', "*uv*) printf '\\033[2Jgone\\n' >&2; exit 1 ;;", /uv:0\.13: \\u001b\[2Jgone/],
  ] as const) {
    it(`refuses a registry that tells ${what}`, async () => {
      const project = await generated();
      const { code, stderr } = await withRegistry(project).comicpile(answer, 'images update');
      assert.equal(code, 1);
      assert.match(stderr, said);
      assert.ok(!project.has(digestsFile));
    });
  }

  it('--dry-run shows what would change, exits with 1 and writes nothing', async () => {
    const project = await generated();
    const before = project.tree();
    const { code, stdout } = await withRegistry(project).comicpile('', 'images update', { dryRun: true });
    assert.equal(code, 1);
    assert.match(stdout, /\+FROM python:3\.13-slim@sha256:a{64} AS runtime/);
    assert.deepEqual(project.tree(), before);
  });

  it('a newer digest replaces ours; what the user edited stays; one that a bot has put there is no conflict', async () => {
    const project = await generated();
    const registry = withRegistry(project);
    await registry.comicpile('', 'images update');
    project.edit('Dockerfile', (text) =>
      text.replace('WORKDIR /app\n', 'WORKDIR /app\n# mine\n').replaceAll(digestOf('a'), digestOf('c')),
    );
    project.commit();
    const newer = `*) echo '{"digest":"${digestOf('b')}"}' ;;`;
    const { code, stdout, stderr } = await registry.comicpile(newer, 'images update');
    assert.equal(code, 0, stdout + stderr);
    const dockerfile = project.read('Dockerfile');
    assert.match(dockerfile, /\n# mine\n/);
    assert.match(dockerfile, new RegExp(`FROM python:3\\.13-slim@${digestOf('b')} AS runtime`));
    assert.doesNotMatch(dockerfile, /<<<<<<<|@sha256:[ac]{64}/);
    assert.equal((await registry.comicpile('', 'check', { allow: 'edited' })).code, 0);
  });

  it('check tells of an image that came after the others were pinned', async () => {
    const project = await generated();
    const registry = withRegistry(project);
    await registry.comicpile('', 'images update');
    project.commit();
    assert.equal((await registry.comicpile('', '', { pythonVersion: '3.12' })).code, 0);
    const { code, stdout } = await registry.comicpile('', 'check');
    assert.equal(code, 1);
    assert.match(stdout, /^image +python:3\.12-slim: has no digest/m);
    project.commit();
    assert.equal((await registry.comicpile('', 'images update')).code, 0);
    assert.equal((await registry.comicpile('', 'check')).code, 0);
    assert.ok(!('python:3.13-slim' in readDigests(project.directory)));
  });

  it('an image that the policy has by digest is not asked for', async () => {
    const project = await generated();
    const mine = `registry.example.test/nginx:1.30@${digestOf('d')}`;
    writeFileSync(join(project.directory, '.comicpile/policy.json'), JSON.stringify({ images: { nginx: mine } }));
    project.commit();
    const registry = withRegistry(project);
    const { code, stderr } = await registry.comicpile('', 'images update', { trust: true });
    assert.equal(code, 0, stderr);
    assert.ok(!registry.asked().some((line) => line.includes('nginx')));
    assert.match(project.read('docker-compose.prod.yml'), new RegExp(`image: ${mine}\n`));
  });

  it('takes one word, and refuses files that are not committed', async () => {
    const project = await generated();
    const registry = withRegistry(project);
    assert.equal((await registry.comicpile('', 'images refresh')).code, 2);
    assert.equal((await registry.comicpile('', 'images')).code, 2);
    project.edit('Dockerfile', (text) => `${text}# mine\n`);
    assert.match((await registry.comicpile('', 'images update')).stderr, /not committed/);
  });
});
