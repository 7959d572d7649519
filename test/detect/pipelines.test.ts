import assert from 'node:assert/strict';
import { pipelinesOf } from '../../src/detect/pipelines.ts';
import { folderWith, scratch } from '../fixture.ts';

const gitlab = { '.gitlab-ci.yml': '' };
const github = { '.github/workflows/test.yml': '' };

describe('pipelinesOf', () => {
  it('is where the project has some, and GitHub where it has none', () => {
    assert.equal(pipelinesOf(scratch()), 'github');
    assert.equal(pipelinesOf(folderWith(github)), 'github');
    assert.equal(pipelinesOf(folderWith(gitlab)), 'gitlab');
    assert.equal(pipelinesOf(folderWith({ ...gitlab, ...github })), 'both');
    // Templates of issues are no pipelines.
    assert.equal(pipelinesOf(folderWith({ ...gitlab, '.github/FUNDING.yml': '' })), 'gitlab');
  });
});
