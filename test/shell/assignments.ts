import { type Operand, ofArithmetic, ofWord } from './operands.ts';
import { each, kindOf, type Node, nodeOf, nodes, type Parsed } from './parsed.ts';

/** What a variable gets, and in which function. */
export type Assignment = { readonly name: string; readonly inside: string; readonly operands: readonly Operand[] };
export type Names = {
  readonly assignments: readonly Assignment[];
  /** FUNCTION:NAME of what is local. */
  readonly locals: ReadonlySet<string>;
  /** Arrays whose subscripts are text. */
  readonly associative: ReadonlySet<string>;
};

const unknown: readonly Operand[] = [{ kind: 'text', text: 'what is read' }];

const ofAssign = (script: Parsed, node: Node): readonly Operand[] => {
  const list = nodeOf(node.Array);
  if (list !== undefined)
    return nodes(list.Elems).flatMap((element) => {
      const value = nodeOf(element.Value);
      return value === undefined ? [] : ofWord(script, value);
    });
  const value = nodeOf(node.Value);
  return value === undefined ? [] : ofWord(script, value);
};

/** Names that a command sets: `read`, `mapfile`, `printf -v`, and `number` of lib.sh, which is the way to a number. */
const ofCommand = (script: Parsed, node: Node): readonly Omit<Assignment, 'inside'>[] => {
  const words = nodes(node.Args).map((word) => script.text(word));
  const [command = '', ...rest] = words;
  const names = (from: number): string[] => rest.slice(from).filter((word) => /^[A-Za-z_]\w*$/.test(word));
  if (command === 'read') return names(0).map((name) => ({ name, operands: unknown }));
  if (command === 'mapfile') return names(0).map((name) => ({ name, operands: unknown }));
  if (command === 'number')
    return names(0)
      .slice(0, 1)
      .map((name) => ({ name, operands: [] }));
  if (command === 'printf' && rest[0] === '-v')
    return names(1)
      .slice(0, 1)
      .map((name) => ({ name, operands: /^'?%d'?$/.test(rest[2] ?? '') ? [] : unknown }));
  return [];
};

/** All that gives a variable its value, in a script. */
export const namesIn = (script: Parsed): Names => {
  const assignments: Assignment[] = [];
  const locals = new Set<string>();
  const associative = new Set<string>();
  each(script.root, (node, kind, inside) => {
    const set = (name: unknown, operands: readonly Operand[]) =>
      typeof name === 'string' && assignments.push({ name, inside, operands });
    if (kind === 'Assign' && node.Naked !== true) set(nodeOf(node.Name)?.Value, ofAssign(script, node));
    if (kind === 'DeclClause') {
      const flags = nodes(node.Args).map((one) => script.text(one));
      for (const one of nodes(node.Args)) {
        const name = nodeOf(one.Name)?.Value as string | undefined;
        if (name === undefined) continue;
        if (inside !== '') locals.add(`${inside}:${name}`);
        if (flags.includes('-A')) associative.add(name);
      }
    }
    if (kind === 'CallExpr') for (const { name, operands } of ofCommand(script, node)) set(name, operands);
    if (kind === 'WordIter')
      set(
        nodeOf(node.Name)?.Value,
        nodeOf(node.Items) === undefined || nodes(node.Items).length === 0
          ? unknown
          : nodes(node.Items).flatMap((word) => ofWord(script, word)),
      );
    if (kind === 'BinaryArithm') {
      const [left, right] = [nodeOf(node.X), nodeOf(node.Y)];
      if (left && right && kindOf(left) === 'Word' && /^[-+*/%&|^]?=$/.test(script.between(left, right)))
        set(script.text(left), ofArithmetic(script, right));
    }
  });
  return { assignments, locals, associative };
};
