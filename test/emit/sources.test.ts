import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../../src/base/refusal.ts';
import { builtIn, find, findAll, has, type Source } from '../../src/emit/sources.ts';
import { folderWith } from '../fixture.ts';

const page = 'nginx/pages/maintenance.json.ejs';

describe('sources', () => {
  it('the first that has a template is used; the others are behind it', () => {
    const own = { name: 'own', root: folderWith({ [page]: 'mine\n' }) };
    const none = { name: 'none', root: folderWith({}) };
    const sources = [none, own, builtIn()];
    assert.deepEqual(find(sources, page), { source: own, path: page, text: 'mine\n' });
    assert.deepEqual(
      findAll(sources, page).map(({ source }) => source.name),
      ['own', 'built in'],
    );
    assert.deepEqual([has(none, page), has(own, page)], [false, true]);
    assert.equal(find(sources, 'nginx/nginx.conf.ejs').source.name, 'built in');
    assert.throws(() => find(sources, 'nginx/none.ejs'), /there is no template nginx\/none\.ejs/);
  });
  for (const [what, make, said] of [
    ['a link', (file: string) => symlinkSync('/etc/hostname', file), 'is a link, and no plain file'],
    ['a folder', (file: string) => mkdirSync(file), 'is a folder, and no plain file'],
    ['very large', (file: string) => writeFileSync(file, 'x'.repeat(5_000_000)), 'is larger than 2 MiB'],
  ] as const) {
    it(`one that is ${what} is refused unread`, () => {
      const own = { name: 'own', root: folderWith({ 'nginx/pages/x': '' }) };
      make(join(own.root, page));
      for (const read of [
        find,
        findAll,
        (sources: readonly Source[], path: string) => has(sources[0] as Source, path),
      ]) {
        assert.throws(
          () => read([own, builtIn()], page),
          (error) => error instanceof Refusal && error.problems[0] === `${page} ${said}`,
        );
      }
    });
  }
});
