import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** All that a run of the suite writes, in one folder; removed at its end. */
export const workshop = realpathSync(mkdtempSync(join(tmpdir(), 'comicpile-stack-')));
