import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';
import type { Expression, Python } from '../python.ts';
import { treeOf } from '../syntaxTree.ts';
import { expressionOf } from './expression.ts';
import { Source } from './source.ts';
import { decoratorOf, readAssignment, readClass, readFunction, readImport } from './statements.ts';
import { stringValue } from './string.ts';

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] extends readonly (infer Item)[] ? Item[] : Type[Key] };

/** A module on its way, and the functions and classes around the node that is read, outermost first. */
type Reading = {
  readonly source: Source;
  readonly module: Mutable<Python>;
  readonly scopes: { readonly name: string; readonly to: number }[];
};

const within = ({ scopes }: Reading): readonly string[] => scopes.map(({ name }) => name);

const flat = (parts: readonly Expression[]): Expression[] =>
  parts.flatMap((part) => (part.kind === 'concat' ? flat(part.parts) : [part]));

// Of what is put together of others the whole counts.
const join = (reading: Reading, node: SyntaxNode): void => {
  const outer = node.parent?.name;
  if (outer === 'ContinuedString' || outer === 'BinaryExpression') return;
  const joined = expressionOf(reading.source, node);
  if (joined.kind !== 'concat') return;
  const line = reading.source.line(node);
  reading.module.joins.push({ parts: flat(joined.parts), line, within: within(reading) });
};

const call = (reading: Reading, expression: Expression): void => {
  if (expression.kind === 'call') reading.module.calls.push({ ...expression, within: within(reading) });
};

const index = (reading: Reading, node: SyntaxNode): void => {
  const read = expressionOf(reading.source, node);
  if (read.kind !== 'index') return;
  const line = reading.source.line(node);
  reading.module.indexes.push({ of: read.of, key: read.key, line, within: within(reading) });
};

/** What each kind of node gives to the module. */
const enter: Readonly<Record<string, (reading: Reading, node: SyntaxNode) => void>> = {
  ImportStatement: ({ source, module }, node) => {
    module.imports.push(...readImport(source, node));
  },
  FunctionDefinition: (reading, node) => {
    const read = readFunction(reading.source, node, within(reading));
    reading.module.functions.push(read);
    reading.scopes.push({ name: read.name, to: node.to });
  },
  ClassDefinition: (reading, node) => {
    const read = readClass(reading.source, node, within(reading));
    reading.module.classes.push(read);
    reading.scopes.push({ name: read.name, to: node.to });
  },
  AssignStatement: (reading, node) => {
    reading.module.assignments.push(...readAssignment(reading.source, node, within(reading)));
  },
  CallExpression: (reading, node) => call(reading, expressionOf(reading.source, node)),
  Decorator: (reading, node) => call(reading, decoratorOf(reading.source, node)),
  MemberExpression: index,
  FormatString: join,
  ContinuedString: join,
  BinaryExpression: join,
  String: ({ source, module }, node) => {
    module.strings.push({ value: stringValue(source.text(node)), line: source.line(node) });
  },
};

/** Nothing within these is looked at. */
const closed = new Set(['ImportStatement', 'String']);

const empty = (path: string): Mutable<Python> => ({
  path,
  imports: [],
  assignments: [],
  functions: [],
  classes: [],
  calls: [],
  indexes: [],
  strings: [],
  joins: [],
});

/** Parses a module; the tree of the parser does not outlive this. */
export const readPython = (path: string, text: string): Python => {
  const reading: Reading = { source: new Source(text), module: empty(path), scopes: [] };
  const { scopes } = reading;
  // Not by recursion: broken or hostile code can be nested deeper than a call stack.
  treeOf(parser, text).iterate({
    enter: ({ node }) => {
      while (scopes.length > 0 && (scopes.at(-1)?.to ?? 0) <= node.from) scopes.pop();
      enter[node.name]?.(reading, node);
      return !closed.has(node.name);
    },
  });
  return reading.module;
};
