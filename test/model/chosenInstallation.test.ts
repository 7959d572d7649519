import assert from 'node:assert/strict';
import { parseAnswers } from '../../src/answers/parse.ts';
import type { Installation } from '../../src/detect/model.ts';
import { installationOf as chosen } from '../../src/model/chosenInstallation.ts';
import { Collected } from '../../src/model/collected.ts';
import { detectionOf, installationOf } from '../detect/detections.ts';
import { rawAnswers } from '../fixture.ts';

const choose = (packageManager: string, found: Partial<Installation> = {}) => {
  const safe = new Collected();
  const answers = parseAnswers(rawAnswers({ app: 'existing', migrations: 'none', packageManager }));
  const value = chosen(answers, detectionOf({ installation: installationOf(found) }), safe);
  return { ...value, problems: safe.problems };
};
const workspace = { package: 'shop', members: ['apps/shop', 'libs/a'] };

describe('how dependencies are installed', () => {
  it('is as it was found', () =>
    assert.deepEqual(choose('detect', { workspace, groups: ['server'], extras: ['pg'], folder: 'apps' }), {
      manager: 'uv',
      folder: 'apps',
      lock: 'uv.lock',
      requirements: [],
      workspace,
      groups: ['server'],
      extras: ['pg'],
      problems: [],
    }));
  it('is by another manager without what only the one that was found knows', () =>
    assert.deepEqual(choose('pip', { workspace, groups: ['server'], extras: ['pg'], files: ['requirements.txt'] }), {
      manager: 'pip',
      folder: '',
      lock: '',
      requirements: [],
      workspace: undefined,
      groups: [],
      extras: ['pg'],
      problems: [],
    }));
  it('is by the one that is named as by the one that was found, where they are the same', () =>
    assert.deepEqual(choose('uv', { workspace }), choose('detect', { workspace })));
  it('may be without a lock', () => assert.equal(choose('detect', { lock: undefined }).lock, ''));
  it('has the files of requirements', () => {
    const { requirements, lock } = choose('detect', {
      manager: 'pip',
      lock: 'requirements.txt',
      files: ['requirements.txt', 'requirements/prod.txt'],
    });
    assert.deepEqual([requirements, lock], [['requirements.txt', 'requirements/prod.txt'], 'requirements.txt']);
  });
  it('has nothing that cannot be printed', () => {
    const found = choose('detect', {
      lock: '../uv.lock',
      folder: '/x',
      workspace: { package: '$(x)', members: ['-x'] },
      groups: ['a b'],
      extras: ['"'],
    });
    assert.deepEqual(
      [found.lock, found.folder, found.workspace, found.groups, found.extras],
      ['', '', { package: '', members: [] }, [], []],
    );
    assert.equal(found.problems.length, 6);
  });
});
