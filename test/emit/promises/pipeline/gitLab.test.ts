import assert from 'node:assert/strict';
import { inGitLab } from '../../../../src/emit/promises/pipeline/gitLab.ts';
import { readYaml } from '../../../../src/emit/promises/yaml.ts';

const commit = '0123456789'.repeat(4);
const digest = `sha256:${'a'.repeat(64)}`;
const look = (text: string) => {
  const read = readYaml(text);
  return inGitLab(read.problem === undefined ? read.value : assert.fail(read.problem));
};

describe('a pipeline of GitLab', () => {
  it('has its images: of all jobs, of one, of services and of scripts', () =>
    assert.deepEqual(
      look(
        [
          'image: a:1',
          'default: {image: {name: b:1}, services: [c:1, {name: d:1}]}',
          '.hidden: {image: e:1}',
          'job: {before_script: docker pull f/f:1, script: [[docker run g/g:1]], after_script: [docker run h/h:1]}',
          `pinned: {image: "i@${digest}"}`,
        ].join('\n'),
      ).images,
      ['a:1', 'b:1', 'c:1', 'd:1', 'e:1', 'f/f:1', 'g/g:1', 'h/h:1'],
    ));
  for (const [text, ...loose] of [
    ['include: https://a.example/b.yml', 'https://a.example/b.yml'],
    ['include: //a.example/b.yml', '//a.example/b.yml'],
    ['include: /local.yml'],
    ['include: [{local: a.yml}, {template: b.yml}]'],
    ['include: {project: a/b, ref: main}', 'a/b'],
    ['include: {project: a/b}', 'a/b'],
    [`include: {project: a/b, ref: ${commit}}`],
    ['include: {component: a.example/b/c@1.0}', 'a.example/b/c@1.0'],
    [`include: {component: a.example/b/c@${commit}}`],
    ['include: {remote: "https://a.example/b.yml"}', 'https://a.example/b.yml'],
    ['include: {remote: "https://a.example/b.yml", integrity: sha256-x}'],
    ['job: {trigger: {include: [{project: a/b}]}}', 'a/b'],
    ['include: [{}]', ''],
  ] as const) {
    it(`${text} is ${loose.length === 0 ? 'of this project, or pinned' : 'what anybody can change'}`, () =>
      assert.deepEqual(look(text).actions, loose));
  }
  it('that is none has nothing', () => assert.deepEqual(look('x'), { actions: [], images: [], other: [] }));
});
