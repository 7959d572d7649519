import assert from 'node:assert/strict';
import { inGitHub } from '../../../../src/emit/promises/pipeline/gitHub.ts';
import { readYaml } from '../../../../src/emit/promises/yaml.ts';

const commit = '0123456789'.repeat(4);
const digest = `sha256:${'a'.repeat(64)}`;
const look = (text: string) => {
  const read = readYaml(text);
  return inGitHub(read.problem === undefined ? read.value : assert.fail(read.problem));
};
const job = (body: string) => look(`permissions: {}\njobs:\n  a: ${body}\n`);

describe('a workflow of GitHub', () => {
  it('is nothing to speak of where all is pinned and no right is given', () =>
    assert.deepEqual(
      job(
        `{permissions: {contents: read}, container: "x@${digest}", steps: [{uses: a/b@${commit}}, {uses: "docker://c@${digest}"}]}`,
      ),
      { actions: [], images: [], other: [] },
    ));
  it('has its actions wherever they are named', () => {
    assert.deepEqual(
      job(`{uses: a/b/.github/workflows/c.yml@main, steps: [{uses: d/e@v1}, {uses: f/g@${commit}}]}`).actions,
      ['a/b/.github/workflows/c.yml@main', 'd/e@v1'],
    );
    assert.deepEqual(job('{steps: [{uses: ./local}]}').actions, ['./local']);
    assert.deepEqual(job(`{steps: [{uses: "a/b@x@${commit}"}]}`).actions, [`a/b@x@${commit}`]);
  });
  it('has its images: of actions, containers, services and scripts', () =>
    assert.deepEqual(
      job(
        '{container: {image: a/b:1}, services: {x: c/d:2, y: {image: e/f:3}}, steps: [{uses: "docker://g/h:4"}, {run: docker run i/j:5}]}',
      ).images,
      ['g/h:4', 'a/b:1', 'c/d:2', 'e/f:3', 'i/j:5'],
    ));
  it('begins with no permissions, spelled as such', () => {
    const said = ['does not begin with no permissions'];
    assert.deepEqual(look('permissions: {}\njobs: {}\n').other, []);
    for (const opening of ['', 'permissions:\n', 'permissions: read-all\n', 'permissions: {contents: read}\n'])
      assert.deepEqual(look(`${opening}jobs: {}\n`).other, said, opening);
  });
  it('names each permission of a job', () => {
    const said = ['gives the job a permissions without naming each'];
    for (const wide of ['write-all', 'read-all', '{contents: admin}', '[contents]', '']) {
      assert.deepEqual(job(`{permissions: ${wide}}`).other, said, wide);
    }
    assert.deepEqual(job('{permissions: {contents: none, packages: write}}').other, []);
  });
  it('that is none has no permissions that it begins with', () =>
    assert.deepEqual(look('x'), { actions: [], images: [], other: ['does not begin with no permissions'] }));
});
