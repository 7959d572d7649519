import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';
import { joinPath } from '../../read/paths.ts';
import type { Python } from '../../read/python.ts';
import { childrenOf } from '../../read/syntaxTree.ts';
import { type CodePath, joinCodePaths, parentOf } from './codePath.ts';
import type { Context } from './context.ts';
import { definitionOf } from './definitions.ts';

// Longer than any chain of `.parent` and constants that is written by hand.
const deepest = 24;

const argsOf = (node: SyntaxNode | null | undefined): SyntaxNode[] =>
  node ? childrenOf(node).filter(({ name }) => !['(', ')', ',', 'Comment', '⚠'].includes(name)) : [];

const stringOf = (source: string): CodePath | undefined => {
  const [, path] = /^[rRuU]?("""|'''|"|')([\s\S]*)\1$/.exec(source)?.slice(1) ?? [];
  return path === undefined ? undefined : { from: 'cwd', path };
};

/** Where an expression stands; `text` is its source, of which the nodes are. */
type Location = { readonly module: Python; readonly within: readonly string[]; readonly text: string };

const sourceOf = ({ text }: Location, node: SyntaxNode): string => text.slice(node.from, node.to);

/** Finds the path that an expression means, through the names of the project; it runs nothing, and gives up at a bound. */
export class PathEvaluator {
  readonly #context: Context;
  #left = 200;

  constructor(context: Context) {
    this.#context = context;
  }

  evaluate(module: Python, text: string, within: readonly string[], depth: number): CodePath | undefined {
    this.#left -= 1;
    if (depth > deepest || this.#left < 0 || text.length > 500) return undefined;
    const statement = parser.parse(`(${text})`).topNode.firstChild?.firstChild;
    const inner = statement && childrenOf(statement).find(({ name }) => name !== '(');
    return inner ? this.#node({ module, within, text: `(${text})` }, inner, depth) : undefined;
  }

  #node(location: Location, node: SyntaxNode | undefined, depth: number): CodePath | undefined {
    if (node === undefined || depth > deepest) return undefined;
    switch (node.name) {
      case 'String':
        return stringOf(sourceOf(location, node));
      case 'FormatString':
        return this.#format(location, node, depth);
      case 'ParenthesizedExpression':
        return this.#node(location, childrenOf(node)[1], depth + 1);
      case 'BinaryExpression':
        return this.#operation(location, node, depth);
      case 'VariableName':
        return sourceOf(location, node) === '__file__'
          ? { from: 'file', path: location.module.path }
          : this.#name(location, sourceOf(location, node), depth);
      case 'MemberExpression':
        return this.#member(location, node, depth);
      case 'CallExpression':
        return this.#call(location, node, depth);
      default:
        return undefined;
    }
  }

  /** `f"{base}/static"` */
  #format(location: Location, node: SyntaxNode, depth: number): CodePath | undefined {
    const [, name, rest] = /^\{([\w.]+)\}([^{}]*)$/.exec(sourceOf(location, node).slice(2, -1)) ?? [];
    const base = name && this.#name(location, name, depth);
    if (!base || rest === undefined) return undefined;
    return { ...base, path: `${base.path}${base.path === '' ? rest.replace(/^\//, '') : rest}` };
  }

  /** `base / "static"`, `base + "/static"`, `given or base` */
  #operation(location: Location, node: SyntaxNode, depth: number): CodePath | undefined {
    const [first, second, third] = childrenOf(node);
    const value = (of: SyntaxNode | undefined) => this.#node(location, of, depth + 1);
    const operator = second ? sourceOf(location, second) : '';
    if (operator === '/') return joinCodePaths([value(first), value(third)]);
    if (operator === 'or') return value(first) ?? value(third);
    const [left, right] = [value(first), value(third)];
    return operator === '+' && left && right?.from === 'cwd'
      ? { ...left, path: joinPath(left.path, right.path.replace(/^\//, '')) }
      : undefined;
  }

  /** `base.parent`, `base.parents[1]`, `settings.folder` */
  #member(location: Location, node: SyntaxNode, depth: number): CodePath | undefined {
    const children = childrenOf(node);
    const [first, second, third] = children;
    const value = (of: SyntaxNode | undefined) => this.#node(location, of, depth + 1);
    if (sourceOf(location, children.at(-1) ?? node) === 'parent') return parentOf(value(first));
    if (second?.name === '[' && third?.name === 'Number' && first?.name === 'MemberExpression') {
      const levels = Number(sourceOf(location, third)) + 1;
      return sourceOf(location, first).endsWith('.parents') ? parentOf(value(childrenOf(first)[0]), levels) : undefined;
    }
    const dotted = sourceOf(location, node);
    return /^[\w.]+$/.test(dotted) ? this.#name(location, dotted, depth) : undefined;
  }

  /** `Path(base)`, `os.path.join(base, "static")`, `base.resolve()`, `os.getenv("FOLDER", "static")` */
  #call(location: Location, node: SyntaxNode, depth: number): CodePath | undefined {
    const [first, list] = childrenOf(node);
    const value = (of: SyntaxNode | undefined) => this.#node(location, of, depth + 1);
    const callee = first ? sourceOf(location, first).replace(/\s+/g, '') : '';
    const args = argsOf(list);
    if (/^(?:[\w.]*\.)?(?:Pure)?Path$/.test(callee) || callee === 'os.path.join' || callee === 'join')
      return args.length === 0 ? { from: 'cwd', path: '' } : joinCodePaths(args.map(value));
    if (/^(?:os\.path\.|path\.)?dirname$/.test(callee)) return parentOf(value(args[0]));
    if (/^(?:str|(?:os\.path\.|path\.)?(?:abspath|realpath|normpath)|os\.fspath)$/.test(callee)) return value(args[0]);
    if (/^(?:[\w.]*\.)?(?:cwd|getcwd)$/.test(callee)) return { from: 'cwd', path: '' };
    const object = first?.name === 'MemberExpression' ? childrenOf(first)[0] : undefined;
    if (/\.(?:resolve|absolute|as_posix|expanduser)$/.test(callee)) return value(object);
    if (/\.joinpath$/.test(callee)) return joinCodePaths([object, ...args].map(value));
    // A variable that is not set: its default.
    if (!/(?:^|\.)(?:getenv|get|config|Field)$/.test(callee)) return undefined;
    const words = list ? childrenOf(list) : [];
    const named = words.findIndex((child) => sourceOf(location, child) === 'default');
    const preset = named === -1 ? undefined : words[named + 2];
    return value(preset ?? args[callee.endsWith('Field') ? 0 : 1]);
  }

  #name({ module, within }: Location, name: string, depth: number): CodePath | undefined {
    const definition = definitionOf(this.#context, module, name, within);
    if (definition?.kind !== 'value' || definition.assignment.value === undefined) return undefined;
    const { value, within: scope } = definition.assignment;
    return this.evaluate(definition.module, value.text, scope, depth + 1);
  }
}
