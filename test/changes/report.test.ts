import assert from 'node:assert/strict';
import type { Change } from '../../src/changes/change.ts';
import { diffOf, summarize } from '../../src/changes/report.ts';
import { changeOf } from '../fixture.ts';

const change = (to: string, given: Partial<Change> = {}) => changeOf({ to, after: 'text\n', ...given });
const secret = change('.env.production', { kind: 'secret', mode: 0o600, before: 'A=old\n', after: 'A=old\nB=new\n' });

describe('summarize', () => {
  it('has a line for each change, and counts the rest', () => {
    const rest = [change('a', { action: 'identical' }), change('b', { action: 'keep' })];
    assert.deepEqual(summarize([change('x'), secret, change('y', { action: 'overwrite' }), ...rest]), [
      '  create     x',
      '  create     .env.production (0600, not shown)',
      '  overwrite  y',
      '  2 files stay as they are',
    ]);
  });
});

describe('diffOf', () => {
  it('is a unified diff', async () => {
    const diff = await diffOf(change('x', { action: 'update', before: 'a\n', after: 'b\n' }));
    assert.equal(diff, '--- a/x\n+++ b/x\n@@ -1,1 +1,1 @@\n-a\n+b\n');
  });
  it('never shows a secret', async () => {
    const diff = await diffOf({ ...secret, action: 'extend' });
    assert.doesNotMatch(diff, /old|new\n|=/);
    assert.match(diff, /never shown/);
  });
});
