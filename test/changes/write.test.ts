import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { write } from '../../src/changes/write.ts';
import { changeOf, scratch } from '../fixture.ts';

const change = (to: string, mode: number, after = 'text\n') => changeOf({ to, mode, after });

describe('write', () => {
  it('writes each file whole, with its mode whatever the umask', () => {
    const directory = join(scratch(), 'new');
    const umask = process.umask(0o077);
    try {
      write(directory, [
        change('a/b/c.sh', 0o755),
        { ...change('secrets/key', 0o600), kind: 'secret' },
        change('.env.production', 0o600),
        change('x', 0o644),
      ]);
    } finally {
      process.umask(umask);
    }
    const modeOf = (to: string) => statSync(join(directory, to)).mode & 0o777;
    assert.deepEqual(['a/b/c.sh', 'secrets/key', '.env.production', 'x'].map(modeOf), [0o755, 0o600, 0o600, 0o644]);
    // Containers look into the folders under other users; nobody else does into one of secrets.
    assert.deepEqual(['a', 'a/b', 'secrets'].map(modeOf), [0o755, 0o755, 0o700]);
    assert.equal(readFileSync(join(directory, 'x'), 'utf8'), 'text\n');
  });
  it('leaves nothing but the files', () => {
    const directory = scratch();
    write(directory, [change('x', 0o644)]);
    assert.deepEqual(readdirSync(directory), ['x']);
  });
  it('leaves nothing at all when one file cannot be staged', () => {
    const directory = scratch();
    const broken = { ...change('y', 0o644), after: Symbol('no text') as unknown as string };
    assert.throws(() => write(directory, [change('x', 0o644), broken]));
    assert.deepEqual(readdirSync(directory), []);
  });
  it('drops the staging folder of a run that was killed, not of one that lives', () => {
    const directory = scratch();
    const [dead, alive] = ['.comicpile-staging-4194305-abc', `.comicpile-staging-${process.ppid}-abc`];
    for (const name of [dead, alive]) {
      mkdirSync(join(directory, name));
      writeFileSync(join(directory, name, '0'), 'secret', { mode: 0o600 });
    }
    write(directory, [change('x', 0o644)]);
    assert.deepEqual([existsSync(join(directory, dead)), existsSync(join(directory, alive))], [false, true]);
  });
  it('removes what is no longer ours, and the folders that are empty then', () => {
    const directory = scratch();
    write(directory, [change('a/b/x', 0o644), change('a/y', 0o644)]);
    write(directory, [{ ...change('a/b/x', 0o644), action: 'remove' }]);
    assert.deepEqual(readdirSync(join(directory, 'a')), ['y']);
  });
  it('does nothing for no change', () => {
    const directory = join(scratch(), 'absent');
    write(directory, []);
    assert.equal(existsSync(directory), false);
  });
});
