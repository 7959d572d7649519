import assert from 'node:assert/strict';
import type { Refusal } from '../../src/base/refusal.ts';
import { requestOf, type Values } from '../../src/cli/request.ts';

const problems = (values: Values): readonly string[] => {
  try {
    requestOf(values, '/here');
  } catch (error) {
    return (error as Refusal).problems;
  }
  return [];
};

describe('a request', () => {
  it('is about where the user stands, with no answers, unless flags say otherwise', () => {
    const { directory, from, flags, answers, yes, dryRun, only, existing } = requestOf({}, '/here');
    assert.deepEqual(
      [directory, from, flags, answers, yes, dryRun, only, existing],
      ['/here', '', {}, undefined, false, false, [], undefined],
    );
  });
  it('has its folder and its answers file from where the user stands', () => {
    const { directory, from, answers } = requestOf({ output: 'a/b', answers: '../x.yml' }, '/here');
    assert.deepEqual([directory, from, answers], ['/here/a/b', '../..', '/x.yml']);
    assert.equal(requestOf({ output: '/else' }, '/here').directory, '/else');
  });
  it('keeps what answers questions apart from what steers the run', () => {
    const { flags, ...rest } = requestOf({ domain: 'a.example', appPort: 8000, yes: true, whatever: 'x' }, '/here');
    assert.deepEqual(flags, { domain: 'a.example', appPort: '8000' });
    assert.equal(rest.yes, true);
    assert.ok(!('whatever' in rest));
  });
  it('takes a flag several times where it may be', () => {
    assert.deepEqual(requestOf({ only: ['a', 'b'] }, '/here').only, ['a', 'b']);
    assert.deepEqual(requestOf({ only: 'a' }, '/here').only, ['a']);
  });
  it('takes only what is true for a flag without a value', () => {
    assert.equal(requestOf({ force: 'true' }, '/here').force, false);
  });

  for (const [values, ...said] of [
    [{ output: '' }, '--output needs a value: --output FOLDER.'],
    [{ output: true }, '--output needs one value.'],
    [{ domain: ['a', 'b'] }, '--domain needs one value.'],
    [{ existing: 'bakcup' }, '--existing "bakcup" is not one of backup, keep, refuse. Did you mean "backup"?'],
    [
      { existing: 'x', domain: true },
      '--domain needs one value.',
      '--existing "x" is not one of backup, keep, refuse. For example: --existing backup',
    ],
  ] as const) {
    it(`refuses ${JSON.stringify(values)}`, () => assert.deepEqual(problems(values), said));
  }
});
