import assert from 'node:assert/strict';
import { parseAnswers } from '../../src/answers/parse.ts';
import type { Frontend } from '../../src/detect/model.ts';
import { frontendOf as chosen } from '../../src/model/chosenFrontend.ts';
import { Collected } from '../../src/model/collected.ts';
import { detectionOf, frontendOf } from '../detect/detections.ts';
import { rawAnswers } from '../fixture.ts';

const choose = (frontend: string, ...found: readonly Partial<Frontend>[]) => {
  const safe = new Collected();
  const answers = parseAnswers(rawAnswers({ app: 'existing', migrations: 'none', frontend }));
  return {
    build: chosen(answers, detectionOf({ frontends: found.map(frontendOf) }), safe),
    problems: safe.problems,
  };
};

describe('the frontend that is built', () => {
  it('is the first that was found, with its build', () =>
    assert.deepEqual(choose('detect', { managerVersion: '9.1.0' }, { folder: 'other' }), {
      build: {
        folder: 'frontend',
        lockFolder: 'frontend',
        manager: 'npm',
        managerVersion: '9.1.0',
        isLocked: true,
        node: '22',
        script: 'build',
        output: 'frontend/dist',
        isServedByApp: false,
      },
      problems: [],
    }));
  it('is the one that the user names', () => {
    const { build } = choose('web', {}, { folder: 'web', lock: undefined });
    assert.deepEqual([build?.folder, build?.isLocked, build?.managerVersion], ['web', false, '']);
  });
  it('is none where none is wanted, or found', () => {
    assert.deepEqual(choose('none', {}), { build: undefined, problems: [] });
    assert.deepEqual(choose('detect'), { build: undefined, problems: [] });
  });
  it('is a problem where the one that is named was not found', () => {
    const { build, problems } = choose('web', {});
    assert.equal(build, undefined);
    assert.match(problems.join('\n'), /^--frontend web: no package\.json with a build script was found there;/);
    assert.match(choose('.', {}).problems.join('\n'), /^--frontend \.: /);
  });
  it('has nothing that cannot be printed', () => {
    const { build, problems } = choose('detect', {
      script: 'a;b',
      node: '$(x)',
      managerVersion: '"',
      folder: '../up',
      output: '/etc',
    });
    assert.deepEqual(
      [build?.script, build?.node, build?.managerVersion, build?.folder, build?.output],
      ['build', '22', '', '', ''],
    );
    assert.equal(problems.length, 5);
  });
});
