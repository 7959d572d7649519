import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';
import { folderOf, isBelow, joinPath, normalisePath } from '../../read/paths.ts';
import type { Expression, Python } from '../../read/python.ts';
import type { Context } from './context.ts';
import { definitionOf } from './definitions.ts';

/** `file`: from the root of the project, as the code leads there from its own file; `cwd`: relative to where the app is run. */
type CodePath = { readonly from: 'file' | 'cwd'; readonly path: string };

// Longer than any chain of `.parent` and constants that is written by hand.
const deepest = 24;

const childrenOf = (node: SyntaxNode): SyntaxNode[] => {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
};
const argsOf = (node: SyntaxNode | null | undefined): SyntaxNode[] =>
  node ? childrenOf(node).filter(({ name }) => !['(', ')', ',', 'Comment', '⚠'].includes(name)) : [];

const join = (parts: readonly (CodePath | undefined)[]): CodePath | undefined => {
  let whole: CodePath | undefined;
  for (const part of parts) {
    if (part === undefined) return undefined;
    if (whole === undefined || part.from === 'file' || part.path.startsWith('/')) whole = part;
    else whole = { from: whole.from, path: joinPath(whole.path, part.path) };
  }
  return whole;
};

// '.' is a folder: its parent is '..'.
const up = (path: CodePath | undefined, levels = 1): CodePath | undefined => {
  let result = path && { ...path, path: path.from === 'file' ? normalisePath(path.path) : path.path };
  for (let level = 0; level < levels && result; level += 1) {
    result = { ...result, path: result.from === 'file' ? folderOf(result.path) : joinPath(result.path, '..') };
  }
  return result;
};

class Evaluator {
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
    return inner ? this.#node(module, `(${text})`, inner, within, depth) : undefined;
  }

  #node(
    module: Python,
    text: string,
    node: SyntaxNode,
    within: readonly string[],
    depth: number,
  ): CodePath | undefined {
    if (depth > deepest) return undefined;
    const source = (of: SyntaxNode) => text.slice(of.from, of.to);
    const value = (of: SyntaxNode | undefined) => of && this.#node(module, text, of, within, depth + 1);
    const children = childrenOf(node);
    const [first, second, third] = children;
    switch (node.name) {
      case 'String': {
        const [, path] = /^[rRuU]?("""|'''|"|')([\s\S]*)\1$/.exec(source(node))?.slice(1) ?? [];
        return path === undefined ? undefined : { from: 'cwd', path };
      }
      case 'FormatString': {
        const body = source(node).slice(2, -1);
        const [, name, rest] = /^\{([\w.]+)\}([^{}]*)$/.exec(body) ?? [];
        const base = name && this.#name(module, name, within, depth);
        return base && rest !== undefined
          ? { ...base, path: `${base.path}${base.path === '' ? rest.replace(/^\//, '') : rest}` }
          : undefined;
      }
      case 'ParenthesizedExpression':
        return value(second);
      case 'BinaryExpression': {
        const operator = second ? source(second) : '';
        if (operator === '/') return join([value(first), value(third)]);
        if (operator === 'or') return value(first) ?? value(third);
        const [left, right] = [value(first), value(third)];
        return operator === '+' && left && right?.from === 'cwd'
          ? { ...left, path: joinPath(left.path, right.path.replace(/^\//, '')) }
          : undefined;
      }
      case 'VariableName':
        return source(node) === '__file__'
          ? { from: 'file', path: module.path }
          : this.#name(module, source(node), within, depth);
      case 'MemberExpression': {
        const name = source(children.at(-1) ?? node);
        if (name === 'parent') return up(value(first));
        if (second?.name === '[' && third?.name === 'Number' && first?.name === 'MemberExpression') {
          const object = childrenOf(first)[0];
          return source(first).endsWith('.parents') ? up(value(object), Number(source(third)) + 1) : undefined;
        }
        return /^[\w.]+$/.test(source(node)) ? this.#name(module, source(node), within, depth) : undefined;
      }
      case 'CallExpression': {
        const callee = first ? source(first).replace(/\s+/g, '') : '';
        const args = argsOf(second);
        if (/^(?:[\w.]*\.)?(?:Pure)?Path$/.test(callee) || callee === 'os.path.join' || callee === 'join')
          return args.length === 0 ? { from: 'cwd', path: '' } : join(args.map(value));
        if (/^(?:os\.path\.|path\.)?dirname$/.test(callee)) return up(value(args[0]));
        if (/^(?:str|(?:os\.path\.|path\.)?(?:abspath|realpath|normpath)|os\.fspath)$/.test(callee))
          return value(args[0]);
        if (/^(?:[\w.]*\.)?(?:cwd|getcwd)$/.test(callee)) return { from: 'cwd', path: '' };
        const object = first?.name === 'MemberExpression' ? childrenOf(first)[0] : undefined;
        if (/\.(?:resolve|absolute|as_posix|expanduser)$/.test(callee)) return value(object);
        if (/\.joinpath$/.test(callee)) return join([object, ...args].map(value));
        // A variable that is not set: its default.
        if (/(?:^|\.)(?:getenv|get|config|Field)$/.test(callee)) {
          const sign = second ? childrenOf(second).findIndex((child) => source(child) === 'default') : -1;
          const preset = second && sign !== -1 ? childrenOf(second)[sign + 2] : undefined;
          return value(preset ?? args[callee.endsWith('Field') ? 0 : 1]);
        }
        return undefined;
      }
      default:
        return undefined;
    }
  }

  #name(module: Python, name: string, within: readonly string[], depth: number): CodePath | undefined {
    const definition = definitionOf(this.#context, module, name, within);
    if (definition?.kind !== 'value' || definition.assignment.value === undefined) return undefined;
    const { assignment } = definition;
    return this.evaluate(definition.module, assignment.value?.text ?? '', assignment.within, depth + 1);
  }
}

/**
 * Folders or files of the project that an expression may mean, the most likely first: a relative one counts from where the app
 * is run, which is its folder or one between that and the module.
 */
export const pathsOf = (
  context: Context,
  module: Python,
  expression: Expression,
  within: readonly string[],
): readonly string[] => {
  const said = new Evaluator(context).evaluate(module, expression.text, within, 0);
  if (said === undefined || said.path.startsWith('/') || /^\.?\/?$/.test(said.path)) return [];
  if (said.from === 'file') return [normalisePath(said.path)];
  const bases = [context.root];
  for (let folder = folderOf(module.path); folder !== context.root && isBelow(folder, context.root); ) {
    bases.splice(1, 0, folder);
    folder = folderOf(folder);
  }
  return bases.map((base) => normalisePath(joinPath(base, said.path)));
};
