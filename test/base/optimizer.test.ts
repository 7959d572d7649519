import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../src/base/packageRoot.ts';

/** What V8 tells of its second compiler in a process that runs something often, with these settings one after the other. */
const traced = (...settings: readonly boolean[]): string => {
  const module = join(packageRoot(), 'dist/src/base/optimizer.js');
  const script = `import { optimize } from ${JSON.stringify(module)};
    const often = () => { let sum = 0; for (let n = 0; n < 1e6; n += 1) sum += n % 7; return sum; };
    ${settings.map((isWanted) => `optimize(${isWanted}); for (let n = 0; n < 30; n += 1) often();`).join('\n')}`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--trace-opt', '--input-type=module', '--eval', script],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, stderr);
  return stdout;
};

describe('optimize', () => {
  it('keeps V8 from compiling again what runs often', () =>
    assert.doesNotMatch(traced(false), /compiling method .*often/));
  it('lets it, once that is wanted', () => assert.match(traced(false, true), /compiling method .*often/));
});
