import assert from 'node:assert/strict';
import { plainName } from '../../src/answers/appValues.ts';
import { Collected } from '../../src/model/collected.ts';

describe('what the project brings', () => {
  it('is taken where an answer of it would be', () => {
    const safe = new Collected();
    assert.equal(safe.take(plainName, 'build', 'a script'), 'build');
    assert.deepEqual(safe.all(plainName, ['a', 'b'], 'a group'), ['a', 'b']);
    assert.equal(safe.path('a/b', 'a folder'), 'a/b');
    assert.deepEqual(safe.paths(['', './a/', '.'], 'a folder'), ['', 'a', '']);
    assert.deepEqual(safe.problems, []);
  });
  it('is a problem each where it cannot be printed, and is left out', () => {
    const safe = new Collected();
    assert.equal(safe.take(plainName, '$(id)', 'a script'), undefined);
    assert.deepEqual(safe.all(plainName, ['a', '"', 'b'], 'a group'), ['a', 'b']);
    assert.equal(safe.path('../up', 'a folder'), '');
    assert.deepEqual(safe.paths(['/etc', 'a', '-x'], 'a file'), ['a']);
    assert.deepEqual(
      safe.problems.map((problem) => problem.split(':')[0]),
      ['a script', 'a group', 'a folder', 'a file', 'a file'],
    );
  });
});
