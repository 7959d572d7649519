import assert from 'node:assert/strict';
import fc from 'fast-check';
import { merge3 } from '../../src/changes/merge3.ts';
import { three } from '../changes/arbitraries.ts';
import { byGit } from './byGit.ts';

const labels = { yours: 'yours', theirs: 'comicpile 0.2.0' };

describe('merge3: 500 random triples, beside git', () => {
  const seen = { both: 0, neither: 0, onlyGit: 0, onlyUs: 0 };

  it('a clean result is that of git merge-file, wherever git has one too', () => {
    fc.assert(
      fc.property(three, (one) => {
        const ours = merge3(one, labels);
        const git = byGit(one);
        if (ours.conflicts === 0 && git.clean) assert.equal(ours.text, git.text);
        if (ours.conflicts === 0) seen[git.clean ? 'both' : 'onlyUs'] += 1;
        else seen[git.clean ? 'onlyGit' : 'neither'] += 1;
      }),
      { numRuns: 500 },
    );
    console.log(`      ${JSON.stringify(seen)}`);
    assert.ok(seen.both > 100 && seen.neither > 50, JSON.stringify(seen));
  });
});
