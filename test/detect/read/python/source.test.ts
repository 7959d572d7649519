import assert from 'node:assert/strict';
import { parser } from '@lezer/python';
import { Source } from '../../../../src/detect/read/python/source.ts';
import { childrenOf } from '../../../../src/detect/read/syntaxTree.ts';

describe('the source of a module', () => {
  it('knows the text and the line of each node', () => {
    const text = 'a = 1\n\n# comment\nb = (\n  2)\n';
    const source = new Source(text);
    const statements = childrenOf(parser.parse(text).topNode);
    assert.deepEqual(
      statements.map((node) => [source.line(node), source.text(node)]),
      [
        [1, 'a = 1'],
        [3, '# comment'],
        [4, 'b = (\n  2)'],
      ],
    );
  });
  it('has one line where it is empty', () => assert.equal(new Source('').line(parser.parse('').topNode), 1));
});
