import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from '../fixture.ts';
import { edit, project, spoilt, tracked } from './projects.ts';
import { describeTool } from './promise.ts';
import { must } from './toolbox.ts';

/** A checkout as on Windows: git gives text files a carriage return, where nothing forbids it. */
const windows = async (directory: string): Promise<string> => {
  const copy = scratch();
  await must('git', ['clone', '--quiet', '--no-local', '--config', 'core.autocrlf=true', directory, copy]);
  return copy;
};
const hasReturns = (directory: string, path: string) => readFileSync(join(directory, path), 'utf8').includes('\r');
const mustNot = /\.(?:sh|conf|mk)$|(?:^|\/)(?:Makefile|Dockerfile|docker-compose[^/]*\.yml|\.env\.example)$/;

describeTool('git', () => {
  it('core.autocrlf=true: what shells, make and containers read keeps its line ends, and every script parses', async () => {
    const copy = await windows(await project('a new app'));
    const paths = await tracked(copy, mustNot);
    assert.ok(paths.length > 30, `${paths.length} files`);
    assert.deepEqual(
      paths.filter((path) => hasReturns(copy, path)),
      [],
    );
    for (const path of paths.filter((one) => one.endsWith('.sh'))) {
      const { output } = await must('bash', ['-n', path], { cwd: copy });
      assert.equal(output, '');
    }
    assert.match((await must('make', ['help'], { cwd: copy })).stdout, /make deploy/);
    assert.ok(hasReturns(copy, 'SECURITY.md'), 'git gave no file a carriage return: this proves nothing');
  });

  it('without our lines in .gitattributes it would not', async () => {
    const copy = await windows(
      await spoilt((directory) => edit(directory, '.gitattributes', (text) => text.replace(/^\*\.sh .*$/m, ''))),
    );
    assert.ok(hasReturns(copy, 'scripts/deploy.sh'));
  });
});
