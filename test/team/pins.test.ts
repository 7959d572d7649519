import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { PackName } from '../../src/answers/values.ts';
import { isPinned } from '../../src/changes/lock.ts';
import { loadPack } from '../../src/team/pack.ts';
import { pinsOf } from '../../src/team/pins.ts';
import { scratch } from '../fixture.ts';
import { writePack } from './somePack.ts';

describe('pinsOf', () => {
  it('are a version and a digest by name, which any change of the content breaks', () => {
    const directory = scratch();
    const write = (text: string) => writePack(join(directory, 'one'), {}, { 'nginx/a.ejs': text }, '1.2.3');
    const load = () => loadPack(directory, './one' as PackName);
    write('one\n');
    const packs = pinsOf([load()]);
    assert.deepEqual(Object.keys(packs), ['./one']);
    assert.equal(packs['./one']?.version, '1.2.3');
    assert.equal(isPinned({ packs }, load()), true);
    write('two\n');
    assert.equal(isPinned({ packs }, load()), false);
    assert.deepEqual(pinsOf([]), {});
  });
});
