import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/javascript';
import { joinPath, normalisePath } from './paths.ts';
import { childrenOf, treeOf } from './syntaxTree.ts';

/** A value of a config file; nothing is run: what only a run could tell is `unknown`. */
export type Value =
  | { readonly kind: 'string'; readonly value: string }
  /** Joined with the folder of the config file: `path.resolve(__dirname, '../static')`; from that folder, with `..`. */
  | { readonly kind: 'path'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'object'; readonly entries: ReadonlyMap<string, Value> }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  | { readonly kind: 'call'; readonly callee: string; readonly args: readonly Value[] }
  | { readonly kind: 'unknown' };

export type JavaScriptConfig = {
  /** What the file exports as its default; of a function: what it returns. */
  readonly exported: Value;
  /** Modules that it imports or requires. */
  readonly imports: readonly string[];
};

const unknown: Value = { kind: 'unknown' };
const syntax = parser.configure({ dialect: 'ts jsx' });
// A config written by hand has fewer; names that name each other would otherwise cost the power of their depth.
const mostValues = 5000;
const deepest = 40;

const punctuation = new Set(['{', '}', '[', ']', '(', ')', ',', ';', ':', 'LineComment', 'BlockComment', '⚠']);
const partsOf = (node: SyntaxNode): SyntaxNode[] => childrenOf(node).filter(({ name }) => !punctuation.has(name));

/** The value at a path of keys; undefined where there is none. */
export const valueAt = (value: Value | undefined, ...keys: readonly string[]): Value | undefined =>
  keys.reduce<Value | undefined>(
    (inner, key) => (inner?.kind === 'object' ? inner.entries.get(key) : undefined),
    value,
  );

class Reader {
  readonly #text: string;
  readonly #names = new Map<string, SyntaxNode>();
  #left = mostValues;
  readonly imports: string[] = [];
  exported: SyntaxNode | undefined;

  constructor(text: string) {
    this.#text = text;
    treeOf(syntax, text).iterate({ enter: ({ node }) => this.#see(node) });
  }

  #source(node: SyntaxNode): string {
    return this.#text.slice(node.from, node.to);
  }

  #see(node: SyntaxNode): void {
    const parts = partsOf(node);
    if (node.name === 'ImportDeclaration') {
      const from = parts.find(({ name }) => name === 'String');
      if (from) this.imports.push(this.#string(from));
    } else if (node.name === 'VariableDeclaration') {
      for (const [index, part] of parts.entries()) {
        if (part.name !== 'VariableDefinition') continue;
        const equals = parts.findIndex(({ name }, at) => at > index && name === 'Equals');
        const value = equals === -1 ? undefined : parts[equals + 1];
        if (value) this.#names.set(this.#source(part), value);
      }
    } else if (node.name === 'FunctionDeclaration') {
      const name = parts.find((part) => part.name === 'VariableDefinition');
      if (name) this.#names.set(this.#source(name), node);
    } else if (node.name === 'ExportDeclaration' && parts[1]?.name === 'default') {
      this.exported = parts[2];
    } else if (node.name === 'AssignmentExpression' && /^(?:module\.)?exports$/.test(this.#source(parts[0] ?? node))) {
      this.exported = parts.at(-1);
    } else if (node.name === 'CallExpression' && /^require\(/.test(this.#source(node))) {
      const from = parts[1]?.getChild('String');
      if (from) this.imports.push(this.#string(from));
    }
  }

  #string(node: SyntaxNode): string {
    return this.#source(node).slice(1, -1).replace(/\\(.)/g, '$1');
  }

  value(node: SyntaxNode | undefined, depth = 0): Value {
    this.#left -= 1;
    if (node === undefined || this.#left < 0 || depth > deepest) return unknown;
    const inner = (child: SyntaxNode | undefined) => this.value(child, depth + 1);
    const parts = partsOf(node);
    switch (node.name) {
      case 'String':
        return { kind: 'string', value: this.#string(node) };
      case 'TemplateString':
        return parts.length === 0 ? { kind: 'string', value: this.#string(node) } : unknown;
      case 'BooleanLiteral':
        return { kind: 'boolean', value: this.#source(node) === 'true' };
      case 'VariableName': {
        const name = this.#source(node);
        return name === '__dirname' ? { kind: 'path', value: '' } : inner(this.#names.get(name));
      }
      case 'MemberExpression': {
        const source = this.#source(node).replace(/\s+/g, '');
        if (source === 'import.meta.dirname') return { kind: 'path', value: '' };
        const [object, property] = [parts[0], parts.at(-1)];
        if (property?.name !== 'PropertyName' || object?.name !== 'VariableName') return unknown;
        return valueAt(inner(object), this.#source(property)) ?? unknown;
      }
      case 'ArrayExpression':
        return { kind: 'list', items: parts.map(inner) };
      case 'ObjectExpression':
        return this.#object(parts, depth);
      case 'ParenthesizedExpression':
      case 'AwaitExpression':
        return inner(parts.at(-1));
      case 'BinaryExpression': {
        const operator = this.#source(parts[1] ?? node);
        if (operator === 'as' || operator === 'satisfies') return inner(parts[0]);
        if (operator !== '||' && operator !== '??') return unknown;
        // A variable of the build that is not set there.
        const first = inner(parts[0]);
        return first.kind === 'unknown' ? inner(parts[2]) : first;
      }
      case 'CallExpression':
      case 'NewExpression':
        return this.#call(node, depth);
      case 'ArrowFunction':
      case 'FunctionExpression':
      case 'FunctionDeclaration':
        return this.#returned(node, depth);
      default:
        return unknown;
    }
  }

  #object(properties: readonly SyntaxNode[], depth: number): Value {
    const entries = new Map<string, Value>();
    for (const property of properties) {
      const parts = partsOf(property);
      const [key, value] = parts;
      if (key?.name === 'Spread') {
        const spread = this.value(value, depth + 1);
        if (spread.kind === 'object') for (const [name, said] of spread.entries) entries.set(name, said);
      } else if (key?.name === 'String') {
        entries.set(this.#string(key), this.value(value, depth + 1));
      } else if (key?.name === 'PropertyDefinition') {
        const name = this.#source(key);
        const shorthand = childrenOf(property).length === 1;
        entries.set(name, this.value(shorthand ? this.#names.get(name) : value, depth + 1));
      }
    }
    return { kind: 'object', entries };
  }

  // Objects that several `return`s give are laid over each other: which one counts is known to a run only.
  #returned(node: SyntaxNode, depth: number): Value {
    const body = partsOf(node).at(-1);
    if (body?.name !== 'Block') return this.value(body, depth + 1);
    const entries = new Map<string, Value>();
    const visit = (child: SyntaxNode): void => {
      if (/Function|Class|Method/.test(child.name)) return;
      if (child.name === 'ReturnStatement') {
        const returned = this.#configOf(this.value(partsOf(child)[1], depth + 1));
        if (returned.kind === 'object') for (const [name, said] of returned.entries) entries.set(name, said);
      } else for (const next of childrenOf(child)) visit(next);
    };
    visit(body);
    return { kind: 'object', entries };
  }

  #call(node: SyntaxNode, depth: number): Value {
    const parts = partsOf(node).filter(({ name }) => name !== 'new');
    const callee = this.#source(parts[0] ?? node).replace(/\s+/g, '');
    const list = node.getChild('ArgList');
    const args = list ? partsOf(list).map((arg) => this.value(arg, depth + 1)) : [];
    if (/^(?:path\w*\.)?(?:posix\.)?join$/.test(callee)) return joined(args, false);
    // What runs the build runs it in the folder of its config.
    if (/^(?:path\w*\.)?(?:posix\.)?resolve$/.test(callee)) return joined(args, true);
    if (callee === 'process.cwd') return { kind: 'path', value: '' };
    if (/^(?:path\w*\.)?dirname$/.test(callee) && this.#source(node).includes('import.meta.url'))
      return { kind: 'path', value: '' };
    if (callee === 'URL') return args[0]?.kind === 'string' ? { kind: 'path', value: args[0].value } : unknown;
    if (/^(?:url\.)?fileURLToPath$/.test(callee)) return args[0]?.kind === 'path' ? args[0] : unknown;
    return { kind: 'call', callee, args };
  }

  /** `defineConfig(x)`, `withPlugin(options)(x)`: the object that is handed through; the last one is the most particular. */
  #configOf(value: Value): Value {
    if (value.kind !== 'call') return value;
    const objects = value.args.map((arg) => this.#configOf(arg)).filter(({ kind }) => kind === 'object');
    return objects.at(-1) ?? unknown;
  }

  config(): JavaScriptConfig {
    return { exported: this.#configOf(this.value(this.exported)), imports: this.imports };
  }
}

const joined = (args: readonly Value[], isResolved: boolean): Value => {
  const texts: string[] = [];
  let fromFile = isResolved;
  for (const arg of args) {
    if (arg.kind === 'path') fromFile = true;
    else if (arg.kind !== 'string') return unknown;
    texts.push(arg.value);
  }
  const value = joinPath(...texts);
  return fromFile ? { kind: 'path', value } : { kind: 'string', value };
};

/** A config file in JavaScript or TypeScript; a broken one gives what can be read of it. */
export const readJavaScript = (text: string): JavaScriptConfig => new Reader(text).config();

/** Where a path of a config leads, from the root of the project; undefined for one that is not known or absolute. */
export const pathOf = (value: Value | undefined, configFolder: string, base = configFolder): string | undefined => {
  if (value?.kind !== 'string' && value?.kind !== 'path') return undefined;
  if (value.value.startsWith('/')) return undefined;
  return normalisePath(joinPath(value.kind === 'path' ? configFolder : base, value.value));
};
