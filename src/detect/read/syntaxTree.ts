import { type Parser, type SyntaxNode, Tree } from '@lezer/common';

/** All children of a node, punctuation and errors too: the parser itself gives only those of one kind. */
export const childrenOf = (node: SyntaxNode): SyntaxNode[] => {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
};

/** The tree of a text; an empty one of what is nested deeper than the parser's own recursion goes. */
export const treeOf = (parser: Parser, text: string): Tree => {
  try {
    return parser.parse(text);
  } catch (error) {
    if (error instanceof RangeError) return Tree.empty;
    throw error;
  }
};
