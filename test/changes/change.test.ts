import assert from 'node:assert/strict';
import { alters, jsonChange } from '../../src/changes/change.ts';
import { changeOf } from '../fixture.ts';

describe('alters', () => {
  for (const action of ['create', 'update', 'extend', 'mode', 'conflict', 'overwrite', 'backup'] as const)
    it(`${action} does`, () => assert.equal(alters(changeOf({ action })), true));
  for (const action of ['merge', 'mark', 'remove'] as const)
    it(`${action} does`, () => assert.equal(alters(changeOf({ action })), true));
  for (const action of ['identical', 'keep', 'release', 'absent'] as const)
    it(`${action} does not`, () => assert.equal(alters(changeOf({ action })), false));
});

describe('jsonChange', () => {
  const text = '{\n  "a": 1\n}\n';
  for (const [what, before, action] of [
    ['no file', '', 'create'],
    ['the same', text, 'identical'],
    ['another value', '{}\n', 'extend'],
    ['the same value in another form', '{"a":1}', 'extend'],
  ] as const) {
    it(`where there is ${what}: ${action}`, () =>
      assert.deepEqual(jsonChange('a.json', before, { a: 1 }), {
        to: 'a.json',
        kind: 'state',
        action,
        mode: 0o644,
        before,
        after: text,
      }));
  }
});
