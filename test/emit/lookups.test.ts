import assert from 'node:assert/strict';
import { bounds } from '../../src/emit/bounds.ts';
import { lookupsIn } from '../../src/emit/lookups.ts';

class Site {
  readonly domain = 'a.example';
  get inherited(): string {
    throw new Error('a getter of the prototype was called');
  }
}
const model = {
  site: new Site(),
  port: 8000,
  none: null,
  off: false,
  list: ['x', 'y'],
  call: () => 'called',
  rows: [{}],
};
const seen = () => lookupsIn(model);

describe('lookupsIn', () => {
  it('finds what the model has', () => {
    const { lookups, misses } = seen();
    const { s0, print, test, each } = lookups;
    assert.deepEqual(
      [print(s0, 'site', 'domain'), print(s0, 'port'), print(s0, 'off')],
      ['a.example', '8000', 'false'],
    );
    assert.deepEqual([test(s0, 'off'), test(s0, 'list')], [false, true]);
    assert.deepEqual(
      each(s0, 'name', 'list').map((scope) => print(scope, 'name') + print(scope, 'port')),
      ['x8000', 'y8000'],
    );
    assert.deepEqual(misses, []);
  });
  for (const path of [
    'nothing',
    'site.domian',
    'site.domain.length',
    'site.domain.at',
    'site.inherited',
    'site.constructor',
    'site.constructor.constructor',
    'site.__proto__',
    'constructor',
    '__proto__',
    'toString',
    'hasOwnProperty',
    'list.length',
    'list.map',
    'port.toFixed',
    'none',
    'none.x',
    'call',
    'call.name',
    'call.prototype',
  ]) {
    it(`the model has no ${path}, to print, to test or to loop over`, () => {
      const tries = [
        ({ lookups: { s0, print } }: ReturnType<typeof seen>) => assert.equal(print(s0, ...path.split('.')), ''),
        ({ lookups: { s0, test } }: ReturnType<typeof seen>) => assert.equal(test(s0, ...path.split('.')), false),
        ({ lookups: { s0, each } }: ReturnType<typeof seen>) => assert.deepEqual(each(s0, 'x', ...path.split('.')), []),
      ];
      for (const attempt of tries) {
        const all = seen();
        attempt(all);
        assert.deepEqual(all.misses, [{ path, what: `the model has no ${path}` }]);
      }
    });
  }
  it('a value of another kind than the tag needs is a miss, too', () => {
    const all = seen();
    const { s0, print, each } = all.lookups;
    for (const path of ['site', 'list', 'rows']) assert.equal(print(s0, path), '');
    for (const path of ['port', 'off']) assert.deepEqual(each(s0, 'x', path), []);
    assert.deepEqual(each(s0, 'x', 'site', 'domain'), []);
    assert.deepEqual(
      all.misses.map(({ what }) => what),
      [
        'site is no text',
        'list is no text',
        'rows is no text',
        'port is no list',
        'off is no list',
        'site.domain is no list',
      ],
    );
  });
  it('a variable of a loop is a name in its scope, whatever it is called', () => {
    for (const name of ['site', 'constructor', '__proto__', 'undefined', 'const']) {
      const { lookups } = seen();
      const [scope = {}] = lookups.each(lookups.s0, name, 'list');
      assert.equal(lookups.print(scope, name), 'x');
      assert.equal(Object.getPrototypeOf(scope), Object.prototype);
    }
    assert.equal(model.site.domain, 'a.example');
  });
  it('has an end', () => {
    const { lookups } = lookupsIn({ list: Array.from({ length: bounds.steps }, () => 'x') });
    assert.throws(() => lookups.each(lookups.s0, 'x', 'list'), /it takes more than 100000 steps/);
  });
});
