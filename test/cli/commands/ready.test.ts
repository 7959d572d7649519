import assert from 'node:assert/strict';
import type { Refusal } from '../../../src/base/refusal.ts';
import { version } from '../../../src/base/version.ts';
import { problemsOfVersion, refuseUnresolved } from '../../../src/cli/commands/ready.ts';

describe('problemsOfVersion', () => {
  it('has one where a newer version has written the project', () => {
    assert.match(
      problemsOfVersion({ generator: '99.0.0' })[0] ?? '',
      /written by version 99\.0\.0, this is .*: install/,
    );
  });
  it('has none of this version, of an older one, or of no project', () => {
    for (const generator of [version(), '0.0.1', '']) assert.deepEqual(problemsOfVersion({ generator }), []);
  });
});

describe('refuseUnresolved', () => {
  it('lists all files with markers, and lets pass where there are none', () => {
    refuseUnresolved([]);
    assert.throws(
      () => refuseUnresolved(['a', 'b']),
      ({ problems, code }: Refusal) => problems.slice(0, 2).join() === 'a,b' && code === 2,
    );
  });
});
