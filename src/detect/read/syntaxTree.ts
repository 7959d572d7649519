import type { SyntaxNode } from '@lezer/common';

/** All children of a node, punctuation and errors too: the parser itself gives only those of one kind. */
export const childrenOf = (node: SyntaxNode): SyntaxNode[] => {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
};
