import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';

/** An expression, as far as rules look into it; `text` is its source. */
export type Expression =
  | { readonly kind: 'string'; readonly value: string; readonly text: string }
  | { readonly kind: 'number' | 'boolean' | 'none' | 'ellipsis' | 'other'; readonly text: string }
  /** A dotted name: `settings.API_V1`. */
  | { readonly kind: 'name'; readonly text: string }
  | {
      readonly kind: 'call';
      readonly callee: string;
      readonly args: readonly Argument[];
      readonly text: string;
      readonly line: number;
    }
  /** Strings that are put together: f"{a}/b", a + "/b", "a" "b". */
  | { readonly kind: 'concat'; readonly parts: readonly Expression[]; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[]; readonly text: string }
  /** `x[key]` */
  | { readonly kind: 'index'; readonly of: string; readonly key: Expression; readonly text: string };

/** `name` is undefined for a positional argument. */
export type Argument = { readonly name: string | undefined; readonly value: Expression };
export type Call = Extract<Expression, { kind: 'call' }>;

/** `from module import name as local`; of `import module as local`, `name` is undefined. `module` keeps leading dots. */
type Import = {
  readonly module: string;
  readonly name: string | undefined;
  readonly local: string;
  readonly line: number;
};

export type Assignment = {
  readonly target: string;
  readonly type: string | undefined;
  readonly value: Expression | undefined;
  readonly line: number;
  /** Names of the functions and classes around it, outermost first; empty: at the top of the module. */
  readonly within: readonly string[];
};

export type Function = {
  readonly name: string;
  readonly decorators: readonly Expression[];
  readonly returns: string | undefined;
  readonly parameters: readonly { readonly name: string; readonly hasDefault: boolean }[];
  readonly line: number;
  readonly within: readonly string[];
};

export type Class = {
  readonly name: string;
  readonly bases: readonly string[];
  /** Arguments by name in the list of bases: `class S(BaseSettings, env_prefix="X_")`. */
  readonly keywords: readonly Argument[];
  readonly line: number;
  readonly within: readonly string[];
};

/** What rules need of a module; broken code gives what can be read of it, never an error. */
export type Python = {
  readonly path: string;
  readonly imports: readonly Import[];
  readonly assignments: readonly Assignment[];
  readonly functions: readonly Function[];
  readonly classes: readonly Class[];
  /** Every call, wherever it stands, with the functions and classes around it. */
  readonly calls: readonly (Call & { readonly within: readonly string[] })[];
  /** Every `x[key]` that is read or written. */
  readonly indexes: readonly {
    readonly of: string;
    readonly key: Expression;
    readonly line: number;
    readonly within: readonly string[];
  }[];
  /** Every plain string, for schemes of URLs and the like, with its line. */
  readonly strings: readonly { readonly value: string; readonly line: number }[];
  /** Every string that is put together of parts, as a whole: what f"…" holds is no plain string. */
  readonly joins: readonly {
    readonly parts: readonly Expression[];
    readonly line: number;
    readonly within: readonly string[];
  }[];
};

const childrenOf = (node: SyntaxNode): SyntaxNode[] => {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
};

// The escapes that stand in names, paths and URLs; others stay as they are written.
const unescaped = (text: string): string =>
  text.replace(/\\(["'\\\n])/g, (_, character: string) => (character === '\n' ? '' : character));

const stringValue = (source: string): string => {
  const [, prefix = '', , body = ''] = /^([A-Za-z]*)("""|'''|"|')([\s\S]*)\2$/.exec(source) ?? [];
  return /r/i.test(prefix) ? body : unescaped(body);
};

// No expression that a rule looks into is nested deeper; without a bound hostile code costs the square of its size.
const deepest = 12;

class Reader {
  readonly #text: string;
  readonly #lineStarts: readonly number[];

  constructor(text: string) {
    this.#text = text;
    const starts = [0];
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.#lineStarts = starts;
  }

  source(node: SyntaxNode): string {
    return this.#text.slice(node.from, node.to);
  }

  line(node: SyntaxNode): number {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#lineStarts[middle] ?? 0) <= node.from) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  #parts(node: SyntaxNode, depth: number): Expression[] {
    const parts: Expression[] = [];
    const source = this.source(node);
    const [, quote = '"'] = /^[A-Za-z]*("""|'''|"|')/.exec(source) ?? [];
    let at = node.from + source.indexOf(quote) + quote.length;
    const literal = (to: number) => {
      const value = unescaped(this.#text.slice(at, to).replaceAll('{{', '{').replaceAll('}}', '}'));
      if (value !== '') parts.push({ kind: 'string', value, text: value });
    };
    for (const child of childrenOf(node)) {
      if (child.name !== 'FormatReplacement') continue;
      literal(child.from);
      const inner = childrenOf(child).find(({ name }) => name !== '{');
      if (inner) parts.push(this.expression(inner, depth));
      at = child.to;
    }
    literal(node.to - quote.length);
    return parts;
  }

  args(node: SyntaxNode, depth = 0): Argument[] {
    const args: Argument[] = [];
    let name: string | undefined;
    const children = childrenOf(node);
    for (const [index, child] of children.entries()) {
      if (['(', ')', ',', 'Comment', '⚠'].includes(child.name)) continue;
      if (child.name === 'AssignOp') continue;
      if (children[index + 1]?.name === 'AssignOp' && child.name === 'VariableName') {
        name = this.source(child);
        continue;
      }
      if (child.name === '*' || child.name === '**') continue;
      args.push({ name, value: this.expression(child, depth) });
      name = undefined;
    }
    return args;
  }

  expression(node: SyntaxNode, outer = 0): Expression {
    const text = this.source(node);
    const depth = outer + 1;
    if (depth > deepest) return { kind: 'other', text };
    const children = childrenOf(node);
    switch (node.name) {
      case 'String':
        return { kind: 'string', value: stringValue(text), text };
      case 'FormatString':
        return { kind: 'concat', parts: this.#parts(node, depth), text };
      case 'ContinuedString':
        return { kind: 'concat', parts: children.map((child) => this.expression(child, depth)), text };
      case 'Number':
        return { kind: 'number', text };
      case 'Boolean':
        return { kind: 'boolean', text };
      case 'None':
        return { kind: 'none', text };
      case 'Ellipsis':
        return { kind: 'ellipsis', text };
      case 'VariableName':
        return { kind: 'name', text };
      case 'MemberExpression': {
        const [object, sign] = children;
        const last = children.at(-1);
        if (sign?.name === '[' && object && children[2]) {
          return { kind: 'index', of: this.source(object), key: this.expression(children[2], depth), text };
        }
        return last?.name === 'PropertyName' && /^[\w.]+$/.test(text)
          ? { kind: 'name', text }
          : { kind: 'other', text };
      }
      case 'CallExpression': {
        const [callee, list] = children;
        if (!callee || list?.name !== 'ArgList') return { kind: 'other', text };
        return {
          kind: 'call',
          callee: this.source(callee).replace(/\s+/g, ''),
          args: this.args(list, depth),
          text,
          line: this.line(node),
        };
      }
      case 'ArrayExpression':
      case 'TupleExpression':
      case 'SetExpression': {
        const items = children.filter(
          ({ name }) => !['[', ']', '(', ')', '{', '}', ',', 'Comment', '⚠'].includes(name),
        );
        return { kind: 'list', items: items.map((item) => this.expression(item, depth)), text };
      }
      case 'ParenthesizedExpression': {
        const inner = children.find(({ name }) => !['(', ')', 'Comment'].includes(name));
        return inner ? this.expression(inner, depth) : { kind: 'other', text };
      }
      case 'AwaitExpression': {
        const inner = children.at(-1);
        return inner ? this.expression(inner, depth) : { kind: 'other', text };
      }
      case 'BinaryExpression': {
        const [left, operator, right] = children;
        if (left && right && operator && this.source(operator) === '+') {
          return { kind: 'concat', parts: [this.expression(left, depth), this.expression(right, depth)], text };
        }
        return { kind: 'other', text };
      }
      default:
        return { kind: 'other', text };
    }
  }
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] extends readonly (infer Item)[] ? Item[] : Type[Key] };

// `.a.b` and `a.b` of an import: the tokens between two keywords.
const joined = (reader: Reader, nodes: readonly SyntaxNode[]): string =>
  nodes
    .map((node) => reader.source(node))
    .join('')
    .replace(/\s+/g, '');

const readImport = (reader: Reader, node: SyntaxNode): Import[] => {
  const children = childrenOf(node).filter(({ name }) => !['(', ')', 'Comment', '⚠'].includes(name));
  const line = reader.line(node);
  const at = children.findIndex(({ name }) => name === 'import');
  const isFrom = children[0]?.name === 'from';
  const module = isFrom ? joined(reader, children.slice(1, at)) : '';
  const imports: Import[] = [];
  let words: SyntaxNode[] = [];
  const flush = () => {
    if (words.length === 0) return;
    const as = words.findIndex(({ name }) => name === 'as');
    const name = joined(reader, as === -1 ? words : words.slice(0, as));
    const alias = as === -1 ? undefined : joined(reader, words.slice(as + 1));
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

const typeOf = (reader: Reader, node: SyntaxNode | undefined): string | undefined =>
  node === undefined ? undefined : reader.source(node).replace(/^(?::|->)\s*/, '');

const readFunction = (reader: Reader, node: SyntaxNode, within: readonly string[]): Function => {
  const children = childrenOf(node);
  const name = children.find((child) => child.name === 'VariableName');
  const parameters = childrenOf(children.find((child) => child.name === 'ParamList') ?? node);
  const arrow = children.findLast((child) => child.name === 'TypeDef');
  const decorated = node.parent?.name === 'DecoratedStatement' ? childrenOf(node.parent) : [];
  return {
    name: name ? reader.source(name) : '',
    decorators: decorated.filter((child) => child.name === 'Decorator').map((child) => decoratorOf(reader, child)),
    returns: typeOf(reader, arrow),
    parameters: parameters.flatMap((child, index) => {
      if (child.name !== 'VariableName' || parameters[index - 1]?.name === 'AssignOp') return [];
      const next = parameters[index + 1]?.name === 'TypeDef' ? parameters[index + 2] : parameters[index + 1];
      return [{ name: reader.source(child), hasDefault: next?.name === 'AssignOp' }];
    }),
    line: reader.line(node),
    within,
  };
};

const decoratorOf = (reader: Reader, node: SyntaxNode): Expression => {
  const children = childrenOf(node);
  const list = children.find(({ name }) => name === 'ArgList');
  const callee = joined(
    reader,
    children.filter(({ name }) => !['At', 'ArgList', 'Comment'].includes(name)),
  );
  if (list === undefined) return { kind: 'name', text: callee };
  return { kind: 'call', callee, args: reader.args(list), text: reader.source(node), line: reader.line(node) };
};

const readClass = (reader: Reader, node: SyntaxNode, within: readonly string[]): Class => {
  const children = childrenOf(node);
  const name = children.find((child) => child.name === 'VariableName');
  const list = children.find((child) => child.name === 'ArgList');
  const args = list ? reader.args(list) : [];
  return {
    name: name ? reader.source(name) : '',
    bases: args.filter((arg) => arg.name === undefined).map(({ value }) => value.text),
    keywords: args.filter((arg) => arg.name !== undefined),
    line: reader.line(node),
    within,
  };
};

const readAssignment = (reader: Reader, node: SyntaxNode, within: readonly string[]): Assignment[] => {
  const children = childrenOf(node).filter(({ name }) => name !== 'Comment');
  const [target, second] = children;
  if (target === undefined || !['VariableName', 'MemberExpression'].includes(target.name)) return [];
  const type = second?.name === 'TypeDef' ? second : undefined;
  // `a = b = value`: the value counts for each.
  const operators = children.flatMap(({ name }, index) => (name === 'AssignOp' ? [index] : []));
  const value = operators.length > 0 ? children[(operators.at(-1) ?? 0) + 1] : undefined;
  return [
    {
      target: reader.source(target),
      type: typeOf(reader, type),
      value: value ? reader.expression(value) : undefined,
      line: reader.line(node),
      within,
    },
  ];
};

const flat = (parts: readonly Expression[]): Expression[] =>
  parts.flatMap((part) => (part.kind === 'concat' ? flat(part.parts) : [part]));

/** Parses a module; the tree of the parser does not outlive this. */
export const readPython = (path: string, text: string): Python => {
  const reader = new Reader(text);
  const module: Mutable<Python> = {
    path,
    imports: [],
    assignments: [],
    functions: [],
    classes: [],
    calls: [],
    indexes: [],
    strings: [],
    joins: [],
  };
  // Not by recursion: broken or hostile code can be nested deeper than a call stack.
  const scopes: { readonly name: string; readonly to: number }[] = [];
  parser.parse(text).iterate({
    enter: ({ node }) => {
      while (scopes.length > 0 && (scopes.at(-1)?.to ?? 0) <= node.from) scopes.pop();
      const within = () => scopes.map(({ name }) => name);
      switch (node.name) {
        case 'ImportStatement':
          module.imports.push(...readImport(reader, node));
          return false;
        case 'FunctionDefinition': {
          const read = readFunction(reader, node, within());
          module.functions.push(read);
          scopes.push({ name: read.name, to: node.to });
          return true;
        }
        case 'ClassDefinition': {
          const read = readClass(reader, node, within());
          module.classes.push(read);
          scopes.push({ name: read.name, to: node.to });
          return true;
        }
        case 'AssignStatement':
          module.assignments.push(...readAssignment(reader, node, within()));
          return true;
        case 'CallExpression': {
          const call = reader.expression(node);
          if (call.kind === 'call') module.calls.push({ ...call, within: within() });
          return true;
        }
        case 'Decorator': {
          const decorator = decoratorOf(reader, node);
          if (decorator.kind === 'call') module.calls.push({ ...decorator, within: within() });
          return true;
        }
        case 'MemberExpression': {
          const index = reader.expression(node);
          if (index.kind === 'index') {
            module.indexes.push({ of: index.of, key: index.key, line: reader.line(node), within: within() });
          }
          return true;
        }
        case 'FormatString':
        case 'ContinuedString':
        case 'BinaryExpression': {
          const outer = node.parent?.name;
          if (outer === 'ContinuedString' || outer === 'BinaryExpression') return true;
          const join = reader.expression(node);
          if (join.kind === 'concat') {
            module.joins.push({ parts: flat(join.parts), line: reader.line(node), within: within() });
          }
          return true;
        }
        case 'String':
          module.strings.push({ value: stringValue(reader.source(node)), line: reader.line(node) });
          return false;
        default:
          return true;
      }
    },
  });
  return module;
};
