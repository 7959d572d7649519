import type { SyntaxNode } from '@lezer/common';
import type { Assignment, Class, Expression, Import, Function as PythonFunction } from '../python.ts';
import { childrenOf } from '../syntaxTree.ts';
import { argumentsOf, expressionOf } from './expression.ts';
import type { Source } from './source.ts';

// `.a.b` and `a.b` of an import: the tokens between two keywords.
const joined = (source: Source, nodes: readonly SyntaxNode[]): string =>
  nodes
    .map((node) => source.text(node))
    .join('')
    .replace(/\s+/g, '');

export const readImport = (source: Source, node: SyntaxNode): Import[] => {
  const children = childrenOf(node).filter(({ name }) => !['(', ')', 'Comment', '⚠'].includes(name));
  const line = source.line(node);
  const at = children.findIndex(({ name }) => name === 'import');
  const isFrom = children[0]?.name === 'from';
  const module = isFrom ? joined(source, children.slice(1, at)) : '';
  const imports: Import[] = [];
  let words: SyntaxNode[] = [];
  const flush = () => {
    if (words.length === 0) return;
    const as = words.findIndex(({ name }) => name === 'as');
    const name = joined(source, as === -1 ? words : words.slice(0, as));
    const alias = as === -1 ? undefined : joined(source, words.slice(as + 1));
    imports.push(
      isFrom
        ? { module, name, local: alias ?? name, line }
        : { module: name, name: undefined, local: alias ?? name.split('.')[0] ?? name, line },
    );
    words = [];
  };
  for (const child of children.slice(at + 1)) {
    if (child.name === ',') flush();
    else words.push(child);
  }
  flush();
  return imports;
};

const typeOf = (source: Source, node: SyntaxNode | undefined): string | undefined =>
  node === undefined ? undefined : source.text(node).replace(/^(?::|->)\s*/, '');

export const readFunction = (source: Source, node: SyntaxNode, within: readonly string[]): PythonFunction => {
  const children = childrenOf(node);
  const name = children.find((child) => child.name === 'VariableName');
  const parameters = childrenOf(children.find((child) => child.name === 'ParamList') ?? node);
  const arrow = children.findLast((child) => child.name === 'TypeDef');
  const decorated = node.parent?.name === 'DecoratedStatement' ? childrenOf(node.parent) : [];
  return {
    name: name ? source.text(name) : '',
    decorators: decorated.filter((child) => child.name === 'Decorator').map((child) => decoratorOf(source, child)),
    returns: typeOf(source, arrow),
    parameters: parameters.flatMap((child, index) => {
      if (child.name !== 'VariableName' || parameters[index - 1]?.name === 'AssignOp') return [];
      const next = parameters[index + 1]?.name === 'TypeDef' ? parameters[index + 2] : parameters[index + 1];
      return [{ name: source.text(child), hasDefault: next?.name === 'AssignOp' }];
    }),
    line: source.line(node),
    within,
  };
};

export const decoratorOf = (source: Source, node: SyntaxNode): Expression => {
  const children = childrenOf(node);
  const list = children.find(({ name }) => name === 'ArgList');
  const callee = joined(
    source,
    children.filter(({ name }) => !['At', 'ArgList', 'Comment'].includes(name)),
  );
  if (list === undefined) return { kind: 'name', text: callee };
  return { kind: 'call', callee, args: argumentsOf(source, list), text: source.text(node), line: source.line(node) };
};

export const readClass = (source: Source, node: SyntaxNode, within: readonly string[]): Class => {
  const children = childrenOf(node);
  const name = children.find((child) => child.name === 'VariableName');
  const list = children.find((child) => child.name === 'ArgList');
  const args = list ? argumentsOf(source, list) : [];
  return {
    name: name ? source.text(name) : '',
    bases: args.filter((arg) => arg.name === undefined).map(({ value }) => value.text),
    keywords: args.filter((arg) => arg.name !== undefined),
    line: source.line(node),
    within,
  };
};

export const readAssignment = (source: Source, node: SyntaxNode, within: readonly string[]): Assignment[] => {
  const children = childrenOf(node).filter(({ name }) => name !== 'Comment');
  const [target, second] = children;
  if (target === undefined || !['VariableName', 'MemberExpression'].includes(target.name)) return [];
  const type = second?.name === 'TypeDef' ? second : undefined;
  // `a = b = value`: the value counts for each.
  const operators = children.flatMap(({ name }, index) => (name === 'AssignOp' ? [index] : []));
  const value = operators.length > 0 ? children[(operators.at(-1) ?? 0) + 1] : undefined;
  return [
    {
      target: source.text(target),
      type: typeOf(source, type),
      value: value ? expressionOf(source, value) : undefined,
      line: source.line(node),
      within,
    },
  ];
};
