import assert from 'node:assert/strict';
import { membersOf, projectName, workspaceOf } from '../../../../src/detect/rules/install/workspace.ts';
import { contextFrom } from '../../contextFrom.ts';

const project = (name: string) => `[project]\nname = "${name}"\n`;
const view = (workspace: string, ...members: readonly string[]) =>
  contextFrom({
    'pyproject.toml': `${project('root')}[tool.uv.workspace]\n${workspace}\n`,
    ...Object.fromEntries(members.map((member) => [`${member}/pyproject.toml`, project(member)])),
  }).view;

describe('a uv workspace', () => {
  it('has the members that its patterns mean, without those that it leaves out', () => {
    const members = ['packages/a', 'packages/b', 'packages/b/deep', 'apps/web', 'other'];
    const of = view('members = ["packages/*", "apps/**"]\nexclude = ["packages/b"]', ...members);
    assert.deepEqual(membersOf(of, ''), ['apps/web', 'packages/a']);
    assert.deepEqual(workspaceOf(of, 'packages/a'), { folder: '', members: ['apps/web', 'packages/a'] });
    assert.equal(workspaceOf(of, 'packages/b'), undefined);
    assert.equal(workspaceOf(of, ''), undefined);
  });
  it('has none without patterns, without a manifest, and of a broken one', () => {
    assert.deepEqual(membersOf(view('', 'a'), ''), []);
    assert.deepEqual(membersOf(view('members = "a"', 'a'), ''), []);
    assert.deepEqual(membersOf(contextFrom({}).view, ''), []);
    assert.deepEqual(membersOf(contextFrom({ 'pyproject.toml': '[', 'a/pyproject.toml': '' }).view, ''), []);
  });
  it('has its members at once, whatever its patterns are', () => {
    const folder = 'a'.repeat(200);
    const of = view(`members = ["${'*a'.repeat(100)}*b"]`, folder);
    assert.deepEqual(membersOf(of, ''), []);
  });
});

describe('the name of a project', () => {
  it('is that of [project], else that of Poetry', () => {
    const name = (text: string) => projectName(contextFrom({ 'a/pyproject.toml': text }).view, 'a');
    assert.equal(name(project('x')), 'x');
    assert.equal(name('[tool.poetry]\nname = "y"\n'), 'y');
    for (const text of ['', '[project]\nname = 1\n', '[']) assert.equal(name(text), undefined);
  });
});
