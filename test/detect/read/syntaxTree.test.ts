import assert from 'node:assert/strict';
import { type Parser, Tree } from '@lezer/common';
import { parser } from '@lezer/python';
import { childrenOf, treeOf } from '../../../src/detect/read/syntaxTree.ts';

const throwing = (error: Error): Parser =>
  ({
    parse: () => {
      throw error;
    },
  }) as unknown as Parser;

describe('a syntax tree', () => {
  it('has all children of a node, signs and errors too', () => {
    const call = treeOf(parser, 'f(a, b').topNode.firstChild?.firstChild;
    const list = call?.lastChild ?? assert.fail();
    assert.deepEqual(
      childrenOf(list).map(({ name }) => name),
      ['(', 'VariableName', ',', 'VariableName', '⚠'],
    );
  });
  // The real parser at its real end is in test/deep/bounds.test.ts.
  it('is empty where the parser runs out of its stack', () =>
    assert.equal(treeOf(throwing(new RangeError('Maximum call stack size exceeded')), 'x'), Tree.empty));
  it('is none where the parser fails in another way', () =>
    assert.throws(() => treeOf(throwing(new TypeError('ours')), 'x'), TypeError));
});
