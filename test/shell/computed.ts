import { type Operand, ofArithmetic, ofWord } from './operands.ts';
import { each, type Node, nodeOf, nodes, type Parsed } from './parsed.ts';

/** Functions of ours that print a number and nothing else: what each echoes is looked at. */
export const numberFunctions: readonly string[] = [
  'size_of',
  'free_kib',
  'days_of',
  'age_of',
  'days_left',
  'replicas',
  'free_in_volume',
  'room_for',
  'archive_size',
  'second_of',
];

/** What bash computes at one place. */
export type Computed = {
  readonly line: number;
  readonly inside: string;
  readonly operands: readonly Operand[];
  readonly text: string;
  /** The array whose subscript it is: text, where that is associative. */
  readonly subscriptOf?: string;
};
type Place = Pick<Computed, 'operands' | 'subscriptOf'>;

const comparison = /^-(?:lt|le|gt|ge|eq|ne)$/;
const forbidden = (text: string): readonly Place[] => [{ operands: [{ kind: 'text', text }] }];

const subscript = (script: Parsed, name: unknown, index: Node | undefined): readonly Place[] =>
  index === undefined || /^[@*]$/.test(script.text(index))
    ? []
    : [{ operands: ofArithmetic(script, index), subscriptOf: name as string }];

const ofTest = (script: Parsed, node: Node): readonly Place[] => {
  const [left, right] = [nodeOf(node.X), nodeOf(node.Y)];
  if (!left || !right || !comparison.test(script.between(left, right))) return [];
  return [{ operands: [...ofWord(script, left), ...ofWord(script, right)] }];
};

const ofCall = (script: Parsed, node: Node, inside: string): readonly Place[] => {
  const words = nodes(node.Args);
  const [command = '', ...rest] = words.map((word) => script.text(word));
  if (/^(?:\[|test)$/.test(command))
    return words
      .filter((_, at) => comparison.test(rest[at] ?? '') || comparison.test(rest[at - 2] ?? ''))
      .map((word) => ({ operands: ofWord(script, word) }));
  if (command === 'echo' && numberFunctions.includes(inside))
    return words.slice(1).map((word) => ({ operands: ofWord(script, word) }));
  return [];
};

const at = (script: Parsed, node: Node, kind: string, inside: string): readonly Place[] => {
  const arithmetic = (...values: readonly unknown[]): readonly Place[] => [
    { operands: values.flatMap((value) => ofArithmetic(script, nodeOf(value))) },
  ];
  switch (kind) {
    case 'ArithmExp':
    case 'ArithmCmd':
      return arithmetic(node.X);
    case 'CStyleLoop':
      return arithmetic(node.Init, node.Cond, node.Post);
    case 'ParamExp': {
      const slice = nodeOf(node.Slice);
      return [
        ...subscript(script, nodeOf(node.Param)?.Value, nodeOf(node.Index)),
        ...(slice === undefined ? [] : arithmetic(slice.Offset, slice.Length)),
      ];
    }
    case 'Assign':
      return subscript(script, nodeOf(node.Name)?.Value, nodeOf(node.Index));
    case 'BinaryTest':
      return ofTest(script, node);
    case 'CallExpr':
      return ofCall(script, node, inside);
    case 'LetClause':
      return forbidden('let');
    // With -i bash computes each value, with -n it follows a name.
    case 'DeclClause':
      return nodes(node.Args).some((one) => /^-\w*[in]/.test(script.text(one))) ? forbidden(script.text(node)) : [];
    default:
      return [];
  }
};

/** All that bash computes in a script. */
export const computedIn = (script: Parsed): readonly Computed[] => {
  const found: Computed[] = [];
  each(script.root, (node, kind, inside) => {
    for (const place of at(script, node, kind, inside))
      if (place.operands.length > 0)
        found.push({ ...place, line: node.Pos().Line(), inside, text: script.text(node).split('\n')[0] ?? '' });
  });
  return found;
};
