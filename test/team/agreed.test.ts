import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digest } from '../../src/base/digest.ts';
import { agreedHere } from '../../src/team/agreed.ts';
import { scratch } from '../fixture.ts';
import { ownState } from '../ownState.ts';

const one = digest('one');
const mode = (path: string): number => statSync(path).mode & 0o777;

describe('what was agreed to', () => {
  const state = ownState();
  const file = () => join(state(), 'comicpile/agreed.json');
  const kept = (): string => {
    assert.equal(agreedHere(scratch()).keep({ [one]: 'one' }), undefined);
    return file();
  };

  it('is remembered for the content, in every project, in a file of nobody else', () => {
    assert.equal(agreedHere(scratch()).has(one), false);
    const path = kept();
    assert.deepEqual([mode(path), mode(join(state(), 'comicpile'))], [0o600, 0o700]);
    assert.equal(agreedHere(scratch()).has(one), true);
    assert.equal(agreedHere(scratch()).has(digest('other')), false);
    agreedHere(scratch()).keep({ [digest('two')]: 'two' });
    const here = agreedHere(scratch());
    assert.deepEqual([here.has(one), here.has(digest('two'))], [true, true]);
  });

  it('is not believed of a file that others may have written, of a link or of what is broken', () => {
    const path = kept();
    const good = readFileSync(path, 'utf8');
    chmodSync(path, 0o644);
    assert.equal(agreedHere(scratch()).has(one), false);
    chmodSync(path, 0o600);
    assert.equal(agreedHere(scratch()).has(one), true);
    for (const text of ['', '[]', 'null', '{"agreed": []}', '{"agreed": {"x": "y"}}', good.slice(0, 40)]) {
      writeFileSync(path, text);
      assert.equal(agreedHere(scratch()).has(one), false, text);
    }
    const elsewhere = join(scratch(), 'agreed.json');
    writeFileSync(elsewhere, good, { mode: 0o600 });
    process.env.XDG_STATE_HOME = scratch();
    mkdirSync(join(process.env.XDG_STATE_HOME, 'comicpile'), { mode: 0o700 });
    symlinkSync(elsewhere, join(process.env.XDG_STATE_HOME, 'comicpile/agreed.json'));
    assert.equal(agreedHere(scratch()).has(one), false);
  });

  it('nor of a folder that others may write to, or that the project brings along', () => {
    kept();
    chmodSync(join(state(), 'comicpile'), 0o777);
    assert.equal(agreedHere(scratch()).has(one), false);
    assert.match(agreedHere(scratch()).keep({ [one]: 'one' }) ?? '', /is no folder of yours alone/);
    chmodSync(join(state(), 'comicpile'), 0o700);
    assert.equal(agreedHere(state()).has(one), false);
    assert.match(agreedHere(state()).keep({ [one]: 'one' }) ?? '', /is in the project$/);
  });

  it('is not remembered where there is no place for it, which is said and no error', () => {
    const occupied = join(scratch(), 'file');
    writeFileSync(occupied, '');
    for (const place of [join(occupied, 'state'), '/proc/no/such/place']) {
      process.env.XDG_STATE_HOME = place;
      const here = agreedHere(scratch());
      assert.equal(here.has(one), false);
      assert.match(here.keep({ [one]: 'one' }) ?? '', /./, place);
      assert.equal(agreedHere(scratch()).has(one), false);
    }
  });

  it('has an end: the oldest are forgotten', () => {
    const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [digest(String(index)), 'x']));
    kept();
    agreedHere(scratch()).keep(many);
    const here = agreedHere(scratch());
    assert.deepEqual([here.has(one), here.has(digest('19999'))], [false, true]);
  });
});
