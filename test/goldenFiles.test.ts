import assert from 'node:assert/strict';
import fc from 'fast-check';
import { keep, restore, type Tree } from './goldenFiles.ts';

const treesOf = (trees: Readonly<Record<string, Readonly<Record<string, string>>>>): ReadonlyMap<string, Tree> =>
  new Map(Object.entries(trees).map(([name, files]) => [name, new Map(Object.entries(files))]));

const long = Array.from({ length: 20 }, (_, line) => `line ${line}\n`).join('');
const trees = treesOf({
  first: { same: 'one\n', changed: long, gone: 'x\n' },
  second: { same: 'one\n', changed: long.replace('line 3', 'LINE 3'), 'in/new': 'of the second\n' },
  third: { same: 'two\n', changed: long.replace('line 3', 'LINE 3'), 'in/new': 'of the second\n', gone: 'x\n' },
});

describe('what is kept of the golden trees', () => {
  it('is the first tree, and of each later one what nobody has read yet', () =>
    assert.deepEqual(Object.fromEntries(keep(trees)), {
      'first/same': 'one\n',
      'first/changed': long,
      'first/gone': 'x\n',
      'second/changed.diff':
        '--- first/changed\n+++ second/changed\n@@ -3,3 +3,3 @@\n line 2\n-line 3\n+LINE 3\n line 4\n',
      'second/in/new': 'of the second\n',
      'second/SAME-AND-LESS': 'less gone\n',
      'third/same': 'two\n',
      'third/SAME-AND-LESS': 'like second changed\nlike second in/new\n',
    }));
  it('refuses a difference to a text that is no longer there', () => {
    const kept = new Map(keep(trees)).set('first/changed', long.replace('line 3', 'line III'));
    assert.throws(() => restore([...trees.keys()], kept), /changed\.diff does not apply to the tree first/);
  });
  it('refuses a note of a file that is not there', () => {
    const kept = new Map(keep(trees)).set('third/SAME-AND-LESS', 'like second nothing\n');
    assert.throws(() => restore([...trees.keys()], kept), /second\/nothing is not in the trees before/);
  });
  it('gives the trees back, whatever their texts', () => {
    const text = fc
      .array(fc.constantFrom('a\n', 'b\n', '\n', '-a\n', '+++ x\n', 'no end', '\\ \n'))
      .map((all) => all.join(''));
    const tree = fc.dictionary(fc.constantFrom('a', 'b/c', 'd.sh', 'e.diff'), text, { noNullPrototype: true });
    fc.assert(
      fc.property(tree, tree, tree, (first, second, third) => {
        const any = treesOf({ first, second, third });
        const sorted = (all: ReadonlyMap<string, Tree>) => [...all].map(([name, files]) => [name, [...files].sort()]);
        assert.deepEqual(sorted(restore([...any.keys()], keep(any))), sorted(any));
      }),
    );
  });
});
