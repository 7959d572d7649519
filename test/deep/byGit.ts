import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Three } from '../../src/changes/merge3.ts';

/** What `git merge-file` makes of the three texts: the oracle of our own merge. */
export const byGit = (three: Three): { readonly text: string; readonly clean: boolean } => {
  const folder = mkdtempSync(join(tmpdir(), 'comicpile-merge-'));
  try {
    const paths = (['yours', 'base', 'theirs'] as const).map((name) => {
      writeFileSync(join(folder, name), three[name]);
      return join(folder, name);
    });
    const { status, stdout } = spawnSync('git', ['merge-file', '-p', ...paths], { encoding: 'utf8' });
    assert.ok(status !== null && status >= 0 && status < 128, `git merge-file ended with ${status}`);
    return { text: stdout, clean: status === 0 };
  } finally {
    rmSync(folder, { recursive: true });
  }
};
