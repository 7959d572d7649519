import assert from 'node:assert/strict';
import { problemsOf } from '../../src/team/schema.ts';

describe('problemsOf', () => {
  it('are none of what is right', () => {
    assert.deepEqual(problemsOf('pack', { id: 'acme', comicpile: '0.1.0' }), []);
    assert.deepEqual(problemsOf('policy', { limits: { maintenanceRetryAfter: 601 } }), []);
  });
  it('are all that is wrong, each with where it is and with an example where the schema has one', () => {
    const said = problemsOf('pack', { comicpile: '0.1.0', artifact: [], questions: { team: { kind: 'text' } } });
    for (const part of [
      /^the file must have required property 'id'/m,
      /^the file must NOT have additional properties \("artifact"\)/m,
      /^questions\.team must have required property 'message'/m,
      /^questions\.team\.kind must be equal to one of the allowed values \(choice, count, .*\), for example "words"$/m,
    ])
      assert.match(said.join('\n'), part);
  });
  it('are said of a value that is no map at all', () => {
    for (const value of [null, [], 'text', 1])
      assert.deepEqual(problemsOf('policy', value), ['the file must be object']);
  });
});
