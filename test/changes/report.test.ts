import assert from 'node:assert/strict';
import type { Change } from '../../src/changes/change.ts';
import { diffOf, shorten, summarize } from '../../src/changes/report.ts';
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

describe('shorten', () => {
  const scripts = Array.from({ length: 19 }, (_, at) => change(`scripts/${at}.sh`));
  const one = change('nginx/nginx.conf');
  it('names each file while there are no more than 20', () => {
    const all = [...scripts, one];
    assert.deepEqual(shorten(all), summarize(all));
  });
  it('counts the others where there are more, and names secrets and whatever is the user’s', () => {
    const named = [
      secret,
      change('secrets/a', { kind: 'secret', mode: 0o600 }),
      change('scripts/x.sh', { action: 'mark' }),
      change('scripts/y.sh', { action: 'overwrite' }),
      change('scripts/y.sh.before-comicpile', { action: 'backup' }),
      change('scripts/z.sh', { action: 'merge' }),
      change('scripts/old.sh', { action: 'remove' }),
      change('.gitignore', { action: 'extend', kind: 'lines' }),
    ];
    assert.deepEqual(shorten([...scripts, ...named, change('x', { action: 'identical' })]), [
      ...summarize(named),
      '  1 file stays as it is',
      '  each file by its name: --verbose',
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
