import assert from 'node:assert/strict';
import { parseAnswers } from '../../src/answers/parse.ts';
import { version } from '../../src/base/version.ts';
import { buildPipelines } from '../../src/model/pipelines.ts';
import { ci } from '../../src/policy/ci.ts';
import { rawAnswers } from '../fixture.ts';

const pipelines = (given: Parameters<typeof rawAnswers>[0]) => buildPipelines(parseAnswers(rawAnswers(given)));

describe('the pipelines', () => {
  for (const [where, onGitHub, onGitLab, isNone, usesDependabot, usesRenovate] of [
    ['github', true, false, false, true, false],
    ['gitlab', false, true, false, false, true],
    ['both', true, true, false, true, false],
    ['none', false, false, true, true, false],
  ] as const) {
    it(`of ${where}`, () => {
      const found = pipelines({ ci: where });
      assert.deepEqual(
        [found.onGitHub, found.onGitLab, found.isNone, found.usesDependabot, found.usesRenovate],
        [onGitHub, onGitLab, isNone, usesDependabot, usesRenovate],
      );
    });
  }
  it('run what the policy says, of this generator', () => {
    const found = pipelines({});
    assert.equal(found.generator, version());
    for (const [key, value] of Object.entries(ci)) assert.deepEqual(found[key as keyof typeof ci], value);
  });
  it('install packs of npm; those of a folder are there already', () => {
    const of = (...packs: readonly string[]) =>
      buildPipelines({ ...parseAnswers(rawAnswers()), packs } as unknown as Parameters<typeof buildPipelines>[0])
        .hasPackages;
    assert.deepEqual([of(), of('./a'), of('./a', '@b/c')], [false, false, true]);
  });
});
