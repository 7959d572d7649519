import assert from 'node:assert/strict';
import { type CodePath, joinCodePaths, parentOf } from '../../../../src/detect/rules/code/codePath.ts';

const file = (path: string): CodePath => ({ from: 'file', path });
const cwd = (path: string): CodePath => ({ from: 'cwd', path });

describe('paths of code', () => {
  it('are joined; an absolute one, and one of a file, begins anew', () => {
    assert.deepEqual(joinCodePaths([file('app'), cwd('static')]), file('app/static'));
    assert.deepEqual(joinCodePaths([cwd('a'), file('app'), cwd('b')]), file('app/b'));
    assert.deepEqual(joinCodePaths([cwd('a'), cwd('/srv')]), cwd('/srv'));
  });
  it('are not known where a part is not, and of no part', () => {
    assert.equal(joinCodePaths([cwd('a'), undefined]), undefined);
    assert.equal(joinCodePaths([]), undefined);
  });
  it('have a parent', () => {
    assert.deepEqual(parentOf(file('app/main.py')), file('app'));
    assert.deepEqual(parentOf(file('app/./x/../main.py'), 2), file(''));
    assert.deepEqual(parentOf(cwd('.'), 2), cwd('./../..'));
    assert.equal(parentOf(undefined), undefined);
  });
  it('have none that is further up than any tree is deep', () => {
    assert.equal(parentOf(file('app/main.py'), 999_999_999_999), undefined);
    assert.equal(parentOf(cwd('a'), Number.POSITIVE_INFINITY), undefined);
  });
});
