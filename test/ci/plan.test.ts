import assert from 'node:assert/strict';
import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { scratch } from '../fixture.ts';
import { digestOf, filesOf, planned, readPassed, type Suite, withPassed } from './table.ts';

const suite: Suite = { name: 'one', lane: 'left', needs: ['a', 'b'], touches: ['x'], command: 'true' };
const passed = readPassed('# words\none abc 2026-01-02\n');

describe('whether a suite runs', () => {
  for (const [what, digest, given, all, expected] of [
    ['as it was when it passed: it rests, and the day is told', 'abc', suite, false, ['rest', 'one', '2026-01-02']],
    ['changed: it runs', 'abd', suite, false, ['run', 'one', 'left', 'a,b', '-', 'abd', 'true']],
    ['all asked for: it runs', 'abc', suite, true, ['run', 'one', 'left', 'a,b', '-', 'abc', 'true']],
    [
      'never recorded: it runs',
      'abc',
      { ...suite, name: 'two' },
      false,
      ['run', 'two', 'left', 'a,b', '-', 'abc', 'true'],
    ],
    ['one that always does', 'abc', { ...suite, always: true }, false, ['run', 'one', 'left', 'a,b', '-', '-', 'true']],
  ] as const) {
    it(what, () => assert.deepEqual(planned(given, digest, passed, all), expected));
  }

  it('the record keeps its words and what did not run, in the order of the table, without what is gone', () => {
    const text = '# words\ntwo old 2026-01-01\ngone x 2026-01-01\n';
    const after = withPassed(text, [['one', 'new']], '2026-02-03', ['one', 'two', 'three']);
    assert.equal(after, '# words\none new 2026-02-03\ntwo old 2026-01-01\n');
    assert.deepEqual(readPassed(after).get('one'), { digest: 'new', day: '2026-02-03' });
  });
});

describe('the digest of files', () => {
  it('is another one for another content, name or mode, for a new file and for one that is gone; what git ignores is none', async () => {
    const directory = scratch();
    const at = (name: string) => join(directory, name);
    await execa('git', ['init', '--quiet'], { cwd: directory });
    const digest = () => digestOf(filesOf(['**', '!left-out'], directory), directory);
    const seen: string[] = [];
    const differs = (change: () => void): void => {
      change();
      const now = digest();
      assert.ok(!seen.includes(now));
      seen.push(now);
    };
    differs(() => writeFileSync(at('a'), '1'));
    differs(() => writeFileSync(at('a'), '2'));
    differs(() => renameSync(at('a'), at('b')));
    differs(() => chmodSync(at('b'), 0o755));
    differs(() => writeFileSync(at('c'), ''));
    differs(() => writeFileSync(at('.gitignore'), 'ignored\n'));
    await execa('git', ['add', '--all'], { cwd: directory });
    differs(() => rmSync(at('c')));
    for (const name of ['ignored', 'left-out']) writeFileSync(at(name), '1');
    assert.equal(digest(), seen.at(-1));
  });
});
