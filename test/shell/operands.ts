import { kindOf, type Node, nodeOf, nodes, type Parsed } from './parsed.ts';

/** What a value is made of: text from somewhere, or something that can be looked up. */
export type Operand =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'command'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string };

/** Set by bash itself, to numbers. */
const numeric = new Set(['#', '?', '$', '!', 'SECONDS', 'PIPESTATUS', 'EUID', 'UID', 'LINENO']);
const text = (of: string): readonly Operand[] => [{ kind: 'text', text: of }];

const ofParameter = (script: Parsed, node: Node): readonly Operand[] => {
  const name = (nodeOf(node.Param)?.Value ?? '') as string;
  if (node.Length === true) return [];
  if (node.Excl === true || nodeOf(node.Slice) !== undefined || nodeOf(node.Repl) !== undefined)
    return text(script.text(node));
  if (numeric.has(name)) return [];
  if (/^[\d@*]/.test(name)) return text(script.text(node));
  const instead = nodeOf(node.Exp);
  if (instead === undefined) return [{ kind: 'variable', name }];
  if (!/^\$\{\w+(\[[^\]]*\])?:?-/.test(script.text(node))) return text(script.text(node));
  const word = nodeOf(instead.Word);
  return [{ kind: 'variable', name }, ...(word === undefined ? [] : ofWord(script, word))];
};

const ofPart = (script: Parsed, part: Node, literal: RegExp): readonly Operand[] => {
  switch (kindOf(part)) {
    case 'Lit':
    case 'SglQuoted': {
      const value = part.Value as string;
      if (/^(?:-?\d*|0x[\da-f]+)$/.test(value) || numeric.has(value)) return [];
      return literal.test(value) ? [{ kind: 'variable', name: value }] : text(value);
    }
    case 'DblQuoted':
      return nodes(part.Parts).flatMap((inner) => ofPart(script, inner, /^(?!)/));
    case 'ParamExp':
      return ofParameter(script, part);
    // Looked at where it stands.
    case 'ArithmExp':
      return [];
    case 'CmdSubst':
      return [{ kind: 'command', text: script.text(part).slice(2, -1).trim() }];
    default:
      return text(script.text(part));
  }
};

/** Of a word that is to be a number, as in `x=WORD` or `[[ WORD -lt 3 ]]`. */
export const ofWord = (script: Parsed, word: Node, literal = /^(?!)/): readonly Operand[] =>
  nodes(word.Parts).flatMap((part) => ofPart(script, part, literal));

/** Of an expression that bash computes: a bare name is a variable there. */
export const ofArithmetic = (script: Parsed, node: Node | undefined): readonly Operand[] => {
  if (node === undefined) return [];
  switch (kindOf(node)) {
    case 'Word':
      return ofWord(script, node, /^[A-Za-z_]\w*$/);
    case 'BinaryArithm':
      return [...ofArithmetic(script, nodeOf(node.X)), ...ofArithmetic(script, nodeOf(node.Y))];
    default:
      return ofArithmetic(script, nodeOf(node.X));
  }
};
