import type { SyntaxNode } from '@lezer/common';
import type { Argument, Expression } from '../python.ts';
import { childrenOf } from '../syntaxTree.ts';
import type { Source } from './source.ts';
import { stringValue, unescaped } from './string.ts';

// No expression that a rule looks into is nested deeper; without a bound hostile code costs the square of its size.
const deepest = 12;

/** What stands between brackets, without them and what separates. */
const withoutSigns = (children: readonly SyntaxNode[]): readonly SyntaxNode[] =>
  children.filter(({ name }) => !['[', ']', '(', ')', '{', '}', ',', 'Comment', '⚠'].includes(name));

/** The parts of f"…": its plain text, and what is put in. */
const formatParts = (source: Source, node: SyntaxNode, depth: number): readonly Expression[] => {
  const parts: Expression[] = [];
  const whole = source.text(node);
  const [, quote = '"'] = /^[A-Za-z]*("""|'''|"|')/.exec(whole) ?? [];
  let at = whole.indexOf(quote) + quote.length;
  const literal = (to: number) => {
    const value = unescaped(whole.slice(at, to).replaceAll('{{', '{').replaceAll('}}', '}'));
    if (value !== '') parts.push({ kind: 'string', value, text: value });
  };
  for (const child of childrenOf(node)) {
    if (child.name !== 'FormatReplacement') continue;
    literal(child.from - node.from);
    const inner = childrenOf(child).find(({ name }) => name !== '{');
    if (inner) parts.push(expressionOf(source, inner, depth));
    at = child.to - node.from;
  }
  literal(whole.length - quote.length);
  return parts;
};

/** The arguments of a call, or of the bases of a class. */
export const argumentsOf = (source: Source, node: SyntaxNode, depth = 0): readonly Argument[] => {
  const args: Argument[] = [];
  let name: string | undefined;
  const children = childrenOf(node);
  for (const [index, child] of children.entries()) {
    if (['(', ')', ',', 'Comment', '⚠', 'AssignOp', '*', '**'].includes(child.name)) continue;
    if (children[index + 1]?.name === 'AssignOp' && child.name === 'VariableName') {
      name = source.text(child);
      continue;
    }
    args.push({ name, value: expressionOf(source, child, depth) });
    name = undefined;
  }
  return args;
};

/** How one kind of node is read; undefined where it is not what it looks like. */
type Read = (source: Source, node: SyntaxNode, depth: number) => Expression | undefined;

const plain =
  (kind: 'number' | 'boolean' | 'none' | 'ellipsis' | 'name'): Read =>
  (source, node) => ({ kind, text: source.text(node) });

/** `a.b`, `a[key]` */
const member: Read = (source, node, depth) => {
  const text = source.text(node);
  const children = childrenOf(node);
  const [object, sign, key] = children;
  if (sign?.name === '[' && object && key)
    return { kind: 'index', of: source.text(object), key: expressionOf(source, key, depth), text };
  const isDotted = children.at(-1)?.name === 'PropertyName' && /^[\w.]+$/.test(text);
  return isDotted ? { kind: 'name', text } : undefined;
};

const call: Read = (source, node, depth) => {
  const [callee, list] = childrenOf(node);
  if (!callee || list?.name !== 'ArgList') return undefined;
  return {
    kind: 'call',
    callee: source.text(callee).replace(/\s+/g, ''),
    args: argumentsOf(source, list, depth),
    text: source.text(node),
    line: source.line(node),
  };
};

const list: Read = (source, node, depth) => ({
  kind: 'list',
  items: withoutSigns(childrenOf(node)).map((item) => expressionOf(source, item, depth)),
  text: source.text(node),
});

const sum: Read = (source, node, depth) => {
  const [left, operator, right] = childrenOf(node);
  if (!left || !right || !operator || source.text(operator) !== '+') return undefined;
  const parts = [expressionOf(source, left, depth), expressionOf(source, right, depth)];
  return { kind: 'concat', parts, text: source.text(node) };
};

const inner = (source: Source, node: SyntaxNode | undefined, depth: number): Expression | undefined =>
  node && expressionOf(source, node, depth);

/** By the names of the parser's nodes. */
const reads: Readonly<Record<string, Read>> = {
  String: (source, node) => ({ kind: 'string', value: stringValue(source.text(node)), text: source.text(node) }),
  FormatString: (source, node, depth) => ({
    kind: 'concat',
    parts: formatParts(source, node, depth),
    text: source.text(node),
  }),
  ContinuedString: (source, node, depth) => ({
    kind: 'concat',
    parts: childrenOf(node).map((child) => expressionOf(source, child, depth)),
    text: source.text(node),
  }),
  Number: plain('number'),
  Boolean: plain('boolean'),
  None: plain('none'),
  Ellipsis: plain('ellipsis'),
  VariableName: plain('name'),
  MemberExpression: member,
  CallExpression: call,
  ArrayExpression: list,
  TupleExpression: list,
  SetExpression: list,
  ParenthesizedExpression: (source, node, depth) =>
    inner(
      source,
      childrenOf(node).find(({ name }) => !['(', ')', 'Comment'].includes(name)),
      depth,
    ),
  AwaitExpression: (source, node, depth) => inner(source, childrenOf(node).at(-1), depth),
  BinaryExpression: sum,
};

/** An expression, as far as rules look into it; whatever else it is stays its text. */
export const expressionOf = (source: Source, node: SyntaxNode, outer = 0): Expression => {
  const depth = outer + 1;
  const read = depth > deepest ? undefined : reads[node.name];
  return read?.(source, node, depth) ?? { kind: 'other', text: source.text(node) };
};
